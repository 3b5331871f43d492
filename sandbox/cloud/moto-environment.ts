import { execFile } from "node:child_process";
import { access, mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { onPath } from "./moto-interpreter";

const run = promisify(execFile);

/** How to start a Python that has moto. */
export interface Interpreter {
  readonly command: string;
  /** Added to the environment of the process. */
  readonly environment: Readonly<Record<string, string>>;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The last line that says something: what pip and uv end a failure with. */
const lastLine = (error: unknown): string => {
  const { stderr, message } = error as { stderr?: string; message?: string };
  const lines = `${stderr ?? ""}`.trim().split("\n").filter(Boolean);
  return (lines.at(-1) ?? message ?? String(error)).trim();
};

/** Inside a made environment: the interpreter of a virtual environment, or a folder of packages for the machine's own `python3`. */
async function interpreterIn(directory: string): Promise<Interpreter> {
  const own = join(directory, "bin", "python");
  if (await exists(own)) return { command: own, environment: {} };
  return { command: "python3", environment: { PYTHONPATH: join(directory, "packages") } };
}

interface Way {
  readonly name: string;
  readonly steps: readonly (readonly [command: string, ...parameters: string[]])[];
}

const ways = (directory: string, requirements: string): readonly Way[] => [
  {
    name: "uv",
    steps: [
      ["uv", "venv", "--quiet", directory],
      ["uv", "pip", "install", "--quiet", "--python", join(directory, "bin", "python"), "--requirement", requirements],
    ],
  },
  {
    name: "python3 -m venv",
    steps: [
      ["python3", "-m", "venv", directory],
      [join(directory, "bin", "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements],
    ],
  },
  {
    name: "pip --target",
    steps: [
      [
        "python3",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--target",
        join(directory, "packages"),
        "--requirement",
        requirements,
      ],
    ],
  },
];

/** Where environments are kept between runs, the best place first. */
const caches = (environment: NodeJS.ProcessEnv): readonly string[] => [
  join(environment.XDG_CACHE_HOME || join(environment.HOME || homedir(), ".cache"), "tocsin"),
  resolve(__dirname, "../../node_modules/.cache/tocsin"),
];

async function writable(directories: readonly string[]): Promise<string> {
  for (const directory of directories) {
    const made = await mkdir(directory, { recursive: true }).then(
      () => access(directory, 2).then(() => true),
      () => false,
    );
    if (made) return directory;
  }
  throw new Error(`neither ${directories.join(" nor ")} can be written to`);
}

/**
 * A private environment with moto, made on first use. Two sandboxes may do so at once: each makes its own beside the final place, and the first one to finish
 * moves it there. Throws an `Error` whose message lists what was tried.
 */
export async function privateEnvironment(
  version: string,
  requirements: string,
  environment: NodeJS.ProcessEnv,
  progress: (text: string) => void,
): Promise<Interpreter> {
  const cache = await writable(caches(environment));
  const final = join(cache, `moto-${version}`);
  if (await exists(final)) return interpreterIn(final);

  const failures: string[] = [];
  const making = `${final}.${process.pid}.${Date.now().toString(36)}`;
  for (const way of ways(making, requirements)) {
    const [tool] = way.steps[0] ?? [""];
    if ((await onPath(tool, environment)) === undefined) continue;
    try {
      progress(`installing moto ${version} into ${final} with ${way.name} (once, it can take a minute)`);
      for (const [command, ...parameters] of way.steps) await run(command, parameters, { env: environment, timeout: 300_000 });
      // The loser of a race finds the place taken, by the same thing.
      await rename(making, final).catch(async (error) => {
        if (!(await exists(final))) throw error;
      });
      return await interpreterIn(final);
    } catch (error) {
      failures.push(`${way.name}: ${lastLine(error)}`);
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  }
  throw new Error(failures.length > 0 ? failures.join("; ") : "there is neither uv nor python3 on PATH");
}
