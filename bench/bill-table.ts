import { billOf, type Usage } from "./bill";
import { type Billed, PRICES } from "./prices";

/** Bills side by side, a row for each thing that any of them has, in dollars. */
export function billRows(columns: readonly { readonly name: string; readonly usage: Usage }[]): string[][] {
  const bills = columns.map(({ usage }) => billOf(usage));
  const kinds = (Object.keys(PRICES) as Billed[]).filter((kind) => bills.some(({ lines }) => lines.some(({ billed }) => billed === kind)));
  const cell = (dollars: number | undefined): string => (dollars === undefined ? "" : dollars.toFixed(2));
  return [
    ["$ for a million findings, 1 % told", ...columns.map(({ name }) => name)],
    ...kinds.map((kind) => [PRICES[kind].what, ...bills.map(({ lines }) => cell(lines.find(({ billed }) => billed === kind)?.dollars))]),
    ["total", ...bills.map(({ dollars }) => cell(dollars))],
  ];
}

const BEGIN = "<!-- bill: written by npm run bench -->";
const END = "<!-- /bill -->";

/** The rows as a Markdown table. */
export const markdownTable = ([head = [], ...rows]: readonly (readonly string[])[]): string =>
  [head, head.map((_, column) => (column === 0 ? "---" : "--:")), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");

/** The guide with its bill replaced. @throws if the guide has no place for it. */
export function withBill(guide: string, rows: readonly (readonly string[])[]): string {
  const start = guide.indexOf(BEGIN);
  const end = guide.indexOf(END);
  if (start < 0 || end < start) {
    throw new Error(`The guide has no place for the bill: a line "${BEGIN}" and a line "${END}".`);
  }
  return `${guide.slice(0, start + BEGIN.length)}\n${markdownTable(rows)}\n${guide.slice(end)}`;
}
