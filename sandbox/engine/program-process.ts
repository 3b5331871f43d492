import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The SDK takes a stack trace for every output, and formatting it is a sixth of a program's time. These frames suffice to say where a program failed. */
const STACK_FRAMES = "--stack-trace-limit=4";

export interface ProgramProcess {
  readonly programDirectory: string;
  /** The program's file or folder in it. */
  readonly main: string;
  readonly project: string;
  readonly stack: string;
  readonly dryRun: boolean;
  /** Settings by `namespace:key`, as the CLI hands them over: text, or JSON. */
  readonly config: Readonly<Record<string, string>>;
  /** Addresses of the two services. */
  readonly monitor: string;
  readonly engine: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Arguments for Node, before the script. */
  readonly nodeArguments: readonly string[];
  /** A line that the program printed. */
  readonly onPrint: (line: string) => void;
}

/** The environment of the program: ours, without what an outer Pulumi would have put there. */
function environmentOf(options: ProgramProcess): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_") && name !== "TRACEPARENT");
  return {
    ...Object.fromEntries(inherited),
    ...options.environment,
    PULUMI_CONFIG: JSON.stringify(options.config),
    PULUMI_CONFIG_SECRET_KEYS: "[]",
    PULUMI_NODEJS_TYPESCRIPT: "true",
    // Types are checked by the compiler before; here it would only cost time.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
  };
}

/** Runs the program by the script that the Pulumi CLI starts, and waits for its end. */
export async function runProcess(options: ProgramProcess): Promise<{ readonly exitCode: number; readonly errorOutput: string }> {
  const runner = createRequire(join(options.programDirectory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  const child = spawn(
    process.execPath,
    [
      ...["--require", join(__dirname, "watchdog.ts"), STACK_FRAMES, ...options.nodeArguments, runner],
      ...["--organization", "organization", "--project", options.project, "--stack", options.stack],
      ...["--root-directory", options.programDirectory, "--pwd", options.programDirectory],
      ...["--monitor", options.monitor, "--engine", options.engine, "--parallel", "16"],
      ...(options.dryRun ? ["--dry-run"] : []),
      options.main,
    ],
    { cwd: options.programDirectory, env: environmentOf(options), stdio: ["pipe", "pipe", "pipe"] },
  );
  const kill = (): void => {
    child.kill("SIGKILL");
  };
  process.once("exit", kill);
  createInterface({ input: child.stdout }).on("line", options.onPrint);
  let errorOutput = "";
  child.stderr.on("data", (data: Buffer) => {
    errorOutput += data.toString("utf8");
  });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => resolve(code ?? 1));
    });
    return { exitCode, errorOutput };
  } finally {
    process.removeListener("exit", kill);
  }
}
