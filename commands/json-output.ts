import { checkWritable, writeJson } from "../sandbox/replay/write-report";
import { type Screen, screenOn } from "../sandbox/terminal/screen";

/** Where `--json` writes to: a file, or the standard output. */
const STANDARD_OUTPUT = "-";

/** The screen for people. What they read must not get between the lines of what programs read. */
export const screenBeside = (json: string | undefined): Screen =>
  screenOn(json === STANDARD_OUTPUT ? process.stderr : process.stdout, process.env);

/** Refuses a place that nothing can be written to before any work is done for it. @throws UsageError */
export function checkOutput(json: string | undefined): void {
  if (json !== undefined && json !== STANDARD_OUTPUT) {
    checkWritable(json);
  }
}

/** Writes what a command found out, if it was asked for as JSON. */
export function writeOutput(json: string | undefined, report: unknown): void {
  if (json === STANDARD_OUTPUT) {
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  } else if (json !== undefined) {
    writeJson(json, report);
  }
}
