import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ObservedCall, type ServiceCall, ServiceError, type ServiceHandler } from "../types";
import { UsageError } from "../usage-error";
import { contentOf, errorAnswer, handlerAnswer, type RawAnswer } from "./answer";
import type { Emulator } from "./emulator";
import type { Faults } from "./faults";
import type { Iam } from "./iam";
import { type Known, permissionsOf } from "./iam-actions";
import { type RawRequest, type Understood, understand } from "./request";
import { type Session, type Sessions, sessionArn } from "./sessions";

/** How EC2 says that a role's session is over, and how the others do. */
const EXPIRED: Readonly<Record<string, string>> = { ec2: "RequestExpired" };

/** Larger than any request of AWS but an upload to S3. */
const MOST_BYTES = 64 * 1024 * 1024;

/** How each service says that a call is refused. */
const REFUSALS: Readonly<Record<string, string>> = {
  s3: "AccessDenied",
  ec2: "UnauthorizedOperation",
  iam: "AccessDenied",
  sts: "AccessDenied",
  sns: "AuthorizationError",
};

export interface GatewayParts {
  /** Virtual time, milliseconds since the epoch. */
  readonly now: () => number;
  readonly sessions: Sessions;
  readonly faults: Faults;
  readonly iam: Iam;
  readonly emulator: Emulator;
  readonly known: Known;
  readonly progress: (text: string) => void;
  /** Sees every successful call, those of the sandbox itself too. */
  readonly learn: (call: ServiceCall, answer: unknown) => void;
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_BYTES) throw new ServiceError("RequestEntityTooLargeException", `a request may have ${MOST_BYTES} bytes at most`, 413);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

const headersOf = (incoming: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );

/** The HTTP server in front of everything: it understands each call, counts it, and has it answered. */
export class Gateway {
  readonly counters: Record<string, number> = {};
  readonly #handlers = new Map<string, ServiceHandler[]>();
  readonly #observers: ((observed: ObservedCall) => void)[] = [];
  readonly #server: Server;

  constructor(private readonly parts: GatewayParts) {
    this.#server = createServer((incoming, outgoing) => void this.#serve(incoming, outgoing));
    // The functions' SDK clients keep their connections; a virtual day must not cost them one.
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
  }

  /** Starts to listen on 127.0.0.1; resolves with the URL. */
  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", (error: NodeJS.ErrnoException) =>
        reject(
          error.code === "EADDRINUSE" || error.code === "EACCES"
            ? new UsageError(`Port ${port} cannot be used: ${error.code === "EACCES" ? "it is reserved" : "something else listens on it"}.`)
            : error,
        ),
      );
      this.#server.listen(port, "127.0.0.1", resolve);
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lets a handler take over the calls of a service. The handler that was added last is asked first. */
  handle(service: string, handler: ServiceHandler): void {
    this.#handlers.set(service, [handler, ...(this.#handlers.get(service) ?? [])]);
  }

  observe(listener: (observed: ObservedCall) => void): void {
    this.#observers.push(listener);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    let answer: RawAnswer;
    try {
      const raw: RawRequest = {
        method: incoming.method ?? "GET",
        target: incoming.url ?? "/",
        headers: headersOf(incoming),
        body: await bodyOf(incoming),
      };
      answer = await this.#answer(raw);
    } catch (error) {
      answer = errorAnswer("rest-json", this.#asServiceError(error));
    }
    if (outgoing.destroyed) return;
    // The SDK clients set their clocks by a Date header, and after a jump of the virtual clock would take every error for a skewed one and try again.
    outgoing.sendDate = false;
    outgoing.writeHead(answer.status, { ...answer.headers, "content-length": answer.body.length });
    outgoing.end(answer.body);
  }

  #asServiceError(error: unknown): ServiceError {
    if (error instanceof ServiceError) return error;
    this.parts.progress(`the sandbox failed to answer a call: ${(error as Error).stack ?? error}`);
    return new ServiceError("InternalFailure", (error as Error).message, 500);
  }

  async #answer(raw: RawRequest): Promise<RawAnswer> {
    const asked = understand(raw);
    const session = asked && this.parts.sessions.find(asked.accessKey);
    if (!asked || !session) {
      const message = "The security token included in the request is invalid.";
      return errorAnswer(asked?.protocol ?? "rest-json", new ServiceError("UnrecognizedClientException", message, 403));
    }
    const call: ServiceCall = {
      account: session.account,
      region: asked.region,
      service: asked.service,
      operation: asked.operation ?? "Unknown",
      principal: session.principal,
      input: asked.input,
      headers: raw.headers,
      sessionName: session.name,
      accessKeyId: asked.accessKey,
      ...(raw.headers["x-amzn-trace-id"] !== undefined && { trace: raw.headers["x-amzn-trace-id"] }),
    };
    let answer: RawAnswer;
    try {
      if (session.expires !== undefined && session.expires <= this.parts.now())
        throw new ServiceError(EXPIRED[asked.service] ?? "ExpiredToken", "The security token included in the request is expired", 403);
      if (!session.operator) await this.#admit(call);
      answer = await this.#perform(raw, asked, call, session);
    } catch (error) {
      const failure = this.#asServiceError(error);
      if (failure.code === "NotImplementedException") this.parts.progress(failure.message);
      answer = errorAnswer(asked.protocol, failure);
    }
    const content = contentOf(asked.protocol, answer);
    if (answer.status < 300) this.parts.learn(call, content);
    if (!session.operator) for (const observer of this.#observers) observer({ call, status: answer.status, answer: content });
    return answer;
  }

  /** Counts the call, lets it fail if it is to, and refuses what the caller may not do. */
  async #admit(call: ServiceCall): Promise<void> {
    const name = `${call.service}:${call.operation}`;
    this.counters[name] = (this.counters[name] ?? 0) + 1;
    const fault = this.parts.faults.take(call.service, call.operation);
    if (fault) throw fault;
    for (const { action, resource, tagged, ...permission } of permissionsOf(call, this.parts.known)) {
      const tags = tagged === undefined ? {} : await this.parts.known.tagsOf(call, tagged);
      const named = Object.entries(tags).flatMap(([key, value]) =>
        ["aws", call.service].map((prefix) => [`${prefix}:ResourceTag/${key}`, value]),
      );
      const context = { ...permission.context, ...Object.fromEntries(named) };
      const verdict = await this.parts.iam.decide({ principal: call.principal, action, resource, context });
      if (!verdict.allowed)
        throw new ServiceError(
          REFUSALS[call.service] ?? "AccessDeniedException",
          `User: ${sessionArn(call.principal, call.sessionName)} is not authorized to perform: ${action} on resource: ${resource} because ${verdict.because}`,
          403,
        );
    }
  }

  async #perform(raw: RawRequest, asked: Understood, call: ServiceCall, session: Session): Promise<RawAnswer> {
    for (const handler of this.#handlers.get(call.service) ?? []) {
      const answer = await handler(call);
      if (answer !== undefined) return handlerAnswer(asked.protocol, call.operation, answer);
    }
    return this.parts.emulator.forward(raw, asked, session.account);
  }
}
