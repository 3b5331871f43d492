import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { devNull } from "node:os";
import { join, resolve } from "node:path";
import { UsageError } from "../usage-error";
import { type Interpreter, privateEnvironment } from "./moto-environment";
import { interpretersOnPath } from "./moto-interpreter";

const REQUIREMENTS = resolve(__dirname, "../requirements.txt");
const SERVER = join(__dirname, "moto-server.py");

/** A running AWS API. */
export interface Moto {
  /** For example `http://127.0.0.1:43129`. */
  readonly endpoint: string;
  /** Process id, unless it is the user's own. */
  readonly pid?: number;
  close(): Promise<void>;
}

/** The interpreter has no fitting moto: the next way may. */
class Unfit extends Error {}

async function pinnedVersion(): Promise<string> {
  const version = /^moto\S*==(\S+)$/m.exec(await readFile(REQUIREMENTS, "utf8"))?.[1];
  if (version === undefined) throw new Error(`${REQUIREMENTS} does not pin moto`);
  return version;
}

/** Nothing that the emulator does may leave the machine (SNS would post to https subscriptions), and nobody's real credentials are its business. */
function motoEnvironment(interpreter: Interpreter): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, ...interpreter.environment };
  for (const name of Object.keys(environment)) if (name.startsWith("AWS_") || name.startsWith("MOTO_")) delete environment[name];
  const nowhere = "http://127.0.0.1:9";
  for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"]) environment[name] = nowhere;
  for (const name of ["NO_PROXY", "no_proxy"]) environment[name] = "127.0.0.1,localhost";
  // moto makes clients of its own, which would look for credentials all over the machine.
  return {
    ...environment,
    AWS_ACCESS_KEY_ID: "emulator",
    AWS_SECRET_ACCESS_KEY: "emulator",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}

/** Resolves with the port that the server prints. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolvePort, reject) => {
    let errors = "";
    child.stderr?.on("data", (text) => {
      errors = `${errors}${text}`.slice(-2_000);
    });
    child.stdout?.once("data", (text) => resolvePort(Number(text)));
    child.once("error", (error) => reject(new Unfit(error.message)));
    child.once("exit", (code) => {
      const reason = errors.trim().split("\n").at(-1) ?? "";
      reject(code === 3 ? new Unfit(reason) : new Error(`moto ended at once (${code}): ${reason}`));
    });
  });
}

async function startWith(interpreter: Interpreter, version: string): Promise<Moto> {
  const [major = "", minor = ""] = version.split(".");
  // Standard input stays open and empty: when we end, however we end, moto reads its end and ends too.
  const child = spawn(interpreter.command, [SERVER, major, minor], {
    env: motoEnvironment(interpreter),
    stdio: ["pipe", "pipe", "pipe"],
    // Ctrl-C in a terminal is for us; we close moto when all is saved.
    detached: true,
  });
  child.stdin?.on("error", () => {});
  const port = await portOf(child);
  child.unref();
  const ended = new Promise<void>((resolveEnd) => child.once("exit", () => resolveEnd()));
  return {
    endpoint: `http://127.0.0.1:${port}`,
    pid: child.pid,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        child.ref();
        child.stdin?.end();
        child.kill("SIGKILL");
        await ended;
      }
    },
  };
}

/** The user's own emulator. Its state is reset, as every sandbox starts from nothing. */
async function named(endpoint: string): Promise<Moto> {
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
    throw new UsageError(`TOCSIN_AWS_ENDPOINT is "${endpoint}", which is no http or https URL.`);
  try {
    await fetch(new URL("/moto-api/reset", endpoint), { method: "POST", signal: AbortSignal.timeout(5_000) }).then((answer) =>
      answer.text(),
    );
  } catch {
    throw new UsageError(`TOCSIN_AWS_ENDPOINT is "${endpoint}", but nothing answers there.`);
  }
  return { endpoint: endpoint.replace(/\/+$/, ""), close: async () => {} };
}

/** Starts the AWS API, or finds it: the endpoint that the user names, `moto_server` on PATH, or a private environment made on first use. */
export async function startMoto(progress: (text: string) => void, environment: NodeJS.ProcessEnv = process.env): Promise<Moto> {
  if (environment.TOCSIN_AWS_ENDPOINT) return named(environment.TOCSIN_AWS_ENDPOINT);

  const version = await pinnedVersion();
  const reasons: string[] = [];
  for (const command of await interpretersOnPath(environment)) {
    try {
      return await startWith({ command, environment: {} }, version);
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      reasons.push(`moto_server on PATH does not fit (${error.message})`);
    }
  }
  try {
    return await startWith(await privateEnvironment(version, REQUIREMENTS, environment, progress), version);
  } catch (error) {
    reasons.push((error as Error).message);
  }
  throw new UsageError(
    `The sandbox needs moto ${version}, and there is none: ${reasons.join("; ")}. Install Python 3.10 or newer with pip or uv and start again, or install moto yourself (pip install "moto[server]==${version}"), or name a running one in TOCSIN_AWS_ENDPOINT.`,
  );
}
