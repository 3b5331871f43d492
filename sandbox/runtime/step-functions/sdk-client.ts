import { createRequire } from "node:module";
import type { Cloud, Place } from "../../types";
import { isRecord } from "../graph";
import type { TaskResource } from "./resource";
import { fromSdk, operationSchemas, toSdk } from "./sdk-shapes";
import { capitalized, errorName, TaskError } from "./task-error";

/** Services of Step Functions whose client package is called otherwise. */
const PACKAGES: Readonly<Record<string, string>> = {
  states: "sfn",
  events: "eventbridge",
  cloudwatchlogs: "cloudwatch-logs",
  secretsmanager: "secrets-manager",
};

interface Command {
  readonly schema?: unknown;
  readonly middlewareStack: { add(middleware: unknown, options: { readonly step: "build" }): void };
}

interface Client {
  send(command: Command): Promise<Readonly<Record<string, unknown>>>;
  destroy(): void;
}

type Constructor<T> = new (input: unknown) => T;

/** The part of a request that the trace is put on. */
interface BuildArguments {
  readonly request: { readonly headers: Record<string, string> };
}

/** API calls of state machines: made through the gateway with the machine's role, so that they are counted, authorized and can be made to fail. */
export class SdkClients {
  readonly #clients = new Map<string, Promise<Client>>();
  readonly #load = createRequire(__filename);

  constructor(private readonly cloud: Cloud) {}

  /** Calls an operation with parameters as a definition writes them. Throws `TaskError`. */
  async call(resource: TaskResource, role: string, place: Place, parameters: unknown, trace: string): Promise<Record<string, unknown>> {
    const sdk = this.#package(resource.service);
    const Operation = sdk[`${capitalized(resource.operation)}Command`] as Constructor<Command> | undefined;
    if (typeof Operation !== "function") {
      throw new TaskError("States.Runtime", `${resource.service} has no operation ${resource.operation}`);
    }
    const schemas = operationSchemas(new Operation({}));
    const command = new Operation(toSdk(schemas.input, parameters));
    command.middlewareStack.add(
      (next: (args: BuildArguments) => unknown) => (args: BuildArguments) => {
        args.request.headers["X-Amzn-Trace-Id"] = trace;
        return next(args);
      },
      { step: "build" },
    );
    const client = await this.#client(sdk, resource.service, role, place);
    try {
      const answer = await client.send(command);
      const result = fromSdk(schemas.output, answer);
      return isRecord(result) ? { ...result } : {};
    } catch (error) {
      throw asTaskError(resource, error);
    }
  }

  async close(): Promise<void> {
    for (const client of this.#clients.values()) {
      (await client).destroy();
    }
    this.#clients.clear();
  }

  #package(service: string): Readonly<Record<string, unknown>> {
    const name = `@aws-sdk/client-${PACKAGES[service] ?? service}`;
    try {
      return this.#load(name) as Readonly<Record<string, unknown>>;
    } catch {
      throw new TaskError("States.Runtime", `the sandbox has no SDK client for the service "${service}" (package ${name})`);
    }
  }

  #client(sdk: Readonly<Record<string, unknown>>, service: string, role: string, place: Place): Promise<Client> {
    const key = `${service} ${role} ${place.region}`;
    const made = this.#clients.get(key) ?? this.#make(sdk, role, place);
    this.#clients.set(key, made);
    return made;
  }

  async #make(sdk: Readonly<Record<string, unknown>>, role: string, place: Place): Promise<Client> {
    const name = Object.keys(sdk).find((one) => one.endsWith("Client") && one !== "__Client") ?? "";
    return new (sdk[name] as Constructor<Client>)({
      endpoint: this.cloud.endpoint,
      region: place.region,
      credentials: await this.cloud.credentialsFor(role),
      // Retrying is up to the definition.
      maxAttempts: 1,
      // No local address resolves with a prefix such as `sync-` before it.
      disableHostPrefix: true,
      forcePathStyle: true,
      useQueueUrlAsEndpoint: false,
    });
  }
}

function asTaskError(resource: TaskResource, error: unknown): unknown {
  if (!(error instanceof Error) || !("$metadata" in error)) {
    return error;
  }
  const status = isRecord(error.$metadata) ? error.$metadata.httpStatusCode : undefined;
  // Errors that the service's model does not name are of the client's base class.
  const modelled = !error.constructor.name.endsWith("ServiceException") || error.constructor.name === error.name;
  const cause = `${error.message} (Service: ${resource.service}, Status Code: ${String(status)}, Error Code: ${error.name})`;
  return new TaskError(errorName(resource, error.name, modelled), cause);
}
