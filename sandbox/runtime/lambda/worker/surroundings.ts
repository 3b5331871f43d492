import dns from "node:dns";
import Module, { createRequire } from "node:module";
import { join } from "node:path";

/** Calls back with each line that the function writes. */
export function captureOutput(onLine: (text: string) => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    let rest = "";
    stream.write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const lines = (rest + (typeof chunk === "string" ? chunk : Buffer.from(chunk).toString())).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(onLine);
      const callback = typeof encoding === "function" ? encoding : done;
      if (typeof callback === "function") {
        process.nextTick(callback as () => void);
      }
      return true;
    };
  }
}

/** Names that some API calls put before the endpoint's (`sync-127.0.0.1`, `bucket.localhost`), which no resolver knows. */
const LOOPBACK = /(?:^|[.-])(?:127\.0\.0\.1|localhost)$/;

/** Whether a host name (as a URL has it) is the loopback address or resolves to it here. */
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname) || hostname === "[::1]" || hostname === "::1";

type Lookup = (hostname: string, options: unknown, callback?: unknown) => void;

/** Makes every name that ends in the loopback address resolve to it, and no other name to anything: no function reaches the internet by a socket of its own. */
export function resolveLoopbackOnly(): void {
  const original = dns.lookup as Lookup;
  const lookup: Lookup = (hostname, options, callback) => {
    const answer = typeof options === "function" ? options : callback;
    if (typeof answer !== "function") {
      original(hostname, options, callback);
    } else if (!LOOPBACK.test(hostname)) {
      const error = Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: "ENOTFOUND", syscall: "getaddrinfo", hostname });
      process.nextTick(() => answer(error));
    } else {
      const all = typeof options === "object" && options !== null && "all" in options && options.all === true;
      process.nextTick(() => (all ? answer(null, [{ address: "127.0.0.1", family: 4 }]) : answer(null, "127.0.0.1", 4)));
    }
  };
  Object.assign(dns, { lookup });
}

/** Lambda's Node runtimes bring the AWS SDK along: an archive need not hold it. */
export function bringSdk(directory: string): void {
  const loader = Module as unknown as { _resolveFilename(request: string, ...rest: unknown[]): string };
  const original = loader._resolveFilename.bind(loader);
  const fallback = createRequire(join(directory, "package.json"));
  loader._resolveFilename = (request, ...rest) => {
    try {
      return original(request, ...rest);
    } catch (error) {
      if (/^@(?:aws-sdk|smithy)\//.test(request)) {
        return fallback.resolve(request);
      }
      throw error;
    }
  };
}

/** `Math.random` that gives the same numbers in every run (mulberry32): the SDK's retry jitter depends on it. */
export function seedRandom(seed: number): void {
  let state = seed >>> 0;
  Math.random = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
