import { realpathSync } from "node:fs";
import { join } from "node:path";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import type { Provisioner } from "../types";
import { engineService } from "./engine-service";
import type { ProgramLog } from "./program-log";
import { runProcess } from "./program-process";
import { readProject } from "./project";
import type { PropertyPath } from "./properties";
import { Providers } from "./providers";
import { type ProgramResource, Registry } from "./registry";
import { ResourceMonitor } from "./resource-monitor";
import { createServer, listen } from "./rpc";
import type { StackConfig } from "./stack-config";
import { Transforms } from "./transforms";

/** Where the program of this repository stands. */
export const REPOSITORY = join(__dirname, "..", "..");

export interface ProgramOptions {
  readonly stack: string;
  /** Settings by `namespace:key`; lists and maps are handed to the program as JSON, as the CLI does. */
  readonly config: StackConfig;
  /** A preview: nothing is created, and what only a creation tells is unknown. */
  readonly dryRun: boolean;
  /** Creates the resources of a real run. */
  readonly provisioner?: Provisioner;
  /** Where `Pulumi.yaml` stands. @default this repository */
  readonly programDirectory?: string;
  /** Called with what the program, its SDK and the engine say. */
  readonly onLog?: (log: ProgramLog) => void;
  /** Called with each resource once it is registered (and created). */
  readonly onResource?: (resource: ProgramResource) => void;
  /** Further environment variables of the program's process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Further arguments of the program's Node, for example `--require FILE`. */
  readonly nodeArguments?: readonly string[];
}

export interface ProgramResult {
  /** In the order of their registration, the stack itself first. */
  readonly resources: readonly ProgramResource[];
  /** What the program exports, secrets as plain values. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly secretOutputs: readonly PropertyPath[];
  readonly logs: readonly ProgramLog[];
  /** The logs of severity `error`: there is at least one when the exit code is not 0. */
  readonly errors: readonly ProgramLog[];
  /** 0 if the program ran to its end and every resource was created. */
  readonly exitCode: number;
  readonly seconds: number;
}

/** Settings as text: what is not a text already is JSON, and what is empty is not set. */
const configText = (config: StackConfig): Record<string, string> =>
  Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );

/** Runs a Pulumi program as the CLI does, in a process of its own, against an engine of ours that records its resources. */
export async function runProgram(options: ProgramOptions): Promise<ProgramResult> {
  if (!options.dryRun && options.provisioner === undefined) throw new TypeError("A real run needs a provisioner.");
  const started = performance.now();
  // Real paths: stacks name the files of the program by them.
  const programDirectory = realpathSync(options.programDirectory ?? REPOSITORY);
  const project = readProject(programDirectory);
  const config = configText({ ...project.defaults, ...options.config });
  const logs: ProgramLog[] = [];
  const log = (entry: ProgramLog): void => {
    logs.push(entry);
    options.onLog?.(entry);
  };

  const registry = new Registry();
  const transforms = new Transforms();
  const monitor = new ResourceMonitor(
    {
      stack: options.stack,
      project: project.name,
      programDirectory,
      provisioner: options.dryRun ? undefined : options.provisioner,
      providers: new Providers(config),
      transforms,
      registry,
      onResource: options.onResource ?? (() => {}),
    },
    log,
  );
  const server = createServer();
  server.addService(ResourceMonitorService, monitor.service);
  server.addService(EngineService, engineService(programDirectory, log));
  try {
    const address = await listen(server);
    const ended = await runProcess({
      programDirectory,
      main: project.main,
      project: project.name,
      stack: options.stack,
      dryRun: options.dryRun,
      config,
      monitor: address,
      engine: address,
      environment: options.environment ?? {},
      nodeArguments: options.nodeArguments ?? [],
      onPrint: (message) => log({ severity: "info", message }),
    });
    await monitor.idle();
    const isError = ({ severity }: ProgramLog): boolean => severity === "error";
    if (ended.exitCode !== 0 && !logs.some(isError)) {
      const message = ended.errorOutput.trim() || `The program ended with exit code ${ended.exitCode}.`;
      log({ severity: "error", message });
    }
    const errors = logs.filter(isError);
    return {
      resources: registry.resources,
      outputs: monitor.outputs.values,
      secretOutputs: monitor.outputs.secrets,
      logs,
      errors,
      exitCode: ended.exitCode === 0 && errors.length > 0 ? 1 : ended.exitCode,
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    transforms.close();
    server.forceShutdown();
  }
}
