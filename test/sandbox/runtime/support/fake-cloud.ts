import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Cloud, Denied, ServiceCall, ServiceHandler } from "../../../../sandbox/types";
import { ServiceError } from "../../../../sandbox/types";

/** Decides what principals may do; everything by default. */
export type Policy = (request: {
  principal: string;
  action: string;
  resource: string;
  context?: unknown;
  resourcePolicy?: unknown;
}) => boolean;

/** A cloud without an emulator: an HTTP gateway that hands calls to handlers, for JSON services and Lambda's Invoke. */
export class FakeCloud {
  readonly calls: ServiceCall[] = [];
  readonly denied: Denied[] = [];
  allows: Policy = () => true;
  endpoint = "";
  readonly #handlers = new Map<string, ServiceHandler>();
  readonly #server = createServer((incoming, outgoing) => void this.#serve(incoming, outgoing));

  static async start(): Promise<FakeCloud & Cloud> {
    const cloud = new FakeCloud();
    await new Promise<void>((resolve) => cloud.#server.listen(0, "127.0.0.1", resolve));
    cloud.endpoint = `http://127.0.0.1:${(cloud.#server.address() as AddressInfo).port}`;
    return cloud as unknown as FakeCloud & Cloud;
  }

  credentialsFor(roleArn: string): Promise<{ accessKeyId: string; secretAccessKey: string; sessionToken: string }> {
    return Promise.resolve({ accessKeyId: roleArn.replaceAll("/", "+"), secretAccessKey: "secret", sessionToken: "session" });
  }

  handle(service: string, handler: ServiceHandler): void {
    this.#handlers.set(service, handler);
  }

  handlerOf(service: string): ServiceHandler | undefined {
    return this.#handlers.get(service);
  }

  authorize(request: { principal: string; action: string; resource: string }): Promise<boolean> {
    const allowed = this.allows(request);
    if (!allowed) {
      this.deny(request);
    }
    return Promise.resolve(allowed);
  }

  deny({ principal, action, resource }: Denied): void {
    this.denied.push({ principal, action, resource });
  }

  /** Asks a handler directly, without HTTP. */
  ask(call: Omit<ServiceCall, "headers">): Promise<unknown> {
    return this.#handlers.get(call.service)?.({ ...call, headers: {} }) ?? Promise.resolve(undefined);
  }

  /** Names of the calls so far, `service:Operation`. */
  get names(): string[] {
    return this.calls.map(({ service, operation }) => `${service}:${operation}`);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) {
      chunks.push(chunk as Buffer);
    }
    const [, principal = "", region = "", service = ""] =
      /Credential=(.+?)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(incoming.headers.authorization ?? "") ?? [];
    const call = read(incoming, Buffer.concat(chunks), principal.replaceAll("+", "/"), region, service);
    this.calls.push(call);
    try {
      const answer = await this.#handlers.get(service)?.(call);
      if (answer === undefined) {
        throw new ServiceError("UnknownOperationException", `nobody answers ${service}:${call.operation}`, 404);
      }
      const body = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
      outgoing.writeHead(answer.status ?? 200, { "content-type": "application/x-amz-json-1.0", ...answer.headers }).end(body);
    } catch (error) {
      const { code, message, status } = error instanceof ServiceError ? error : new ServiceError("InternalFailure", String(error), 500);
      outgoing
        .writeHead(status, { "content-type": "application/x-amz-json-1.0", "x-amzn-errortype": code })
        .end(JSON.stringify({ __type: code, message }));
    }
  }
}

function read(incoming: IncomingMessage, body: Buffer, principal: string, region: string, service: string): ServiceCall {
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
  const trace = headers["x-amzn-trace-id"];
  const invoked = /\/functions\/([^/]+)\/invocations/.exec(incoming.url ?? "")?.[1];
  return {
    account: principal.split(":")[4] ?? "",
    region,
    service,
    principal,
    operation: invoked === undefined ? (headers["x-amz-target"]?.split(".").at(-1) ?? "") : "Invoke",
    input:
      invoked === undefined
        ? (JSON.parse(body.toString() || "{}") as Record<string, unknown>)
        : { FunctionName: decodeURIComponent(invoked), InvocationType: headers["x-amz-invocation-type"], Payload: body },
    headers,
    ...(trace === undefined ? {} : { trace }),
  };
}
