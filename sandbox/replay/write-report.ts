import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, parse, relative, resolve } from "node:path";
import { UsageError } from "../usage-error";
import type { SaveAttachment } from "./journal";

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

/** Saves attachments in a folder beside a report: `out.json` has `out.attachments/`. Answers paths relative to the report. */
export function besideReport(report: string): SaveAttachment {
  const folder = join(dirname(resolve(report)), `${parse(report).name}.attachments`);
  return (delivery, name, content) => {
    mkdirSync(folder, { recursive: true });
    // The name comes from a message: only its last part counts, and only plain characters.
    const file = join(folder, `${delivery}-${basename(name).replaceAll(/[^\w.-]/g, "_")}`);
    writeFileSync(file, content);
    return relative(dirname(resolve(report)), file);
  };
}
