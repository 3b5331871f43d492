import { type handleUnaryCall, Server, ServerCredentials, status } from "@grpc/grpc-js";

/** As the SDK's own channels: function archives travel inside messages, and a busy process may let a request wait. */
export const CHANNEL_OPTIONS = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
  "grpc.server_max_unrequested_time_in_server": 30 * 60,
} as const;

/** Says to the program that the engine ends: its SDK then stops without a message of its own. */
export class Terminating extends Error {}

/** Makes a gRPC method of an asynchronous function. */
export const method =
  <Request, Response>(answer: (request: Request) => Promise<Response> | Response): handleUnaryCall<Request, Response> =>
  (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) =>
          callback({
            code: error instanceof Terminating ? status.UNAVAILABLE : status.UNKNOWN,
            details: error instanceof Error ? error.message : String(error),
          }),
      );
  };

/** Answers what this engine does not offer. */
export const unsupported = <Request, Response>(what: string): handleUnaryCall<Request, Response> =>
  method<Request, Response>(() => {
    throw new Error(`${what} cannot be used here: the sandbox's engine does not offer them.`);
  });

/** A server on a free port of this machine only. */
export async function listen(server: Server): Promise<string> {
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return `127.0.0.1:${port}`;
}

export const createServer = (): Server => new Server(CHANNEL_OPTIONS);
