import { spawn } from "node:child_process";
import { join } from "node:path";
import { type ProgramResult, REPOSITORY } from "../../sandbox/engine/run-program";
import type { PartResult } from "../check";
import { significant } from "../statistics";

const MOST_SECONDS = 30;
const NOISY = "this machine, now";

/** How long people wait. The only plain times: they depend on the machine and on what else runs on it. */
export async function seconds(previewed: ProgramResult): Promise<PartResult> {
  return {
    checks: [
      { what: "npm start -- --exit", measured: significant(await tour()), unit: "s", budget: MOST_SECONDS, note: NOISY },
      { what: "the program in a preview", measured: significant(previewed.seconds), unit: "s", note: NOISY },
    ],
    details: {},
  };
}

/** Seconds of the guided tour. @throws if it does not end as it should: a broken tour may be quick. */
async function tour(): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, ["--import", "tsx", join("sandbox", "cli.ts"), "start", "--exit"], {
    cwd: REPOSITORY,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) {
    throw new Error(`npm start -- --exit ended with ${code}`);
  }
  return (performance.now() - start) / 1000;
}
