import type { AccountInfo } from "../alert";
import { SEVERITIES, type Severity } from "../finding";
import { cleanLine, clip, httpsLink } from "../message/clean";
import { counted, spanInWords, inWords as timeInWords } from "../message/words";
import { PERIODS, type Period } from "./due";
import { isOver } from "./mutes";
import type { Subscription } from "./subscriptions";
import type { AccountTally, Entry, MuteTally, Severities, Tally } from "./tally";
import { inWords } from "./words";

/** A finding in a list of the digest. */
export interface Row {
  readonly severity: Severity;
  readonly title: string;
  readonly account: string;
  /** Region and resource. */
  readonly place: string;
  /** For how long, or when. */
  readonly when: string;
  /** Console link; an https address. */
  readonly href?: string;
}

/** A list, and how many more there are. */
export interface Listed<T> {
  readonly rows: readonly T[];
  readonly more: number;
}

export interface AccountRow {
  readonly name: string;
  /** Absent where nobody knows the name. */
  readonly id?: string;
  readonly path: string;
  readonly open: number;
  readonly severities: Severities;
}

export interface MuteRow {
  readonly reason: string;
  readonly owner: string;
  /** Which findings it is about. */
  readonly about: string;
  /** Until when, and what to do about it. */
  readonly until: string;
  readonly state: "lasts" | "expires soon" | "expired";
}

/** Everything that a digest says: cleaned and bounded, not yet escaped. Both parts of the mail show this. */
export interface DigestContent {
  readonly period: Period;
  /** Which findings it is about. */
  readonly route: string;
  /** From when to when. */
  readonly span: string;
  readonly open: number;
  readonly critical: number;
  readonly added: number;
  readonly resolved: number;
  readonly muted: number;
  readonly untold: number;
  /** The gravest first, those that are there. */
  readonly severities: readonly { readonly severity: Severity; readonly count: number }[];
  readonly accounts: Listed<AccountRow>;
  readonly lists: readonly { readonly heading: string; readonly list: Listed<Row> }[];
  readonly mutes: Listed<MuteRow>;
}

/** Bounds in characters. */
const BOUNDS = { title: 140, name: 64, path: 120, place: 120, reason: 160 };

/** Accounts and mutes that are shown. */
const ACCOUNTS_SHOWN = 15;
const MUTES_SHOWN = 20;

const line = (text: string, limit: number): string => clip(cleanLine(text), limit);

/** Decides what a digest says. */
export function digestContent({ index, route, period }: Subscription, tally: Tally): DigestContent {
  const { now, since, severities, accounts } = tally;
  return {
    period,
    route: inWords(route.when, index > 0),
    span: `${timeInWords(new Date(since).toISOString())} to ${timeInWords(new Date(now).toISOString())}`,
    open: tally.open,
    critical: severities.CRITICAL ?? 0,
    added: tally.added.count,
    resolved: tally.resolved.count,
    muted: tally.muted,
    untold: tally.untold,
    severities: SEVERITIES.toReversed()
      .map((severity) => ({ severity, count: severities[severity] ?? 0 }))
      .filter(({ count }) => count > 0),
    accounts: {
      rows: accounts.slice(0, ACCOUNTS_SHOWN).map(accountRow),
      more: Math.max(0, accounts.length - ACCOUNTS_SHOWN),
    },
    lists: [
      { heading: `New (${number(tally.added.count)})`, list: listed(tally.added, (entry) => row(entry, addedWhen(entry))) },
      { heading: `Resolved (${number(tally.resolved.count)})`, list: listed(tally.resolved, (entry) => row(entry, resolvedWhen(entry))) },
      { heading: "Open the longest", list: { ...listed(tally.longest, (entry) => row(entry, longestWhen(entry, now))), more: 0 } },
    ],
    mutes: muteRows(tally.muteTallies, period, now),
  };
}

const listed = <T, R>({ first, count }: { readonly first: readonly T[]; readonly count: number }, row: (item: T) => R): Listed<R> => ({
  rows: first.map(row),
  more: count - first.length,
});

const number = (count: number): string => count.toLocaleString("en-US");

const nameOf = ({ id, name }: AccountInfo): string => line(name ?? "", BOUNDS.name) || line(id, BOUNDS.name);

function row({ finding, account }: Entry, when: string): Row {
  const [resource] = finding.resources;
  return {
    severity: finding.severity,
    title: line(finding.title, BOUNDS.title) || line(finding.kind, BOUNDS.title) || "A finding without a title",
    account: nameOf(account),
    place: [line(finding.region, BOUNDS.name), line(resource?.name || resource?.id || "", BOUNDS.place)].filter(Boolean).join(" · "),
    when,
    href: httpsLink(finding.consoleUrl),
  };
}

function addedWhen({ record: { claim, lastDelivery }, finding }: Entry): string {
  const isBack = claim?.reason === "reopened" && lastDelivery !== undefined;
  return isBack ? `back, told ${timeInWords(lastDelivery)}` : `first seen ${line(timeInWords(finding.firstSeen), BOUNDS.name)}`;
}

const resolvedWhen = ({ record }: Entry): string => `resolved ${line(timeInWords(record.closedThrough ?? ""), BOUNDS.name)}`;

function longestWhen({ finding: { firstSeen } }: Entry, now: number): string {
  const age = now - Date.parse(firstSeen);
  return age > 0 ? `for ${spanInWords(age)}` : `since ${line(timeInWords(firstSeen), BOUNDS.name)}`;
}

function accountRow({ account, open, severities }: AccountTally): AccountRow {
  const name = nameOf(account);
  return {
    name,
    ...(name !== account.id && { id: line(account.id, BOUNDS.name) }),
    path: line((account.path ?? []).map(cleanLine).join(" › "), BOUNDS.path),
    open,
    severities,
  };
}

/** The mutes that concern the reader: those that cover something here, and those that somebody has to decide about. Expired ones first. */
function muteRows(tallies: readonly MuteTally[], period: Period, now: number): Listed<MuteRow> {
  const rows = tallies
    .filter(({ mute, covered }) => covered > 0 || Date.parse(mute.expires) <= now + PERIODS[period])
    .toSorted((left, right) => Date.parse(left.mute.expires) - Date.parse(right.mute.expires))
    .map((tally) => muteRow(tally, period, now));
  return { rows: rows.slice(0, MUTES_SHOWN), more: Math.max(0, rows.length - MUTES_SHOWN) };
}

function muteRow({ mute, covered }: MuteTally, period: Period, now: number): MuteRow {
  const left = Date.parse(mute.expires) - now;
  const time = timeInWords(mute.expires);
  const over = isOver(mute, now);
  const about = inWords(mute.when);
  const upTo = mute.highestSeverity === undefined ? "" : `, up to ${mute.highestSeverity.toLowerCase()}`;
  // The table does not keep the tags of resources.
  const findings = mute.when.tags === undefined ? `${counted(covered, "finding")} here` : "findings by their tags";
  return {
    reason: line(mute.reason, BOUNDS.reason),
    owner: line(mute.owner, BOUNDS.name),
    about: about + upTo,
    until: over
      ? `expired ${time}: no longer in force, take it out of the settings (it would cover ${findings})`
      : `until ${time}, in ${spanInWords(left)}; covers ${findings}`,
    state: over ? "expired" : left <= PERIODS[period] ? "expires soon" : "lasts",
  };
}
