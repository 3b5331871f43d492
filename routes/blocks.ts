import { SEVERITIES, type Severity, severityRank } from "../functions/finding";
import { listed, printable } from "../sandbox/terminal/text";
import type { Muted, Perhaps, Row, Told } from "./answer";

/** Findings of one origin that fare alike, in words. */
export interface Block {
  readonly severities: string;
  readonly origin: string;
  /** Which accounts; empty if nothing tells accounts apart. */
  readonly accounts: string;
  /** New findings first, and with them whatever fares alike. */
  readonly told: readonly Pick<Told, "reasons" | "channels" | "routes">[];
  /** What may be otherwise: other routes, and mutes. */
  readonly notes: readonly string[];
  readonly state: "told" | "muted" | "nobody";
}

/** The rows that are let in: those that fare alike become one block. */
export function blocksOf(rows: readonly Row[]): Block[] {
  const isApart = new Set(rows.map(({ organizationalUnit }) => organizationalUnit)).size > 1;
  const origins = Map.groupBy(
    rows.filter((row) => row.letIn),
    ({ origin }) => origin,
  );
  return [...origins.values()].flatMap((ofOrigin) => {
    const blocks = [...Map.groupBy(ofOrigin, ({ severity }) => severity)].flatMap(([severity, ofSeverity]) =>
      [...Map.groupBy(ofSeverity, fate).values()].map((group) => ({
        severity,
        accounts: isApart ? accountsWords(group, ofSeverity) : "",
        row: group[0],
      })),
    );
    const alike = Map.groupBy(blocks, ({ accounts, row }) => accounts + (row && fate(row)));
    return [...alike.values()].flatMap((group) => {
      const { row, accounts = "" } = group[0] ?? {};
      return row === undefined ? [] : [blockOf(row, accounts, severityWords(group.map(({ severity }) => severity)))];
    });
  });
}

/** What becomes of a row's findings, as a text that can be compared. There are no reminders of some severities: that makes no difference. */
const fate = ({ told, mutes }: Row): string =>
  JSON.stringify([told.map(({ reasons, ...outcome }) => [told.length > 1 && reasons, outcome]), mutes]);

const blockOf = ({ origin, told, mutes }: Row, accounts: string, severities: string): Block => ({
  severities,
  origin,
  accounts,
  told: linesOf(told),
  notes: [...new Set([...told.flatMap(({ perhaps }) => perhaps.map(perhapsWords)), ...mutes.map(muteWords)])].map(printable),
  state: told.some(({ channels }) => channels.length === 0) ? "nobody" : mutes.some((mute) => mute.if === null) ? "muted" : "told",
});

/** Who is certainly told; what else may be so is in the notes. */
function linesOf(told: readonly Told[]): Block["told"] {
  const alike = Map.groupBy(told, ({ routes }) => routes.join());
  return [...alike.values()].map((group) => ({
    reasons: group.flatMap(({ reasons }) => reasons),
    channels: group[0]?.channels ?? [],
    routes: group[0]?.routes ?? [],
  }));
}

/** `HIGH to LOW` where there are many. */
function severityWords(severities: readonly Severity[]): string {
  const ranks = severities.map(severityRank);
  const [highest, lowest] = [Math.max(...ranks), Math.min(...ranks)];
  return severities.length > 2 && severities.length === highest - lowest + 1
    ? `${SEVERITIES[highest]} to ${SEVERITIES[lowest]}`
    : severities.join(", ");
}

function accountsWords(group: readonly Row[], all: readonly Row[]): string {
  const others = all.filter((row) => !group.includes(row));
  if (others.length === 0) {
    return "every account";
  }
  const names = (some: readonly Row[]): string => listed(some.flatMap(({ organizationalUnit }) => organizationalUnit ?? []).map(printable));
  return group.some(({ organizationalUnit }) => organizationalUnit === null) ? `outside ${names(others)}` : `below ${names(group)}`;
}

const perhapsWords = ({ continues, if: condition, channels, route }: Perhaps): string =>
  continues ? `besides ${channels.join(", ")} [${route}] if ${condition}` : `unless ${condition}: ${channels.join(", ")} [${route}]`;

const muteWords = ({ owner, reason, expires, if: condition }: Muted): string =>
  `muted ${condition === null ? "" : `if ${condition}, `}until ${expires} by ${owner}: ${reason}`;
