import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that arrived. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What to answer. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the body never ends. Default: it does. */
  readonly hangs?: boolean;
}

/** What to answer to the nth request, counted from 1; nothing at all: no answer ever comes. */
export type Answering = (nth: number) => Reply | undefined;

/** A real server on this machine. `close` ends its connections, too. */
export async function httpServer(answer: (request: IncomingMessage, body: string) => Reply | undefined) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const reply = answer(request, Buffer.concat(chunks).toString());
    if (reply !== undefined) {
      response.writeHead(reply.status, reply.headers);
      if (reply.hangs === true) {
        response.write(reply.body ?? " ");
      } else {
        response.end(reply.body);
      }
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
