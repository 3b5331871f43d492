import http from "node:http";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import { isLoopback } from "./surroundings";

/** Headers that tell the receiver what was asked, and by which invocation. */
const URL_HEADER = "x-tocsin-url";
const TRACE_HEADER = "x-amzn-trace-id";

const marks = (url: URL): Record<string, string> => ({
  [URL_HEADER]: url.href,
  ...(process.env._X_AMZN_TRACE_ID !== undefined && { [TRACE_HEADER]: process.env._X_AMZN_TRACE_ID }),
});

/**
 * Sends all that the function asks of other hosts than the sandbox's own to the sandbox's receiver instead. AWS is at the loopback address already
 * (AWS_ENDPOINT_URL), so that what is left is the internet, which no function of the sandbox ever reaches.
 * @param receiver URL of the receiver.
 */
export function redirectOutside(receiver: string): void {
  redirectFetch(receiver);
  const { request: overHttp } = http;
  const { request: overHttps } = https;
  replaceRequest(http, overHttp, overHttp, receiver);
  replaceRequest(https, overHttps, overHttp, receiver);
  // Modules that import by name see the replacements too.
  syncBuiltinESMExports();
}

function redirectFetch(receiver: string): void {
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (isLoopback(url.hostname)) {
      return original(request);
    }
    const headers = new Headers(request.headers);
    for (const [name, value] of Object.entries(marks(url))) {
      headers.set(name, value);
    }
    const { method, redirect, signal } = request;
    const body = request.body === null ? null : await request.arrayBuffer();
    const response = await original(receiver, { method, headers, body, redirect, signal });
    Object.defineProperty(response, "url", { value: url.href });
    return response;
  };
}

type Request = typeof http.request;
type Answered = (response: http.IncomingMessage) => void;

/** Gives `node:http` or `node:https` a `request` and a `get` that ask the receiver. */
function replaceRequest(
  module: typeof http | typeof https,
  original: Request | typeof https.request,
  overHttp: Request,
  receiver: string,
): void {
  const scheme = module === https ? "https:" : "http:";
  const request = (...parameters: unknown[]): http.ClientRequest => {
    const { hostname, address, options, answered } = readRequest(parameters, scheme);
    if (isLoopback(hostname)) {
      return (original as (...all: unknown[]) => http.ClientRequest)(...parameters);
    }
    const url = new URL(address);
    const { method, timeout, signal } = options;
    const headers = Object.fromEntries(Object.entries(options.headers ?? {}).filter(([name]) => name.toLowerCase() !== "host"));
    const redirected = {
      method,
      headers: { ...headers, ...marks(url) },
      ...(timeout !== undefined && { timeout }),
      ...(signal && { signal }),
    };
    return overHttp(receiver, redirected, answered);
  };
  const get = (...parameters: unknown[]): http.ClientRequest => request(...parameters).end();
  Object.assign(module, { request, get });
}

/** `request(url, options, answered)`, `request(url, answered)` or `request(options, answered)`. */
function readRequest(parameters: readonly unknown[], scheme: string) {
  const [first, second] = parameters;
  const isAddress = typeof first === "string" || first instanceof URL;
  const given = isAddress ? second : first;
  const options = (typeof given === "object" && given !== null ? given : {}) as https.RequestOptions;
  const answered = parameters.find((parameter): parameter is Answered => typeof parameter === "function");
  if (isAddress) {
    const { hostname, href } = new URL(first);
    return { hostname, address: href, options, answered };
  }
  const { protocol = scheme, port, path } = options;
  // Not read as a URL yet: `sync-127.0.0.1`, which the SDK makes, is none.
  const hostname = String(options.hostname ?? options.host ?? "localhost");
  return { hostname, address: `${protocol}//${hostname}${port ? `:${port}` : ""}${path ?? "/"}`, options, answered };
}
