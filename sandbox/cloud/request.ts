import { inputOfForm } from "./query-form";
import { matchRoute } from "./routes";

/** How the services write their answers and errors. */
export type Protocol = "json" | "rest-json" | "rest-xml" | "query" | "ec2";

/** An HTTP request as it arrives. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a request asks for, whoever sent it. */
export interface Understood {
  readonly accessKey: string;
  readonly region: string;
  readonly service: string;
  /** `undefined` for a request that no operation of the service fits. */
  readonly operation: string | undefined;
  readonly protocol: Protocol;
  readonly input: Readonly<Record<string, unknown>>;
}

/** `AWS4-HMAC-SHA256 Credential=<access key>/<date>/<region>/<service>/aws4_request, …` */
const SCOPE = /Credential=([^/,\s]+)\/\d+\/([^/,\s]*)\/([^/,\s]+)\/aws4_request/;

function parseJson(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body.toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function read(service: string, { method, target, headers, body }: RawRequest): Pick<Understood, "operation" | "protocol" | "input"> {
  const amzTarget = headers["x-amz-target"];
  if (amzTarget !== undefined)
    return { operation: amzTarget.split(".").at(-1), protocol: "json", input: body.length > 0 ? parseJson(body) : {} };

  const url = new URL(target, "http://gateway");
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded") || url.searchParams.has("Action")) {
    const form = new URLSearchParams(body.length > 0 ? body.toString("utf8") : url.search);
    return { operation: form.get("Action") ?? undefined, protocol: service === "ec2" ? "ec2" : "query", input: inputOfForm(form) };
  }

  const protocol: Protocol = service === "s3" ? "rest-xml" : "rest-json";
  const match = matchRoute(service, method, url, headers);
  if (match === undefined) return { operation: undefined, protocol, input: {} };
  const content =
    match.payload !== undefined ? { [match.payload]: body } : protocol === "rest-json" && body.length > 0 ? parseJson(body) : {};
  return { operation: match.operation, protocol, input: { ...content, ...match.parameters } };
}

/** Reads who asks which service for what. `undefined` for a request without a signature. */
export function understand(request: RawRequest): Understood | undefined {
  const scope = SCOPE.exec(request.headers.authorization ?? "");
  if (!scope) return undefined;
  const [, accessKey = "", region = "", service = ""] = scope;
  return { accessKey, region, service, ...read(service, request) };
}
