/** What a Task state calls, read from its `Resource`. */
export interface TaskResource {
  /** `function` for a plain function ARN, `optimized` for `states:::service:operation`, `sdk` for `states:::aws-sdk:…`. */
  readonly kind: "function" | "optimized" | "sdk";
  readonly service: string;
  /** camelCase, as written. */
  readonly operation: string;
  /** `sync` returns the text of a nested execution's output, `sync:2` its JSON. */
  readonly pattern: "request" | "sync" | "sync:2" | "token";
}

/** Optimized integrations that the sandbox has. */
const OPTIMIZED: Readonly<Record<string, readonly string[]>> = {
  lambda: ["invoke"],
  dynamodb: ["getItem", "putItem", "updateItem", "deleteItem"],
  sqs: ["sendMessage"],
  sns: ["publish"],
  states: ["startExecution"],
  events: ["putEvents"],
};

const PATTERNS: Readonly<Record<string, TaskResource["pattern"]>> = {
  "": "request",
  ".sync": "sync",
  ".sync:2": "sync:2",
  ".waitForTaskToken": "token",
};

/** Reads a resource ARN; `undefined` for one that the sandbox cannot call. */
export function parseResource(arn: string): TaskResource | undefined {
  if (/^arn:aws[a-z-]*:lambda:[^:]*:\d{12}:function:/.test(arn)) {
    return { kind: "function", service: "lambda", operation: "invoke", pattern: "request" };
  }
  const match = /^arn:aws[a-z-]*:states:[^:]*:[^:]*:(aws-sdk:)?([a-z0-9]+):([A-Za-z0-9]+)(\..+)?$/.exec(arn);
  const [, sdk, service = "", operation = "", suffix = ""] = match ?? [];
  const pattern = PATTERNS[suffix];
  if (match === null || pattern === undefined) {
    return undefined;
  }
  if (sdk !== undefined) {
    return pattern === "sync" || pattern === "sync:2" ? undefined : { kind: "sdk", service, operation, pattern };
  }
  const known = OPTIMIZED[service]?.includes(operation) === true;
  const nested = pattern === "sync" || pattern === "sync:2";
  return known && (!nested || service === "states") ? { kind: "optimized", service, operation, pattern } : undefined;
}
