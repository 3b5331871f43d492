import type { TellReason } from "../alert";
import { type AlertSettings, isAskedFor } from "../alert-settings";
import { durationMilliseconds, isoAfter } from "../duration";
import { type Finding, type Severity, severityRank } from "../finding";
import { lookAgainAt, type Mute, mutedBy } from "../mutes/mutes";
import { confirmationAttribute } from "./key";
import { type Claim, ELSEWHERE, type EpisodeRecord } from "./record";

/** Reasons not to tell. */
export type QuietReason = "duplicate" | "waiting" | "stale" | "resolved" | "filtered";

/** Nothing is told because of this mute. */
export interface Muted {
  readonly decision: "quiet";
  readonly reason: "muted";
  readonly mute: Mute;
}

/** What to do about an event, always with a reason. */
export type Decision =
  | { readonly decision: "quiet"; readonly reason: QuietReason }
  | Muted
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
  | { readonly kind: "wait"; readonly due: string }
  /** An active problem that these mutes hold for: not looked at before `due`, because of `mute`. `waits` if its severity has to wait as well. */
  | { readonly kind: "mute"; readonly due: string; readonly waits: boolean; readonly mute: Mute; readonly mutes: readonly Mute[] };

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

/** Whether what an event may tell could be muted: only then is it worth asking. */
export const isMutable = ({ kind }: Opening): boolean => kind === "claim" || kind === "wait";

/** The same for a finding that mutes hold for. Whether it is new or reopened is not known before the write, so one of either reason is enough here. */
export function mutedOpening(opening: Opening, mutes: readonly Mute[], now: number): Opening {
  const mute = mutedBy(mutes, "new") ?? mutedBy(mutes, "reopened");
  if (mute === undefined || (opening.kind !== "claim" && opening.kind !== "wait")) {
    return opening;
  }
  const waits = opening.kind === "wait";
  const lookAgain = lookAgainAt(mute, now);
  return { kind: "mute", due: waits && opening.due > lookAgain ? opening.due : lookAgain, waits, mute, mutes };
}

/** What the write answered: whether its condition held, and the record as it was before. */
export interface Observed {
  readonly accepted: boolean;
  readonly before?: EpisodeRecord;
}

/** First telling of an episode: `reopened` if people heard of the problem before. */
export const firstReason = (before: EpisodeRecord | undefined): TellReason => (before?.toldBefore ? "reopened" : "new");

/** Whether the claim was handed over and nobody has confirmed a delivery. */
export const isUndelivered = (record: EpisodeRecord): boolean =>
  record.claim !== undefined && record.claim.telling !== record.deliveredTelling;

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

/** Whether Security Hub says so of one of these findings, and people were told of the episode. */
export const isReopened = (record: EpisodeRecord, findings: readonly Finding[]): boolean => {
  const { claim } = record;
  return claim !== undefined && findings.some((finding) => isNewAgain({ ...record, claim }, finding));
};

/** Whether a problem that nobody was told of, because it is muted, has become graver since it was first found muted. */
export const hasRisen = (record: EpisodeRecord | undefined, severity: Severity): boolean =>
  record?.claim === undefined && record?.muted !== undefined && severityRank(severity) > severityRank(record.muted);

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
      case "mute":
        return untold(opening, before, finding);
    }
  }
  if (before.told !== undefined && severityRank(finding.severity) > severityRank(before.told)) {
    // If the telling before got lost, this one is the first that people hear of.
    const lost = isUndelivered(before) && Date.parse(before.claim.until) <= now;
    return { decision: "notify", reason: lost ? before.claim.reason : "escalated", claimed: false };
  }
  const told = { ...before, claim: before.claim };
  if (isNewAgain(told, finding) || isBehindOurOldMark(told, finding)) {
    const mute = opening.kind === "mute" ? mutedBy(opening.mutes, "reopened") : undefined;
    return mute === undefined ? { decision: "notify", reason: "reopened", claimed: false } : { decision: "quiet", reason: "muted", mute };
  }
  return { decision: "quiet", reason: "duplicate" };
}

/** The decision about a muted problem of which nobody was told in this episode. */
function untold({ mutes, waits }: Opening & { readonly kind: "mute" }, before: EpisodeRecord | undefined, finding: Finding): Decision {
  const reason = firstReason(before);
  const mute = hasRisen(before, finding.severity) ? undefined : mutedBy(mutes, reason);
  if (mute !== undefined) {
    return { decision: "quiet", reason: "muted", mute };
  }
  return waits ? { decision: "quiet", reason: "waiting" } : { decision: "notify", reason, claimed: false };
}

const MINUTE = 60_000;

/** A time that does not come. An episode that has it as `due` keeps its repeats from setting another. */
export const NEVER = "9999-12-31T23:59:59.999Z";

/** When an episode that was told has to be told again. */
export function nextReminder(settings: AlertSettings, severity: Finding["severity"], deliveredAt: number): string {
  const period = settings.remind[severity];
  // From the full minute on: a delivery seconds after the hour would else be reminded of an hour later each time.
  return period === undefined ? NEVER : isoAfter(Math.floor(deliveredAt / MINUTE) * MINUTE, durationMilliseconds(period));
}
