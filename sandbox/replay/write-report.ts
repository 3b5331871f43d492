import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, parse, relative, resolve } from "node:path";
import { UsageError } from "../usage-error";
import type { SaveBeside } from "./journal";

/** Refuses a place that nothing can be written to before any work is done for it. @throws UsageError */
export function checkWritable(file: string): void {
  const probe = temporary(file);
  try {
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (error) {
    throw new UsageError(
      `cannot write ${file}: ${(error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such folder" : (error as Error).message}`,
    );
  }
}

/** Writes JSON so that nobody ever sees half of it: beside its place first, then in one step to it. */
export function writeJson(file: string, value: unknown): void {
  const unfinished = temporary(file);
  try {
    writeFileSync(unfinished, `${JSON.stringify(value, undefined, 2)}\n`);
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

const temporary = (file: string): string => join(dirname(resolve(file)), `.${basename(file)}.${process.pid}.tmp`);

/** Only plain characters of a name that comes from a message or a function, and nothing that leads out of a folder. */
const plainName = (name: string): string => name.replaceAll(/[^\w.=-]/g, "_").replace(/^\.+$/, "_") || "_";

/**
 * Saves files in folders beside a report: `out.json` has `out.attachments/` and `out.objects/`, the latter with a folder for each bucket. Answers paths relative
 * to the report.
 */
export function besideReport(report: string): SaveBeside {
  const beside = dirname(resolve(report));
  const { name: ownName } = parse(report);
  const save = (path: readonly string[], content: Uint8Array): string => {
    const file = join(beside, ...path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return relative(beside, file);
  };
  return {
    attachment: (delivery, name, content) => save([`${ownName}.attachments`, `${delivery}-${plainName(basename(name))}`], content),
    object: ({ bucket, key, content }) => save([`${ownName}.objects`, plainName(bucket), ...key.split("/").map(plainName)], content),
  };
}
