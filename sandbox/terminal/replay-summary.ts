import type { Report } from "../replay/report";
import { print, type Screen } from "./screen";
import { clipped, counted, padded, printable } from "./text";

/** Lines of each table that are shown; the report has all. */
const SHOWN = 40;

type Row = readonly string[];

/** Shows a table with aligned columns; the last one takes what is left of the width. */
function printTable(screen: Screen, title: string, head: Row, rows: readonly Row[]): void {
  if (rows.length === 0) {
    return;
  }
  const shown = rows.slice(0, SHOWN).map((row) => row.map(printable));
  const widths = head.map((name, column) => Math.min(28, Math.max(name.length, ...shown.map((row) => (row[column] ?? "").length))));
  const line = (row: Row): string => {
    const cells = row.slice(0, -1).map((cell, column) => padded(clipped(cell, widths[column] ?? 0), widths[column] ?? 0));
    const used = cells.reduce((sum, cell) => sum + cell.length + 2, 2);
    return `  ${[...cells, clipped(row.at(-1) ?? "", Math.max(20, screen.width - used))].join("  ")}`.trimEnd();
  };
  print(screen, "", screen.bold(title), screen.dim(line(head)), ...shown.map(line));
  if (rows.length > SHOWN) {
    print(screen, screen.dim(`  … and ${rows.length - SHOWN} more (--report FILE writes all)`));
  }
}

/**
 * Shows what came of a replay.
 * @param notes what could not be emulated.
 */
export function printReplaySummary(screen: Screen, report: Report, lines: number, notes: readonly string[]): void {
  printTable(
    screen,
    "Events",
    ["line", "decision", "reason", "rules"],
    report.events.map(({ line, decision, reason, matched }) => [String(line), decision, reason ?? "", matched.join(", ")]),
  );
  printTable(
    screen,
    "Deliveries",
    ["at", "kind", "channel", "reason", "account", "title"],
    report.deliveries.map(({ at, kind, channel, reason, accountName, title, payload }) => [
      at.slice(0, 19).replace("T", " "),
      kind,
      channel ?? "?",
      reason ?? "?",
      accountName ?? "?",
      title ?? String(payload.subject ?? ""),
    ]),
  );
  printTable(
    screen,
    "Presses",
    ["line", "button", "user", "accepted", "reason"],
    report.presses.map(({ line, button, user, accepted, reason }) => [String(line), button, user, accepted ? "yes" : "no", reason ?? ""]),
  );
  printTable(
    screen,
    "Changes",
    ["at", "account", "operation", "id", "undo"],
    report.changes.map(({ at, accountId, operation, id, undo, undoes }) => [
      at.slice(0, 19).replace("T", " "),
      accountId,
      operation,
      id ?? "?",
      undoes === null ? (undo ?? "none") : `undoes ${undoes}`,
    ]),
  );
  printTable(
    screen,
    "Dead letters",
    ["line", "queue", "error"],
    report.deadLetters.map(({ line, queue, error }) => [String(line), queue, error]),
  );
  printTable(
    screen,
    "Denied",
    ["action", "principal", "resource"],
    report.denied.map(({ action, principal, resource }) => [action, principal.split("/").at(-1) ?? principal, resource]),
  );
  printTable(
    screen,
    "Notes of the emulator",
    [""],
    notes.map((note) => [note]),
  );
  print(
    screen,
    "",
    `  ${[
      counted(lines, "line"),
      counted(report.events.length, "event"),
      counted(report.deliveries.length, "delivery", "deliveries"),
      counted(report.deadLetters.length, "dead letter"),
      `${report.denied.length} denied`,
      ...(report.alarms.length > 0 ? [screen.bad(`in ALARM: ${report.alarms.join(", ")}`)] : []),
    ].join(" · ")}`,
  );
}
