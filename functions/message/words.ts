import type { Alert, Ending } from "../alert";
import { type Duration, durationMilliseconds } from "../duration";
import type { Finding, Origin } from "../finding";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** `1 March 2026, 09:00 UTC`; a text that is no time is shown as it is. */
export function inWords(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) {
    return time;
  }
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}, ${date.toISOString().slice(11, 16)} UTC`;
}

/** A number with its noun: `1 finding`, `1,204 findings`. */
export const counted = (count: number, noun: string): string => `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;

/** `once`, `3 times`, `1,204 times`. */
export const times = (count: number): string => (count === 1 ? "once" : `${count.toLocaleString("en-US")} times`);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `5 days`, `36 hours`, `30 minutes`: the largest unit that says it well. */
export function spanInWords(milliseconds: number): string {
  if (milliseconds >= 2 * DAY || milliseconds === DAY) {
    return counted(Math.round(milliseconds / DAY), "day");
  }
  return milliseconds >= HOUR ? counted(Math.round(milliseconds / HOUR), "hour") : counted(Math.round(milliseconds / MINUTE), "minute");
}

export const ORIGIN_NAMES: Readonly<Record<Origin, string>> = {
  securityhub: "Security Hub control",
  guardduty: "GuardDuty",
  inspector: "Amazon Inspector",
  "security-group": "Security group change",
};

/** Why people are told, in a word and in plain sentences. */
export interface Why {
  readonly word: string;
  readonly sentence: string;
}

/** What a reminder can say beyond what the alert holds. */
export interface ReminderTimes {
  /** Reminder period of the finding's severity, as in the settings (`5d`). */
  readonly period?: Duration;
  /** When the mail is made (ISO 8601). */
  readonly now?: string;
}

function reminderSentence({ lastDelivery, finding }: Alert, { period, now }: ReminderTimes): string {
  const elapsed = lastDelivery === undefined || now === undefined ? Number.NaN : Date.parse(now) - Date.parse(lastDelivery);
  const ago = elapsed >= MINUTE ? `${spanInWords(elapsed)} ago, ` : "";
  const told = lastDelivery === undefined ? "" : `, last told ${ago}on ${inWords(lastDelivery)}`;
  const repeated =
    period === undefined
      ? ""
      : ` ${finding.severity} findings are repeated every ${spanInWords(durationMilliseconds(period))} until they are resolved.`;
  return `Still unresolved${told}.${repeated}`;
}

function endingSentence(ending: Ending | undefined): string {
  switch (ending) {
    case "forgotten":
      return "Nothing was heard of it for so long that it counts as over.";
    case "no longer active":
      return "Security Hub no longer holds it as active.";
    default:
      return "Its source reports that it is over.";
  }
}

/** What a first message says of the time in which nobody was told; empty where there was none. */
function waitedSentence({ waited }: Alert, { now }: ReminderTimes): string {
  if (waited === undefined) {
    return "";
  }
  const { since, muted } = waited;
  const told = Date.parse(now ?? "");
  const minutes = Math.round((told - Date.parse(since)) / MINUTE);
  if (muted !== undefined) {
    const by = `Muted by ${muted.owner} until ${inWords(muted.until)}`;
    return Date.parse(muted.until) > told ? `${by}, which no longer holds for it. Still unresolved.` : `${by}, and still unresolved.`;
  }
  return minutes > 0 ? `It has stayed unresolved for ${spanInWords(minutes * MINUTE)}.` : `Unresolved since ${inWords(since)}.`;
}

/** Why this alert is sent. What became of it says more than the reason. */
export function whySent(alert: Alert, reminder: ReminderTimes): Why {
  const { word, sentence } = byReason(alert, reminder);
  return { word, sentence: alert.outcome ?? sentence };
}

function byReason(alert: Alert, reminder: ReminderTimes): Why {
  const { severity }: Finding = alert.finding;
  switch (alert.reason) {
    case "new":
      return { word: "New", sentence: waitedSentence(alert, reminder) || "You have not been told of this problem before." };
    case "reminder":
      return { word: "Reminder", sentence: reminderSentence(alert, reminder) };
    case "escalated": {
      const from = alert.previousSeverity === undefined ? "" : `from ${alert.previousSeverity} `;
      return { word: "Escalated", sentence: `Raised ${from}to ${severity} since you were last told.` };
    }
    case "reopened":
      return { word: "Reopened", sentence: `It was resolved or archived, and now it is back. ${waitedSentence(alert, reminder)}`.trim() };
    case "resolved":
      return { word: "Resolved", sentence: endingSentence(alert.ending) };
  }
}
