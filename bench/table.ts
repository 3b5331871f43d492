import { print, type Screen } from "../sandbox/terminal/screen";
import { clipped, padded } from "../sandbox/terminal/text";
import { type Check, isKept } from "./check";

/** Width of the first column. */
const WHAT = 66;

/** A figure with its unit. */
export const figure = (value: number, unit: string): string => `${unit === "$" ? value.toFixed(2) : value}${unit === "" ? "" : ` ${unit}`}`;

const right = (text: string, width: number): string => text.padStart(width);

export function printHead(screen: Screen): void {
  print(screen, "", screen.dim(`  ${padded("what", WHAT)}${right("measured", 18)}${right("budget", 8)}`));
}

/** Shows the figures of a part. */
export function printChecks(screen: Screen, checks: readonly Check[]): void {
  for (const check of checks) {
    const kept = isKept(check);
    const sign = kept === undefined ? "" : kept ? screen.good("✓") : screen.bad("✗");
    const note = check.note === undefined ? "" : screen.dim(`  (${check.note})`);
    const budget = check.budget === undefined ? "" : String(check.budget);
    const line = `  ${padded(clipped(check.what, WHAT - 1), WHAT)}${right(figure(check.measured, check.unit), 18)}${right(budget, 8)}  ${sign}${note}`;
    print(screen, line.trimEnd());
  }
}

/** Shows rows of texts below a head: the first column to the left, the others to the right. */
export function printColumns(screen: Screen, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  rows.forEach((row, index) => {
    const line = row.map((cell, column) => (column === 0 ? padded(cell, widths[0] ?? 0) : right(cell, (widths[column] ?? 0) + 2))).join("");
    print(screen, index === 0 ? screen.dim(`  ${line}`) : `  ${line}`);
  });
}
