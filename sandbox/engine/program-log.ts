import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

export type LogSeverity = "info" | "warning" | "error";

/** Something that the program, its SDK or the engine said. */
export interface ProgramLog {
  readonly severity: LogSeverity;
  /** Without a stack. */
  readonly message: string;
  /** The resource that it is about. */
  readonly urn?: string;
  /** Everything that was said, stack included, where the message is shorter. */
  readonly detail?: string;
}

/** How Pulumi's runner begins its report of an exception that is neither a RunError nor about a resource. */
const CRASH = /^Running program '[^\n]*' failed with an unhandled exception:\n/;

/** `propertyPath: 'x'` in the printed form of an InputPropertyError. */
const PROPERTY_PATH = /\bpropertyPath: (?:'([^']*)'|"([^"]*)"|`([^`]*)`)/;

/** First line of the program itself (not of a package) in a stack. */
function origin(stack: string, programDirectory: string): string | undefined {
  for (const [, path, line] of stack.matchAll(/^\s+at (?:.*\()?(?:file:\/\/)?(\/[^()\n]*?):(\d+):\d+\)?/gm)) {
    if (path?.startsWith(`${programDirectory}/`) && !path.includes("/node_modules/")) return `${relative(programDirectory, path)}:${line}`;
  }
  return undefined;
}

/** Cuts a crash report down to what happened and where in the program. */
function shortened(report: string, programDirectory: string): string {
  const before = report.split(/\n\s+at /)[0] ?? report;
  const what = before.replace(/^(?:<ref \*\d+> )?(?:[A-Za-z]*Error): /m, "").trim();
  const property = PROPERTY_PATH.exec(report)
    ?.slice(1)
    .find((path) => path !== undefined);
  if (property !== undefined && report.includes("__pulumiInputPropertyError")) return `${property}: ${what}`;
  const where = origin(report, programDirectory);
  return where === undefined ? what : `${what} (${where})`;
}

/** Makes a log entry of what the program's runner reported. */
export function programLog(severity: LogSeverity, message: string, urn: string, programDirectory: string): ProgramLog {
  const about = urn === "" ? {} : { urn };
  if (!CRASH.test(message)) return { severity, message: message.trim(), ...about };
  const report = stripVTControlCharacters(message).replace(CRASH, "");
  return { severity, message: shortened(report, programDirectory), ...about, detail: report };
}
