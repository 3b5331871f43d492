import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { bundleModule, HANDLER_FILE } from "../components/handler-bundle";
import { REPOSITORY } from "../sandbox/engine/run-program";
import type { DeployedFunction } from "./archives";
import { clientsAlone, sdkImportsOf } from "./sdk-clients";
import { median } from "./statistics";

/** Loads a file and prints the microseconds of processor time that it took: unlike time on the wall, it does not depend on what else the machine does. */
const LOADER =
  "const start = process.cpuUsage(); require(process.argv[1]); const { user, system } = process.cpuUsage(start); process.stdout.write(String(user + system));";

/** How often each is loaded. */
const ROUNDS = 21;

const run = promisify(execFile);

/** Loads a file as a new execution environment would, with nothing else around it. */
async function loadMicroseconds(file: string, environment: Readonly<Record<string, string>>): Promise<number> {
  const lambda = { AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret", TZ: "UTC" };
  const { stdout } = await run(process.execPath, ["-e", LOADER, file], { env: { ...lambda, ...environment } });
  return Number(stdout);
}

/**
 * How long the start of a function takes, as a multiple of the start of its AWS SDK clients alone: each in fresh processes, by turns, the median of the pairs.
 * The start is that of the deployed archive: its module is loaded and its handler made, with its clients, which the clients' own bundle makes as well.
 */
export async function coldLoadRatio(deployed: DeployedFunction): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-bench-"));
  try {
    for (const [name, content] of Object.entries(deployed.files)) {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
    const clients = join(folder, "clients.js");
    writeFileSync(clients, await bundleModule(clientsAlone(await sdkImportsOf(deployed.name)), REPOSITORY));
    const ratios: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const ours = await loadMicroseconds(join(folder, HANDLER_FILE), deployed.environment);
      ratios.push(ours / (await loadMicroseconds(clients, {})));
    }
    return median(ratios);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
