import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FaultError } from "../types";
import type { OutsideAnswer, OutsideRequest, OutsideService, Taken } from "./service";

/** Header of a redirected request that holds the URL it was sent to. */
export const URL_HEADER = "x-tocsin-url";
const TRACE_HEADER = "x-amzn-trace-id";

/** Headers of the connection between a function's worker and here. */
const OURS = new Set(["connection", "content-length", "host", "keep-alive", "transfer-encoding", URL_HEADER, TRACE_HEADER]);

export interface OutsideParts {
  readonly services: readonly OutsideService[];
  /** The fault that a request runs into, if it does. */
  readonly faultOf: (service: string, operation: string | undefined) => FaultError | undefined;
  /** Hears once of each host that nobody stands for. */
  readonly note: (text: string) => void;
}

type Listener = (taken: Taken, trace: string | undefined) => void;

/** Stands for the internet: functions' requests to hosts that are not AWS's end here. */
export class Outside {
  readonly #server: Server;
  readonly #listeners: Listener[] = [];
  /** URL of this server; empty until it listens. */
  url = "";

  constructor(private readonly parts: OutsideParts) {
    this.#server = createServer((incoming, outgoing) => void this.#serve(incoming, outgoing));
    // As at the gateway: connections outlive virtual days.
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Calls back with all that a service took, and the trace of the invocation that sent it. */
  onTaken(listener: Listener): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const request = await read(incoming);
      const service = request && (await this.#serviceOf(request.url));
      if (request !== undefined && service !== undefined) {
        const trace = incoming.headers[TRACE_HEADER];
        write(outgoing, await this.#answer(service, request, typeof trace === "string" ? trace : undefined));
        return;
      }
    } catch (error) {
      this.parts.note(`the sandbox failed to answer a request to the internet: ${(error as Error).message}`);
    }
    // There is nobody: to the function it looks like a host that cannot be reached.
    incoming.socket.destroy();
  }

  async #serviceOf(url: URL): Promise<OutsideService | undefined> {
    for (const service of url.protocol === "https:" && url.port === "" ? this.parts.services : []) {
      if (await service.hasHost(url.hostname)) {
        return service;
      }
    }
    // The path may be a secret.
    this.parts.note(`the sandbox does not emulate ${url.origin}: a function could not reach it`);
    return undefined;
  }

  async #answer(service: OutsideService, request: OutsideRequest, trace: string | undefined): Promise<OutsideAnswer> {
    const fault = this.parts.faultOf(service.name, service.operationOf(request));
    if (fault !== undefined) {
      return service.failure(fault, request);
    }
    const { answer, taken } = await service.answer(request);
    if (taken !== undefined) {
      for (const listener of this.#listeners) {
        listener(taken, trace);
      }
    }
    return answer;
  }
}

async function read(incoming: IncomingMessage): Promise<OutsideRequest | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  const href = incoming.headers[URL_HEADER];
  if (typeof href !== "string" || !URL.canParse(href)) {
    return undefined;
  }
  const headers = Object.entries(incoming.headers)
    .filter(([name]) => !OURS.has(name))
    .map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]);
  return { method: incoming.method ?? "GET", url: new URL(href), headers: Object.fromEntries(headers), body: Buffer.concat(chunks) };
}

function write(outgoing: ServerResponse, { status, headers, body }: OutsideAnswer): void {
  const type = typeof body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
  const content = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  // Nobody is to set a clock by the real date.
  outgoing.sendDate = false;
  outgoing.writeHead(status, { "content-type": type, "content-length": content.length, ...headers });
  outgoing.end(content);
}
