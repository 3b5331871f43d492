import type { AccountInfo, AlertReason } from "../alert";
import { isoAfter } from "../duration";
import { type Finding, type Severity, severityRank } from "../finding";
import { fits } from "../routing/match";
import type { When } from "../routing/route";

/** `tocsin:mutes` of the settings: what is not told for a while. */
export interface Mute {
  readonly when: When;
  /** When it ends, ISO 8601 with any time zone. */
  readonly expires: string;
  /** Graver findings are told all the same. Default: none is. */
  readonly highestSeverity?: Severity;
  /** Who answers for it. */
  readonly owner: string;
  /** Why. */
  readonly reason: string;
}

/** What mutes look at; `reason` is asked for by itself (`mutedBy`), because it is known only later. */
export type Mutable = Pick<Finding, "severity" | "origin" | "accountId" | "accountName" | "resources">;

/** Whether a mute holds for a finding, as far as the finding alone can say: `ask` where that depends on the account's name or its organizational units. */
type Holding = "yes" | "no" | "ask";

const isActive = ({ expires, highestSeverity }: Mute, { severity }: Mutable, now: number): boolean =>
  now < Date.parse(expires) && (highestSeverity === undefined || severityRank(severity) <= severityRank(highestSeverity));

/** Whether this is the id of an account, and not its name. */
export const isAccountId = (account: string): boolean => /^\d{12}$/.test(account);

/** Whether a mute holds for a finding, without asking anybody about its account. */
export function holds(mute: Mute, finding: Mutable, now: number): Holding {
  const { accounts, organizationalUnits, reasons: _later, ...own } = mute.when;
  const subject = { finding, account: { id: finding.accountId }, reason: "new" } as const;
  if (!isActive(mute, finding, now) || !fits(own, subject)) {
    return "no";
  }
  if (fits({ accounts, organizationalUnits }, subject)) {
    return "yes";
  }
  // An event that carries the account's name, or a list of ids alone, leaves nothing to ask.
  const isAnother = !fits({ accounts }, subject) && (finding.accountName !== undefined || accounts?.every(isAccountId) === true);
  return isAnother ? "no" : "ask";
}

/** Whether a mute that may hold (`ask`) does so for a finding of this account. */
export function holdsIn({ when: { accounts, organizationalUnits } }: Mute, finding: Mutable, account: AccountInfo): boolean {
  return fits({ accounts, organizationalUnits }, { finding, account, reason: "new" });
}

/** Which of the mutes that hold for a finding keeps a message of this reason back: the one that ends last. */
export function mutedBy(holding: readonly Mute[], reason: AlertReason): Mute | undefined {
  return holding
    .filter(({ when: { reasons } }) => reasons === undefined || reasons.includes(reason))
    .reduce<Mute | undefined>((last, mute) => (last !== undefined && endOf(last) >= endOf(mute) ? last : mute), undefined);
}

/** When a mute ends, ISO 8601 in UTC. */
export const endOf = ({ expires }: Mute): string => new Date(Date.parse(expires)).toISOString();

const DAY = 86_400_000;

/** When to look again at what is muted: at its end, but within a day, so that a mute that was taken out of the settings is noticed. */
export function lookAgainAt(mute: Mute, now: number): string {
  const [end, tomorrow] = [endOf(mute), isoAfter(now, DAY)];
  return end < tomorrow ? end : tomorrow;
}
