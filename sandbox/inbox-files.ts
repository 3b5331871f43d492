import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeliveryEntry } from "./replay/report";
import { UsageError } from "./usage-error";

/** Makes the folder that mails are to be saved in. @throws UsageError if that cannot be done */
export function makeInbox(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`cannot make the folder ${folder}: ${(error as Error).message}`);
  }
}

/** Saves the HTML of mails, named by their order and subject. Answers how many. */
export function saveMails(folder: string, deliveries: readonly DeliveryEntry[]): number {
  const mails = deliveries.filter(({ kind, payload }) => kind === "email" && typeof payload.html === "string");
  for (const [index, { payload }] of mails.entries()) {
    const subject = String(payload.subject)
      .replaceAll(/[^A-Za-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "")
      .slice(0, 60);
    writeFileSync(join(folder, `${String(index + 1).padStart(2, "0")}-${subject}.html`), String(payload.html));
  }
  return mails.length;
}
