const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)? ?(Z|UTC|[+-]\d{2}:?\d{2})?$/i;
/** `Jun 4, 2023, 8:18:32 PM` (the space before PM may be a narrow no-break space). */
const AMERICAN = /^([A-Za-z]{3})[a-z]* (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2})(?::(\d{2}))?\s?([AP]M)$/i;
/** `Wed Sep 04 16:59:44.356 UTC 2024` */
const UNIX = /^[A-Za-z]{3} ([A-Za-z]{3}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d+))? (?:UTC|GMT|Z) (\d{4})$/i;

const digits = (value: string | undefined): number => (value === undefined ? 0 : Number(value));
/** Fraction of a second as milliseconds; GuardDuty writes up to nine digits. */
const milliseconds = (fraction: string | undefined): number => digits((fraction ?? "").padEnd(3, "0").slice(0, 3));

/** Milliseconds since the epoch, refusing what the calendar does not have (Feb 30, 25 o'clock). */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number, ms: number): number | undefined {
  if (month < 0 || hour > 23 || minute > 59 || second > 59) return undefined;
  const time = Date.UTC(year, month, day, hour, minute, second, ms);
  return new Date(time).getUTCDate() === day && new Date(time).getUTCMonth() === month ? time : undefined;
}

function offsetMinutes(zone: string | undefined): number {
  if (zone === undefined || !/^[+-]/.test(zone)) return 0;
  const [hours, minutes] = [digits(zone.slice(1, 3)), digits(zone.slice(-2))];
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function parseText(value: string): number | undefined {
  let match = ISO.exec(value);
  if (match) {
    const [, year, month, day, hour, minute, second, fraction, zone] = match;
    const time = utc(digits(year), digits(month) - 1, digits(day), digits(hour), digits(minute), digits(second), milliseconds(fraction));
    return time === undefined ? undefined : time - offsetMinutes(zone) * 60_000;
  }
  match = AMERICAN.exec(value);
  if (match) {
    const [, month = "", day, year, hour, minute, second, half = ""] = match;
    if (digits(hour) < 1 || digits(hour) > 12) return undefined;
    const hours = (digits(hour) % 12) + (half.toUpperCase() === "PM" ? 12 : 0);
    return utc(digits(year), MONTHS.indexOf(month.toLowerCase()), digits(day), hours, digits(minute), digits(second), 0);
  }
  match = UNIX.exec(value);
  if (match) {
    const [, month = "", day, hour, minute, second, fraction, year] = match;
    const index = MONTHS.indexOf(month.toLowerCase());
    return utc(digits(year), index, digits(day), digits(hour), digits(minute), digits(second), milliseconds(fraction));
  }
  return undefined;
}

/**
 * A date as the services write it, as ISO 8601 in UTC with milliseconds, or `undefined` if it cannot be read. Text without a time zone is UTC whatever
 * the machine's zone: Inspector's events name none (https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html). Numbers are
 * milliseconds since the epoch (OCSF), or seconds where they would otherwise lie in January 1970.
 */
export function isoDate(value: unknown): string | undefined {
  let time: number | undefined;
  if (typeof value === "number" && Number.isFinite(value) && value > 0) time = value < 1e11 ? value * 1000 : value;
  else if (typeof value === "string" && value.length <= 64) time = parseText(value.trim());
  // Years of four digits only: toISOString writes others with a sign, and comparing dates as text would break.
  return time !== undefined && time >= 0 && time < 253_402_300_800_000 ? new Date(time).toISOString() : undefined;
}

/** The first of the dates that can be read. */
export function firstDate(...values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const found = isoDate(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A date for people: `2026-03-01 08:41:12 UTC`. */
export function readableDate(value: unknown): string | undefined {
  const iso = isoDate(value);
  return iso === undefined ? undefined : `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}
