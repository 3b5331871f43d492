import type { AccountInfo, Alert, AlertReason, StormFinding, StormSummary } from "../alert";
import { type Finding, SEVERITIES, type Severity, severityRank } from "../finding";
import type { Held } from "./held";
import { type Part, partId, partKey } from "./key";

/** A held episode with all that is told of it. */
export interface Listed {
  readonly held: Held;
  readonly finding: Finding;
  readonly account: AccountInfo;
}

/** Accounts and findings that a summary names at most. */
const MOST_ACCOUNTS = 20;
const MOST_FINDINGS = 300;
/** Bytes of findings that it names at most: with the rest the input of the workflow stays below 200 KB; an Express execution takes 256. */
const MOST_BYTES = 130_000;
/** Bytes of the gravest one's resources that go with it. */
const MOST_RESOURCES = 16_384;

/** The gravest first; among the same, by account and place. */
export function inOrder<T extends Listed>(listed: readonly T[]): readonly T[] {
  const place = ({ finding }: Listed): string => [finding.accountId, finding.region, finding.resources[0]?.id, finding.id].join(" ");
  return listed
    .map((one) => ({ one, rank: severityRank(one.finding.severity), place: place(one) }))
    .sort((a, b) => b.rank - a.rank || (a.place < b.place ? -1 : 1))
    .map(({ one }) => one);
}

/**
 * The alert that tells one channel of many findings.
 * @param listed at least one, in order.
 */
export function stormAlert(part: Part, listed: readonly [Listed, ...Listed[]], list: StormSummary["list"]): Alert {
  const [{ finding }] = listed;
  return {
    telling: partId(part),
    episode: partId(part),
    number: part.number,
    key: partKey(part),
    reason: commonest(listed.map(({ held }) => held.record.claim.reason)),
    finding: { ...finding, resources: fitting(finding.resources, MOST_RESOURCES) },
    seen: listed.length,
    told: {},
    storm: summary(part, listed, list),
    // The flusher marks them itself: ten thousand marks do not fit into a workflow.
    markable: false,
    marks: [],
  };
}

function summary({ storm }: Part, listed: readonly Listed[], list: StormSummary["list"]): StormSummary {
  const times = listed.map(({ held }) => held.note.at).sort();
  const reasons = listed.map(({ held }) => held.record.claim.reason);
  const from = new Set(listed.map(escalatedFrom));
  const accounts = [...Map.groupBy(listed, ({ account }) => account.id)]
    .map(([id, own]) => ({ id, name: own[0]?.account.name, count: own.length }))
    .sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1));
  return {
    kind: storm.kind,
    from: times[0] ?? "",
    to: times.at(-1) ?? "",
    count: listed.length,
    severities: Object.fromEntries([...Map.groupBy(listed, ({ finding }) => finding.severity)].map(([name, own]) => [name, own.length])),
    reasons: Object.fromEntries([...Map.groupBy(reasons, (reason) => reason)].map(([reason, own]) => [reason, own.length])),
    escalatedFrom: SEVERITIES.filter((severity) => from.has(severity)),
    accounts: accounts.slice(0, MOST_ACCOUNTS),
    accountCount: accounts.length,
    findings: fitting(listed.slice(0, MOST_FINDINGS).map(inShort), MOST_BYTES),
    list,
  };
}

const inShort = ({ finding, account }: Listed): StormFinding => ({
  id: finding.id,
  severity: finding.severity,
  title: finding.title,
  accountId: account.id,
  ...(account.name !== undefined && { accountName: account.name }),
  region: finding.region,
  resource: finding.resources[0]?.id ?? "",
});

/** The first ones that together have so many bytes at most. */
function fitting<T>(many: readonly T[], bytes: number): readonly T[] {
  let room = bytes;
  const end = many.findIndex((one) => {
    room -= Buffer.byteLength(JSON.stringify(one)) + 1;
    return room < 0;
  });
  return end < 0 ? many : many.slice(0, end);
}

/** What an escalated finding was told as before. */
export const escalatedFrom = ({ held: { record, note } }: Pick<Listed, "held">): Severity | undefined =>
  record.claim.reason === "escalated" ? note.previousSeverity : undefined;

function commonest(reasons: readonly AlertReason[]): AlertReason {
  const groups = [...Map.groupBy(reasons, (reason) => reason)];
  return groups.reduce((most, group) => (group[1].length > most[1].length ? group : most), ["new", []] as [AlertReason, AlertReason[]])[0];
}
