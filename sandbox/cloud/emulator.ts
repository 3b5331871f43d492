import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { ServiceError } from "../types";
import type { RawAnswer } from "./answer";
import { RepeatedReads } from "./repeated-reads";
import type { RawRequest, Understood } from "./request";

/** Headers that belong to one connection, or that are made anew. */
const OF_THE_CONNECTION = new Set([
  "connection",
  "content-length",
  "date",
  "expect",
  "host",
  "keep-alive",
  "server",
  "transfer-encoding",
  "x-amz-security-token",
]);

const passed = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.has(name)));

/** Sends requests on to the emulator, in the name of an account. */
export class Emulator {
  /** The emulator runs threads without locks: two conditional writes at once could both succeed. So each service has one call at a time. */
  readonly #last = new Map<string, Promise<unknown>>();

  readonly #reads = new RepeatedReads();

  constructor(private readonly endpoint: string) {}

  /** Answers what the emulator answers. Throws `ServiceError` if that is no answer of an AWS service. */
  async forward(raw: RawRequest, asked: Understood, account: string): Promise<RawAnswer> {
    const answer = await this.#reads.answer(raw, asked, account, () => this.#inTurn(raw, asked, account));
    // An error page is the emulator's own, for a route or an operation that it does not have.
    if (answer.status === 501 || (answer.status >= 400 && /^\s*(<!doctype html|<html)/i.test(answer.body.subarray(0, 64).toString("utf8"))))
      throw new ServiceError("NotImplementedException", `the sandbox cannot emulate ${asked.service}:${asked.operation ?? raw.target}`);
    return answer;
  }

  #inTurn(raw: RawRequest, asked: Understood, account: string): Promise<RawAnswer> {
    const before = this.#last.get(asked.service) ?? Promise.resolve();
    const sent = before.then(() => this.#send(raw, asked, account));
    this.#last.set(
      asked.service,
      sent.catch(() => {}),
    );
    return sent;
  }

  #send(raw: RawRequest, asked: Understood, account: string): Promise<RawAnswer> {
    const url = new URL(raw.target, this.endpoint);
    const headers = {
      ...passed(raw.headers),
      // Emulators take the account from an access key that is one; moto from its own header before that.
      authorization: (raw.headers.authorization ?? "").replace(asked.accessKey, account),
      "x-moto-account-id": account,
      "content-length": String(raw.body.length),
    };
    return new Promise((resolve, reject) => {
      const outgoing = (url.protocol === "https:" ? httpsRequest : httpRequest)(url, { method: raw.method, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () =>
          resolve({
            status: incoming.statusCode ?? 500,
            headers: passed(incoming.headers as Record<string, string>),
            body: Buffer.concat(chunks),
          }),
        );
      });
      outgoing.on("error", (error) => reject(new ServiceError("InternalFailure", `the emulator does not answer: ${error.message}`, 500)));
      outgoing.end(raw.body);
    });
  }
}
