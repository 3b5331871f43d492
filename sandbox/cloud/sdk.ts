import { createRequire } from "node:module";
import type { Credentials, Place } from "../types";
import { ServiceError } from "../types";

const load = createRequire(__filename);

/** Signing names whose client package is called otherwise. */
const PACKAGES: Readonly<Record<string, string>> = {
  ses: "sesv2",
  states: "sfn",
  stepfunctions: "sfn",
  events: "eventbridge",
  monitoring: "cloudwatch",
  logs: "cloudwatch-logs",
  secretsmanager: "secrets-manager",
};

type Exports = Readonly<Record<string, unknown>>;

/** The installed `@aws-sdk/client-*` package of a service, by signing name or package name; `undefined` if there is none. */
export function sdkPackage(service: string): Exports | undefined {
  const name = PACKAGES[service] ?? service;
  if (!/^[a-z0-9-]+$/.test(name)) return undefined;
  try {
    return load(`@aws-sdk/client-${name}`) as Exports;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

interface Client {
  send(command: unknown): Promise<Record<string, unknown>>;
  destroy(): void;
}
type Constructor<T> = new (input: unknown) => T;

interface Stream {
  transformToString(): Promise<string>;
}
const isStream = (value: unknown): value is Stream =>
  typeof value === "object" && value !== null && typeof (value as Partial<Stream>).transformToString === "function";

/** Calls any operation of any installed SDK client against one endpoint. */
export class SdkCaller {
  readonly #clients = new Map<string, Client>();

  constructor(
    private readonly endpoint: string,
    private readonly credentialsOf: (account: string) => Credentials,
  ) {}

  #client(sdk: Exports, service: string, place: Place): Client {
    const key = `${service} ${place.account} ${place.region}`;
    const known = this.#clients.get(key);
    if (known) return known;
    const name = Object.keys(sdk).find((candidate) => candidate.endsWith("Client") && !candidate.startsWith("_"));
    const client = new (sdk[name ?? ""] as Constructor<Client>)({
      endpoint: this.endpoint,
      region: place.region,
      credentials: this.credentialsOf(place.account),
      maxAttempts: 1,
      forcePathStyle: true,
      // A prefix such as `sync-` before a local address resolves to nothing.
      disableHostPrefix: true,
      useQueueUrlAsEndpoint: false,
    });
    this.#clients.set(key, client);
    return client;
  }

  /** Throws `ServiceError` for what the service refuses and for services and operations that do not exist. */
  async call(place: Place, service: string, operation: string, input: Readonly<Record<string, unknown>>): Promise<unknown> {
    const sdk = sdkPackage(service);
    if (sdk === undefined) throw new ServiceError("UnknownService", `the sandbox has no SDK client for the service "${service}"`);
    const Command = sdk[`${operation.charAt(0).toUpperCase()}${operation.slice(1)}Command`] as Constructor<unknown> | undefined;
    if (typeof Command !== "function")
      throw new ServiceError("UnknownOperation", `the service "${service}" has no operation "${operation}"`);
    try {
      const { $metadata: _, ...answer } = await this.#client(sdk, service, place).send(new Command(input));
      for (const [name, value] of Object.entries(answer)) if (isStream(value)) answer[name] = await value.transformToString();
      return answer;
    } catch (error) {
      const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
      throw new ServiceError(name, message, $metadata?.httpStatusCode ?? 400);
    }
  }

  close(): void {
    for (const client of this.#clients.values()) client.destroy();
    this.#clients.clear();
  }
}
