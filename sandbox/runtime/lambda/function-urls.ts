import { type Cause, ServiceError, type UrlAnswer, type UrlRequest } from "../../types";
import type { Core } from "../core";
import { type Graph, isRecord } from "../graph";
import type { LambdaFunction } from "./function";
import type { Functions } from "./functions";
import type { Outcome } from "./instance";

/** Largest request and answer, in bytes: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MOST_BYTES = 6 * 1024 * 1024;

/** Where requests come from, as far as functions can see. */
const SOURCE_ADDRESS = "198.51.100.20";

interface ServedUrl {
  readonly host: string;
  readonly target: LambdaFunction;
  /** `NONE` or `AWS_IAM`. */
  readonly authorization: string;
}

/** The function URLs of the deployment: requests from the internet invoke functions. */
export class FunctionUrls {
  readonly #urls: ServedUrl[] = [];

  constructor(
    private readonly core: Core,
    private readonly functions: Functions,
  ) {}

  deploy(graph: Graph): void {
    for (const recorded of graph.of("aws:lambda/functionUrl")) {
      const target = this.functions.get(recorded.text("functionName"));
      this.#urls.push({ host: new URL(recorded.text("functionUrl")).host, target, authorization: recorded.text("authorizationType") });
    }
  }

  get all(): readonly string[] {
    return this.#urls.map(({ host }) => `https://${host}/`);
  }

  /**
   * Sends a request. The resource policy needs no look: with authorization `NONE` the provider grants `lambda:InvokeFunctionUrl`, and `lambda:InvokeFunction` to calls through the
   * URL, to everybody (note in `@pulumi/aws/lambda/functionUrl.d.ts`).
   */
  request(request: UrlRequest, cause: Cause): { readonly answer: Promise<UrlAnswer>; readonly trace: string } {
    const url = new URL(request.url);
    const served = this.#urls.find(({ host }) => host === url.host);
    if (served === undefined) {
      throw new ServiceError("NotFound", `${url.host} is no function URL of this stack`, 404);
    }
    const trace = this.core.traces.begin(cause);
    return { answer: this.#answer(served, url, request, trace), trace };
  }

  async #answer({ host, target, authorization }: ServedUrl, url: URL, request: UrlRequest, trace: string): Promise<UrlAnswer> {
    // Nobody here signs requests with AWS's signature.
    if (authorization !== "NONE") {
      return refusal(403, "Forbidden");
    }
    if (request.body.byteLength > MOST_BYTES) {
      return refusal(413, "Request Entity Too Large");
    }
    const event = this.#event(host, url, request, trace);
    const outcome = await target.invoke(JSON.stringify(event), this.core.traces.child(trace));
    return outcome.failure === undefined ? answerOf(outcome) : refusal(502, "Internal Server Error");
  }

  /** Payload format 2.0: https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads */
  #event(host: string, url: URL, { method, headers, body }: UrlRequest, trace: string): Readonly<Record<string, unknown>> {
    const now = this.core.clock.now();
    const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const { cookie, ...others } = given;
    const isText = isTextual(given["content-type"]);
    const query = [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name).join(",")]);
    return {
      version: "2.0",
      routeKey: "$default",
      rawPath: url.pathname,
      rawQueryString: url.search.slice(1),
      ...(cookie !== undefined && { cookies: cookie.split(/;\s*/) }),
      headers: {
        ...others,
        host,
        "content-length": String(body.byteLength),
        "x-amzn-trace-id": trace,
        "x-forwarded-for": SOURCE_ADDRESS,
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
      },
      ...(query.length > 0 && { queryStringParameters: Object.fromEntries(query) }),
      requestContext: {
        accountId: "anonymous",
        apiId: host.split(".")[0],
        domainName: host,
        domainPrefix: host.split(".")[0],
        http: {
          method,
          path: url.pathname,
          protocol: "HTTP/1.1",
          sourceIp: SOURCE_ADDRESS,
          userAgent: given["user-agent"] ?? "",
        },
        requestId: this.core.ids.uuid(),
        routeKey: "$default",
        stage: "$default",
        time: logTime(now),
        timeEpoch: now,
      },
      ...(body.byteLength > 0 && { body: Buffer.from(body).toString(isText ? "utf8" : "base64") }),
      isBase64Encoded: body.byteLength > 0 && !isText,
    };
  }
}

/** Types whose bodies arrive as text. A form is none of them. */
const isTextual = (type = ""): boolean => /^(?:text\/|application\/(?:json|javascript|xml|[\w.-]+\+(?:json|xml)))/i.test(type);

/** `01/Mar/2026:09:00:00 +0000` */
function logTime(now: number): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(now).toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

const JSON_TYPE = { "content-type": "application/json" };

const refusal = (status: number, Message: string): UrlAnswer => ({
  status,
  headers: JSON_TYPE,
  body: Buffer.from(status === 502 ? Message : JSON.stringify({ Message })),
});

/** What a function's result means: an object with a status code describes the answer, anything else is its JSON. */
function answerOf({ payload }: Outcome): UrlAnswer {
  const result: unknown = JSON.parse(payload);
  if (!isRecord(result) || typeof result.statusCode !== "number") {
    return { status: 200, headers: JSON_TYPE, body: Buffer.from(payload) };
  }
  const { statusCode, headers, body, cookies, isBase64Encoded } = result;
  const text = body === undefined || body === null ? "" : typeof body === "string" ? body : JSON.stringify(body);
  return {
    status: statusCode,
    headers: {
      ...JSON_TYPE,
      ...(isRecord(headers) && Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]))),
      ...(Array.isArray(cookies) && { "set-cookie": cookies.join(", ") }),
    },
    body: Buffer.from(text, isBase64Encoded === true ? "base64" : "utf8"),
  };
}
