import { print, type Screen } from "../sandbox/terminal/screen";
import { clipped, counted, padded, printable, textWidth, wrapped } from "../sandbox/terminal/text";
import type { Coverage, Row } from "./coverage";

/** Most columns of an account's name. */
const NAME = 30;

/** Regions of an account that fare alike. */
interface Line {
  readonly account: string;
  readonly id: string;
  readonly regions: readonly string[];
  readonly reason: string | null;
}

/** Shows the accounts and their Regions, what is missing last: with thousands of accounts it is what remains on the screen. */
export function printCoverage(screen: Screen, { rows, covered, missing, suspended }: Coverage): void {
  const lines = linesOf(rows);
  const width = Math.max("account".length, ...lines.map(({ account }) => textWidth(account)));
  const indent = width + 20;
  print(screen, "", screen.dim(`    ${padded("account", width)}  ${padded("id", 12)}  Regions`));
  for (const { account, id, regions, reason } of lines) {
    const [first = "", ...others] = wrapped(regions.join(", "), screen.width - indent);
    const sign = reason === null ? screen.good("✓") : screen.bad("✗");
    print(screen, `  ${sign} ${padded(account, width)}  ${id}  ${first}`, ...others.map((text) => " ".repeat(indent) + text));
    if (reason !== null) {
      print(screen, ...wrapped(reason, screen.width - 6).map((text) => screen.dim(`      ${text}`)));
    }
  }
  const total = `${covered} of ${covered + missing} covered (account × Region)`;
  print(
    screen,
    "",
    `  ${missing === 0 ? screen.good(total) : screen.bad(`${total}, ${missing} missing`)}${
      suspended > 0 ? screen.dim(` · left out: ${counted(suspended, "account")} not active`) : ""
    }`,
    "",
  );
}

function linesOf(rows: readonly Row[]): readonly Line[] {
  const alike = Map.groupBy(rows, ({ accountId, reason }) => `${accountId} ${reason ?? ""}`);
  const lines = [...alike.values()].map((group): Line => {
    const { accountId = "", accountName = null, reason = null } = group[0] ?? {};
    // Names and reasons are other people's texts.
    return {
      account: clipped(printable(accountName ?? "?"), NAME),
      id: accountId,
      regions: group.map(({ region }) => region),
      reason: reason === null ? null : printable(reason),
    };
  });
  return [...lines.filter(({ reason }) => reason === null), ...lines.filter(({ reason }) => reason !== null)];
}
