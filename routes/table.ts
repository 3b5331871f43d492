import type { AccountInfo } from "../functions/alert";
import { print, type Screen } from "../sandbox/terminal/screen";
import { listed, padded, printable, textWidth, wrapped } from "../sandbox/terminal/text";
import type { Settings } from "../settings";
import type { Row } from "./answer";
import { type Block, blocksOf } from "./blocks";
import { whenWords } from "./words";

/** What was asked, and the answer. */
export interface Answered {
  readonly stack: string;
  readonly account: AccountInfo | undefined;
  readonly rows: readonly Row[];
}

interface Line {
  readonly severities: string;
  readonly origin: string;
  /** And the reasons, where they make a difference. */
  readonly accounts: string;
  readonly channels: string;
  readonly routes: string;
}

const HEAD: Line = { severities: "severity", origin: "origin", accounts: "accounts", channels: "who is told", routes: "by route" };
const COLUMNS = ["severities", "origin", "accounts"] as const;

/** Shows who is told, with the routes that lead there, and what is not let in. */
export function printRoutes(screen: Screen, settings: Settings, { stack, account, rows }: Answered): void {
  print(screen, "", `  ${screen.bold(titleOf(stack, account))}`);
  printBlocks(screen, blocksOf(rows));
  printUsed(screen, settings, rows);
  printLeftOut(screen, rows);
  print(screen, "");
}

function titleOf(stack: string, account: AccountInfo | undefined): string {
  if (account === undefined) {
    return `Who is told in stack ${stack}`;
  }
  const path = account.path?.length ? ` (${account.path.join(" / ")})` : "";
  return `Who is told in stack ${stack} of findings in ${printable(`${account.name ?? "?"} ${account.id}${path}`)}`;
}

function printBlocks(screen: Screen, blocks: readonly Block[]): void {
  const head = blocks.some(({ accounts }) => accounts !== "") ? HEAD : { ...HEAD, accounts: "" };
  const lines = blocks.map(linesOf);
  const all = [head, ...lines.flat()];
  const widths = COLUMNS.map((column) => Math.max(...all.map((line) => textWidth(line[column]))));
  const indent = 4 + widths.reduce((sum, width) => sum + (width === 0 ? 0 : width + 2), 0);
  const left = screen.width - indent - 2 - Math.max(...all.map(({ routes }) => routes.length));
  const width = Math.min(Math.max(longestName(blocks), left), Math.max(...all.map(({ channels }) => textWidth(channels))));
  if (blocks.length > 0) {
    print(screen, "", screen.dim(`    ${cells(head, widths)}${padded(head.channels, width)}  ${head.routes}`));
  }
  for (const [index, block] of blocks.entries()) {
    for (const [number, line] of lines[index]?.entries() ?? []) {
      const [first = "", ...more] = wrapped(line.channels, width);
      print(
        screen,
        `  ${number === 0 ? signOf(screen, block) : " "} ${cells(line, widths)}${padded(first, width)}  ${screen.dim(line.routes)}`.trimEnd(),
        ...more.map((text) => " ".repeat(indent) + text),
      );
    }
    print(screen, ...block.notes.flatMap((note) => wrapped(note, screen.width - 6)).map((text) => screen.dim(`      ${text}`)));
  }
}

const signOf = (screen: Screen, { state }: Block): string =>
  ({ told: screen.good("✓"), muted: screen.dim("–"), nobody: screen.bad("✗") })[state];

const linesOf = ({ severities, origin, accounts, told }: Block): Line[] =>
  told.map(({ reasons, channels, routes }, index) => ({
    severities: index === 0 ? severities : "",
    origin: index === 0 ? origin : "",
    accounts: index === 0 ? accounts : `${accounts && "  "}as ${reasons.join(", ")}`,
    channels: channels.length === 0 ? "nobody" : channels.join(", "),
    routes: routes.map((route) => `[${route}]`).join(" "),
  }));

/** Columns of the longest name of a channel, with the comma after it: names are never cut, however little is left. */
const longestName = (blocks: readonly Block[]): number =>
  1 + Math.max(0, ...blocks.flatMap(({ told }) => told.flatMap(({ channels }) => channels.map(textWidth))));

const cells = (line: Line, widths: readonly number[]): string =>
  COLUMNS.map((column, index) => (widths[index] ? `${padded(line[column], widths[index])}  ` : "")).join("");

/** The routes that the rows name, in words. */
function printUsed(screen: Screen, { routes }: Settings, rows: readonly Row[]): void {
  const used = new Set(rows.flatMap(({ told }) => told.flatMap((one) => [...one.routes, ...one.perhaps.map(({ route }) => route)])));
  if (used.size > 0) {
    print(screen, "", screen.dim("    tocsin:routes: the first that fits counts; one that continues goes on"));
  }
  for (const [index, { when = {}, to, continue: continues }] of routes.entries()) {
    if (used.has(index)) {
      const text = `${whenWords(when)} → ${to.join(", ")}${continues ? ", continues" : ""}`;
      const [first = "", ...more] = wrapped(printable(text), screen.width - 9);
      print(screen, `    ${screen.dim(`[${index}]`)}  ${first}`, ...more.map((line) => `         ${line}`));
    }
  }
}

/** What no source lets in, a line an origin. */
function printLeftOut(screen: Screen, rows: readonly Row[]): void {
  const leftOut = Map.groupBy(
    rows.filter((row) => !row.letIn),
    ({ origin }) => origin,
  );
  const sentences = [...leftOut].map(([origin, group]) =>
    origin === "security-group"
      ? "not let in: security-group findings, as there is no tocsin:securityGroupGuard"
      : `not let in: no source asks for ${listed([...new Set(group.map(({ severity }) => severity))])} ${origin} findings`,
  );
  if (sentences.length > 0) {
    print(screen, "", ...sentences.flatMap((sentence) => wrapped(sentence, screen.width - 4)).map((text) => screen.dim(`    ${text}`)));
  }
}
