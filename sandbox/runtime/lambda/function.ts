import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { ArchiveValue } from "../../types";
import type { Core } from "../core";
import { putEmbeddedMetrics } from "../embedded-metrics";
import { isRecord, type Recorded } from "../graph";
import { Instance, type Invocation, type Outcome } from "./instance";

/** Execution environments that do something at the same moment: enough for two to meet, few enough for a laptop. */
const INSTANCES = 2;

/** All of a function's, those that sleep or wait for a call among them: in AWS nobody would have to wait for them to end. */
const ALL_INSTANCES = 12;

const SDK_DIRECTORY = resolve(__dirname, "../../..");

/** A deployed function: its archive on disk, its environments, and those that wait for one. */
export class LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly role: string;
  readonly timeout: number;
  readonly deadLetterArn: string | undefined;
  readonly #memory: number;
  readonly #directory: string;
  readonly #logGroup: string;
  readonly #limit: number;
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #instances: Instance[] = [];
  #all: Instance[] = [];
  #starting = 0;

  constructor(
    private readonly core: Core,
    private readonly recorded: Recorded,
    private readonly counted: (milliseconds: number) => void,
  ) {
    this.name = recorded.text("name");
    this.arn = recorded.text("arn");
    this.role = recorded.text("role");
    this.timeout = recorded.number("timeout", 3) * 1000;
    this.deadLetterArn = recorded.optionalText("deadLetterConfig.targetArn");
    this.#memory = recorded.number("memorySize", 128);
    this.#logGroup = recorded.optionalText("loggingConfig.logGroup") ?? `/aws/lambda/${this.name}`;
    const reserved = recorded.number("reservedConcurrentExecutions", -1);
    this.#limit = reserved > 0 ? Math.min(reserved, INSTANCES) : INSTANCES;
    this.#most = reserved > 0 ? Math.min(reserved, ALL_INSTANCES) : ALL_INSTANCES;
    const code = recorded.get("code");
    if (!isArchive(code)) {
      throw new Error(`${recorded.resource.urn}: the sandbox runs functions from file archives, and its code is none`);
    }
    this.#directory = unpack(code);
  }

  /** Runs the function. Never rejects: how it failed is in the outcome. The caller must not count as working while it waits. */
  async invoke(event: string, trace: string): Promise<Outcome> {
    const invocation: Invocation = { event, trace, requestId: this.core.ids.uuid() };
    const end = this.core.clock.begin();
    let started: Promise<Outcome>;
    try {
      const instance = await this.#instance(end);
      started = instance.invoke(invocation);
    } finally {
      end();
    }
    const outcome = await started;
    this.#measure(outcome);
    this.#waiting.shift()?.();
    return outcome;
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((instance) => instance.close()));
    remove(this.#directory);
  }

  /** A free environment: a warm one, a new one, or the next that gets free. */
  async #instance(end: () => void): Promise<Instance> {
    for (;;) {
      this.#instances = this.#instances.filter(({ broken }) => !broken);
      const free = this.#instances.find((instance) => instance.free);
      if (free !== undefined) {
        return free.reserve();
      }
      const awake = this.#instances.filter(({ resting }) => !resting).length;
      if (awake + this.#starting < this.#limit && this.#instances.length + this.#starting < this.#most) {
        return this.#start();
      }
      // Waiting for another invocation is no work of this one.
      end();
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #start(): Promise<Instance> {
    this.#starting += 1;
    try {
      const credentials = await this.core.cloud.credentialsFor(this.role, this.name);
      const region = this.recorded.place.region;
      const declared = this.recorded.get("environment.variables");
      const instance: Instance = new Instance(
        this.core,
        {
          name: this.name,
          arn: this.arn,
          timeout: this.timeout,
          memory: this.#memory,
          environment: {
            ...(isRecord(declared) ? Object.fromEntries(Object.entries(declared).map(([key, value]) => [key, String(value)])) : {}),
            AWS_ACCESS_KEY_ID: credentials.accessKeyId,
            AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
            AWS_SESSION_TOKEN: credentials.sessionToken,
            AWS_ENDPOINT_URL: this.core.cloud.endpoint,
            AWS_REGION: region,
            AWS_DEFAULT_REGION: region,
            AWS_EXECUTION_ENV: `AWS_Lambda_${this.recorded.optionalText("runtime") ?? "nodejs24.x"}`,
            AWS_LAMBDA_FUNCTION_NAME: this.name,
            AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(this.#memory),
            AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
            AWS_LAMBDA_LOG_GROUP_NAME: this.#logGroup,
            AWS_LAMBDA_LOG_STREAM_NAME: `sandbox/[$LATEST]${this.#all.length}`,
            LAMBDA_TASK_ROOT: this.#directory,
            _HANDLER: this.recorded.text("handler"),
            TZ: "UTC",
            // Keeps the SDK from reading the configuration files of whoever runs the sandbox.
            HOME: this.#directory,
          },
          start: {
            directory: this.#directory,
            handler: this.recorded.text("handler"),
            sdkDirectory: SDK_DIRECTORY,
            outside: this.core.outside,
            seed: Number.parseInt(this.core.ids.hex(8), 16),
            now: this.core.clock.now(),
          },
        },
        (text, trace) => this.#log(text, trace),
        () => this.#waiting.shift()?.(),
      );
      this.#instances.push(instance);
      this.#all.push(instance);
      return instance.reserve();
    } finally {
      this.#starting -= 1;
    }
  }

  #log(text: string, trace: string): void {
    this.core.tell.log({ function: this.name, text, trace, at: this.core.clock.now() });
    putEmbeddedMetrics(text, this.core.metrics);
    this.core.logMetrics.line(this.recorded.place, this.#logGroup, text);
  }

  #measure(outcome: Outcome): void {
    const dimensions = { FunctionName: this.name };
    const put = (name: string, value: number): void => this.core.metrics.put({ namespace: "AWS/Lambda", name, dimensions }, value);
    put("Invocations", 1);
    put("Errors", outcome.failure === undefined ? 0 : 1);
    put("Throttles", 0);
    put("Duration", outcome.milliseconds);
    this.counted(outcome.milliseconds);
  }
}

const isArchive = (value: unknown): value is ArchiveValue => isRecord(value) && value.kind === "archive" && isRecord(value.files);

/** Directories of functions that were not closed; whatever ends the process, they go with it. */
const unpacked = new Set<string>();
const remove = (directory: string): void => {
  rmSync(directory, { recursive: true, force: true });
  unpacked.delete(directory);
};
process.on("exit", () => unpacked.forEach(remove));

/** Writes the files of an archive to a private temporary directory. */
function unpack(archive: ArchiveValue): string {
  const directory = mkdtempSync(join(tmpdir(), "tocsin-function-"));
  unpacked.add(directory);
  for (const [name, content] of Object.entries(archive.files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return directory;
}
