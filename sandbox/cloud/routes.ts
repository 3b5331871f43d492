import { sdkPackage } from "./sdk";

/**
 * Which operation a REST request means. The SDK clients carry the models of their services: `exports["SendEmail$"]` is
 * `[9, namespace, "SendEmail", { http: ["POST", "/v2/email/outbound-emails", 200] }, input, output]`, and `input` is a structure
 * `[3, namespace, name, traits, memberNames, members]` whose members' traits say where each one travels.
 */
interface Route {
  readonly operation: string;
  readonly method: string;
  /** Path segments; `{Name}` takes one, `{Name+}` the rest. */
  readonly segments: readonly string[];
  /** Query parameters that have to be there, with their value if it matters. */
  readonly query: readonly (readonly [name: string, value: string | undefined])[];
  readonly input: unknown;
}

/** A request's operation and the members of its input that are not in the body. */
export interface RouteMatch {
  readonly operation: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Name of the member that the whole body is, if it is one. */
  readonly payload?: string;
}

const OPERATION = 9;
/** Bits of the short form of member traits. */
const PAYLOAD = 16;

function routeOf(value: unknown): Route | undefined {
  if (!Array.isArray(value) || value[0] !== OPERATION) return undefined;
  const http = (value[3] as { http?: [string, string, number] } | undefined)?.http;
  if (!http) return undefined;
  const [method, uri] = http;
  const [path = "", search = ""] = uri.split("?");
  const query = [...new URLSearchParams(search)].map(([name, given]) => [name, given === "" ? undefined : given] as const);
  return { operation: value[2] as string, method, segments: path.split("/").filter(Boolean), query, input: value[4] };
}

/** Literal segments and parameters make a route more specific than labels do. */
const weight = (route: Route): number =>
  route.query.length * 100 + route.segments.reduce((sum, segment) => sum + (segment.startsWith("{") ? 1 : 10), 0);

const tables = new Map<string, readonly Route[]>();

function routesOf(service: string): readonly Route[] {
  const known = tables.get(service);
  if (known) return known;
  const routes = Object.values(sdkPackage(service) ?? {})
    .map(routeOf)
    .filter((route) => route !== undefined)
    .sort((a, b) => weight(b) - weight(a));
  tables.set(service, routes);
  return routes;
}

/** Labels of the path, or `undefined` if the path is another one. */
function labelsOf(pattern: readonly string[], path: readonly string[]): Record<string, string> | undefined {
  const labels: Record<string, string> = {};
  for (const [index, segment] of pattern.entries()) {
    const given = path[index];
    if (given === undefined) return undefined;
    const label = /^\{([^+}]+)(\+?)\}$/.exec(segment);
    if (!label?.[1]) {
      if (segment !== given) return undefined;
    } else if (label[2]) {
      labels[label[1]] = path.slice(index).join("/");
      return labels;
    } else {
      labels[label[1]] = given;
    }
  }
  return pattern.length === path.length ? labels : undefined;
}

interface Member {
  readonly name: string;
  readonly traits: number | { readonly httpQuery?: string; readonly httpHeader?: string; readonly httpPayload?: unknown };
}

function membersOf(input: unknown): readonly Member[] {
  const structure = typeof input === "function" ? (input as () => unknown)() : input;
  if (!Array.isArray(structure)) return [];
  const [, , , , names = [], members = []] = structure as [unknown, unknown, unknown, unknown, string[]?, unknown[]?];
  return names.map((name, index) => {
    const member = members[index];
    return { name, traits: Array.isArray(member) && member.length === 2 ? (member[1] as Member["traits"]) : 0 };
  });
}

const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** For objects the SDK adds the operation's name (`x-id=PutObject`), which S3 ignores: requests that are signed by hand go without. */
const hasQuery = ({ query, segments }: Route, { searchParams }: URL): boolean =>
  query.every(
    ([name, value]) =>
      (name === "x-id" && segments.length > 0 && !searchParams.has(name)) ||
      (searchParams.has(name) && (value === undefined || searchParams.get(name) === value)),
  );

/** The header by which S3 tells a copy from an upload. */
const COPY_SOURCE = "x-amz-copy-source";
const copies = ({ operation }: Route): boolean => operation === "CopyObject" || operation === "UploadPartCopy";

/** Finds the operation of a REST request, or `undefined`. */
export function matchRoute(service: string, method: string, url: URL, headers: Readonly<Record<string, string>>): RouteMatch | undefined {
  let path = url.pathname.split("/").filter(Boolean).map(decode);
  const parameters: Record<string, string> = {};
  if (service === "s3" && path[0] !== undefined) {
    // The model has the bucket in the host name; local addresses have it in the path.
    parameters.Bucket = path[0];
    path = path.slice(1);
  }
  for (const route of routesOf(service)) {
    if (route.method !== method) continue;
    if (!hasQuery(route, url) || copies(route) !== COPY_SOURCE in headers) continue;
    const labels = labelsOf(route.segments, path);
    if (labels === undefined) continue;
    Object.assign(parameters, labels);
    let payload: string | undefined;
    for (const { name, traits } of membersOf(route.input)) {
      if (typeof traits === "number") {
        if ((traits & PAYLOAD) !== 0) payload = name;
        continue;
      }
      const value =
        traits.httpQuery === undefined
          ? traits.httpHeader && headers[traits.httpHeader.toLowerCase()]
          : url.searchParams.get(traits.httpQuery);
      if (value) parameters[name] = value;
      if (traits.httpPayload !== undefined) payload = name;
    }
    return payload === undefined ? { operation: route.operation, parameters } : { operation: route.operation, parameters, payload };
  }
  return undefined;
}
