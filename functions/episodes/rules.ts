import type { TellReason } from "../alert";
import { type AlertSettings, isAskedFor } from "../alert-settings";
import { durationMilliseconds, isoAfter } from "../duration";
import { type Finding, severityRank } from "../finding";
import { confirmationAttribute } from "./key";
import { type Claim, ELSEWHERE, type EpisodeRecord } from "./record";

/** Reasons not to tell. */
export type QuietReason = "duplicate" | "waiting" | "stale" | "resolved" | "filtered";

/** What to do about an event, always with a reason. */
export type Decision =
  | { readonly decision: "quiet"; readonly reason: QuietReason }
  /** Tell, and the first write already took the claim. */
  | { readonly decision: "notify"; readonly reason: TellReason; readonly claimed: true }
  /** Tell, if the claim can still be taken from the state that the decision was made on. */
  | { readonly decision: "notify"; readonly reason: TellReason; readonly claimed: false }
  /** Another attempt at the very same event holds the claim: look again when its lease has run out. */
  | { readonly decision: "later" };

/** How an event is written down by its one write, decided before anything is known of its episode. */
export type Opening =
  /** Not wanted: nothing is written. */
  | { readonly kind: "ignore" }
  /** The problem is over: the episode is closed. */
  | { readonly kind: "close" }
  /** An active problem that may be told at once: the write claims the episode if nobody has. */
  | { readonly kind: "claim" }
  /** An active problem that people were told of by others (Workflow NOTIFIED): counts as told. */
  | { readonly kind: "told-elsewhere" }
  /** An active problem that has to stay unresolved until `due` before it is told. */
  | { readonly kind: "wait"; readonly due: string };

/** The first half of the decision: what the one write for this event has to be. */
export function openingOf(settings: AlertSettings, finding: Finding, now: number): Opening {
  if (!isAskedFor(settings, finding)) {
    return { kind: "ignore" };
  }
  if (finding.state === "inactive") {
    return { kind: "close" };
  }
  if (finding.workflow === "NOTIFIED") {
    return { kind: "told-elsewhere" };
  }
  const wait = settings.wait[finding.severity];
  return wait === undefined ? { kind: "claim" } : { kind: "wait", due: isoAfter(now, durationMilliseconds(wait)) };
}

/** What the write answered: whether its condition held, and the record as it was before. */
export interface Observed {
  readonly accepted: boolean;
  readonly before?: EpisodeRecord;
}

/** First telling of an episode: `reopened` if people heard of the problem before. */
export const firstReason = (before: EpisodeRecord | undefined): TellReason => (before?.toldBefore ? "reopened" : "new");

/** Whether the claim was handed over and nobody has confirmed a delivery. */
const isUndelivered = (record: EpisodeRecord): boolean => record.claim !== undefined && record.claim.telling !== record.deliveredTelling;

/**
 * Whether Security Hub set the finding back to NEW after it was NOTIFIED in this episode: by us, once Security Hub had confirmed it (before, a NEW is a late copy),
 * or by others.
 */
function isNewAgain(before: EpisodeRecord & { readonly claim: Claim }, finding: Finding): boolean {
  if (finding.workflow !== "NEW") {
    return false;
  }
  if (before.claim.by === ELSEWHERE) {
    return finding.updatedAt > before.claim.until;
  }
  const confirmation = before.confirmations[confirmationAttribute(finding.id)];
  return confirmation?.number === before.number && finding.updatedAt > confirmation.at;
}

/**
 * Whether the origin itself reports what only seems told by others: Security Hub's copy still carries our own mark of an episode that is over, and arrived first.
 */
const isBehindOurOldMark = (before: EpisodeRecord & { readonly claim: Claim }, finding: Finding): boolean =>
  before.claim.by === ELSEWHERE && !finding.fromSecurityHub && before.confirmations[confirmationAttribute(finding.id)] !== undefined;

/**
 * The second half of the decision, from what the write found.
 * @param eventId id of the event: a retry of the same event may take over its own expired claim.
 * @param now milliseconds since the epoch.
 */
export function decide(opening: Opening, observed: Observed, finding: Finding, eventId: string, now: number): Decision {
  const { accepted, before } = observed;
  if (opening.kind === "ignore") {
    return { decision: "quiet", reason: "filtered" };
  }
  // Before anything else: this event's own claim whose telling got lost, even if newer events are known by now.
  if (before?.claim?.by === eventId && isUndelivered(before)) {
    return Date.parse(before.claim.until) > now
      ? { decision: "later" }
      : { decision: "notify", reason: before.claim.reason, claimed: false };
  }
  if (!accepted) {
    return { decision: "quiet", reason: before?.suppressed && finding.updatedAt >= before.updatedAt ? "resolved" : "stale" };
  }
  if (opening.kind === "close") {
    return { decision: "quiet", reason: "resolved" };
  }
  if (before?.claim === undefined) {
    switch (opening.kind) {
      case "claim":
        return { decision: "notify", reason: firstReason(before), claimed: true };
      case "wait":
        return { decision: "quiet", reason: "waiting" };
      case "told-elsewhere":
        return { decision: "quiet", reason: "duplicate" };
    }
  }
  if (before.told !== undefined && severityRank(finding.severity) > severityRank(before.told)) {
    // If the telling before got lost, this one is the first that people hear of.
    const lost = isUndelivered(before) && Date.parse(before.claim.until) <= now;
    return { decision: "notify", reason: lost ? before.claim.reason : "escalated", claimed: false };
  }
  const told = { ...before, claim: before.claim };
  if (isNewAgain(told, finding) || isBehindOurOldMark(told, finding)) {
    return { decision: "notify", reason: "reopened", claimed: false };
  }
  return { decision: "quiet", reason: "duplicate" };
}

/**
 * Why the schedule has to tell of an open episode now, or undefined if it has not. `due` only says when to look; the settings that count are today's.
 */
export function dueReason(settings: AlertSettings, record: EpisodeRecord, now: number): TellReason | undefined {
  if (record.status !== "open" || record.due === undefined || Date.parse(record.due) > now) {
    return undefined;
  }
  if (record.claim === undefined) {
    return firstReason(record);
  }
  if (isUndelivered(record)) {
    return Date.parse(record.claim.until) > now ? undefined : record.claim.reason;
  }
  const reminder = record.lastDelivery === undefined ? NEVER : nextReminder(settings, record.severity, Date.parse(record.lastDelivery));
  return Date.parse(reminder) <= now ? "reminder" : undefined;
}

const MINUTE = 60_000;

/**
 * Whether an episode of GuardDuty or Inspector is over because nothing was heard of it for long: nobody else says so. Control findings are asked for instead.
 */
export const isForgotten = (settings: Pick<AlertSettings, "forget">, record: EpisodeRecord, now: number): boolean =>
  record.origin !== "securityhub" && Date.parse(record.lastSeen) + durationMilliseconds(settings.forget) <= now;

/** A time that does not come. An episode that has it as `due` keeps its repeats from setting another. */
export const NEVER = "9999-12-31T23:59:59.999Z";

/** When an episode that was told has to be told again. */
export function nextReminder(settings: AlertSettings, severity: Finding["severity"], deliveredAt: number): string {
  const period = settings.remind[severity];
  // From the full minute on: a delivery seconds after the hour would else be reminded of an hour later each time.
  return period === undefined ? NEVER : isoAfter(Math.floor(deliveredAt / MINUTE) * MINUTE, durationMilliseconds(period));
}
