import type { AccountInfo, Alert, StormSummary, TellReason } from "../alert";
import { SEVERITIES, type Severity } from "../finding";
import { cleanLine, clip, httpsLink } from "./clean";
import { counted, inWords, ORIGIN_NAMES } from "./words";

/** What a message about many findings says: cleaned and bounded, not yet escaped. */
export interface StormContent {
  /** The gravest of them. */
  readonly severity: Severity;
  readonly sample: boolean;
  /** `214 findings in 3 accounts`. */
  readonly title: string;
  /** Who reports them and what they are called there. */
  readonly source: string;
  /** Title of the gravest, which says what they are about. */
  readonly about: string;
  /** Why people are told of them: `9 new, 2 escalated from HIGH, 1 reminder`. */
  readonly reasons: string;
  /** Whether all of them are new. */
  readonly onlyNew: boolean;
  /** The same, and why they are told together. */
  readonly sentence: string;
  readonly count: number;
  readonly accountCount: number;
  /** `CRITICAL 3 · HIGH 211`. */
  readonly severities: string;
  /** From the first to the last. */
  readonly between: string;
  /** Those with the most findings; at most 20. */
  readonly accounts: readonly StormPlace[];
  /** How many more accounts there are. */
  readonly moreAccounts: number;
  /** The gravest; as many as were asked for. */
  readonly findings: readonly StormLine[];
  /** How many more findings the full list has. */
  readonly moreFindings: number;
  /** Console link to the full list. */
  readonly list?: string;
  readonly episode: string;
}

/** An account and how many of the findings are its own. */
export interface StormPlace {
  readonly name: string;
  readonly id: string;
  readonly count: number;
}

/** One of the findings. */
export interface StormLine {
  readonly severity: Severity;
  readonly account: string;
  readonly region: string;
  readonly resource: string;
}

/** Bounds in characters. */
const BOUNDS = { kind: 256, title: 256, name: 64, id: 256, region: 32 };

const line = (text: string, limit: number): string => clip(cleanLine(text), limit);

/**
 * Decides what a message about a storm says.
 * @param shown how many findings the message has room for.
 */
export function stormContent({ alert, storm }: { readonly alert: Alert; readonly storm: StormSummary }, shown: number): StormContent {
  const { finding } = alert;
  const kind = line(storm.kind, BOUNDS.kind);
  const findings = storm.findings.slice(0, shown);
  const reasons = reasonsInWords(storm);
  return {
    severity: finding.severity,
    sample: finding.sample,
    title: `${counted(storm.count, "finding")} in ${counted(storm.accountCount, "account")}`,
    source: [ORIGIN_NAMES[finding.origin], kind].filter(Boolean).join(" · "),
    about: line(finding.title, BOUNDS.title),
    reasons,
    onlyNew: storm.reasons.new === storm.count,
    sentence: `${reasons}. So many findings of one kind at once are told as one message.`,
    count: storm.count,
    accountCount: storm.accountCount,
    severities: [...SEVERITIES]
      .reverse()
      .flatMap((severity) => (storm.severities[severity] ? [`${severity} ${storm.severities[severity].toLocaleString("en-US")}`] : []))
      .join(" · "),
    between: `${line(inWords(storm.from), BOUNDS.name)} to ${line(inWords(storm.to), BOUNDS.name)}`,
    accounts: storm.accounts.map(({ id, name, count }) => ({ ...named({ id, name }), count })),
    moreAccounts: Math.max(0, storm.accountCount - storm.accounts.length),
    findings: findings.map(({ severity, accountId, accountName, region, resource, title }) => ({
      severity,
      account: named({ id: accountId, name: accountName }).name,
      region: line(region, BOUNDS.region),
      resource: line(resource, BOUNDS.id) || line(title, BOUNDS.id),
    })),
    moreFindings: Math.max(0, storm.count - findings.length),
    list: httpsLink(storm.list.url),
    episode: line(alert.episode, BOUNDS.id),
  };
}

/** In the order in which they are said. */
const REASONS: readonly TellReason[] = ["new", "escalated", "reopened", "reminder"];

function reasonsInWords({ reasons, escalatedFrom = [] }: StormSummary): string {
  const from = escalatedFrom.length === 0 ? "" : ` from ${escalatedFrom.join(", ").replace(/, (?=\w+$)/, " or ")}`;
  return REASONS.flatMap((reason) => {
    const count = reasons[reason] ?? 0;
    if (count === 0) {
      return [];
    }
    const words = reason === "reminder" ? counted(count, reason) : `${count.toLocaleString("en-US")} ${reason}`;
    return [reason === "escalated" ? words + from : words];
  }).join(", ");
}

/** Name and id; an account whose name nobody knows goes by its id. */
function named({ id, name }: Pick<AccountInfo, "id" | "name">): { readonly name: string; readonly id: string } {
  const cleanId = line(id, BOUNDS.name);
  return { name: line(name ?? "", BOUNDS.name) || cleanId, id: cleanId };
}
