import type { TellReason } from "../alert";
import type { AlertSettings } from "../alert-settings";
import { durationMilliseconds } from "../duration";
import type { EpisodeRecord } from "./record";
import { firstReason, isUndelivered, NEVER, nextReminder } from "./rules";

/**
 * Why the schedule has to tell of an open episode now, or undefined if it has not. `due` only says when to look; the settings that count are today's.
 * `look`: people were told, and nothing makes it due but that somebody wanted it looked at; Security Hub knows whether it was reopened.
 */
export function dueReason(settings: AlertSettings, record: EpisodeRecord, now: number): TellReason | "look" | undefined {
  if (record.status !== "open" || record.due === undefined || Date.parse(record.due) > now) {
    return undefined;
  }
  if (record.claim === undefined) {
    return firstReason(record);
  }
  if (isUndelivered(record)) {
    return Date.parse(record.claim.until) > now ? undefined : record.claim.reason;
  }
  return Date.parse(reminderAfterLast(settings, record)) <= now ? "reminder" : "look";
}

/** When an open episode has to be reminded of, by its last delivery. */
export const reminderAfterLast = (settings: AlertSettings, { lastDelivery, severity }: EpisodeRecord): string =>
  lastDelivery === undefined ? NEVER : nextReminder(settings, severity, Date.parse(lastDelivery));

/**
 * Whether an episode of GuardDuty or Inspector is over because nothing was heard of it for long: nobody else says so. Control findings are asked for instead.
 */
export const isForgotten = (settings: Pick<AlertSettings, "forget">, record: EpisodeRecord, now: number): boolean =>
  record.origin !== "securityhub" && Date.parse(record.lastSeen) + durationMilliseconds(settings.forget) <= now;
