import { join } from "node:path";
import { buildSync } from "esbuild";

let bundled: string | undefined;

/** The program of a worker as one piece of JavaScript, so that it starts without a TypeScript loader. */
export function workerProgram(): string {
  bundled ??= buildSync({
    entryPoints: [join(__dirname, "worker", "bootstrap.ts")],
    bundle: true,
    write: false,
    platform: "node",
    target: "node24",
    format: "cjs",
    logLevel: "silent",
  }).outputFiles[0]?.text;
  return bundled ?? "";
}
