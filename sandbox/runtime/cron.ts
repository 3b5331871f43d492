/** A wall-clock minute, in no particular time zone. */
interface Wall {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const DAY = 86_400_000;

/** How far ahead a firing is looked for: beyond the next leap day of a leap century. */
const HORIZON_DAYS = 366 * 12;

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
const weekdayOf = (year: number, month: number, day: number): number => new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

/** Values of a field: `*`, `?`, lists, ranges and steps of numbers or names. */
function values(field: string, low: number, high: number, names: readonly string[] = []): ReadonlySet<number> {
  const result = new Set<number>();
  const number = (text: string): number => {
    const named = names.indexOf(text.toUpperCase());
    const value = named === -1 ? Number(text) : named + 1;
    if (!Number.isInteger(value) || value < low || value > high) {
      throw new Error(`"${field}" is not a field of an AWS cron expression: ${text} is not within ${low} to ${high}`);
    }
    return value;
  };
  for (const part of field.split(",")) {
    const [range = "", step] = part.split("/");
    const [from, to] = range === "*" || range === "?" ? [low, high] : range.split("-").map(number);
    const first = from ?? low;
    const last = to ?? (step === undefined ? first : high);
    for (let value = first; value <= last; value += step === undefined ? 1 : number(step)) {
      result.add(value);
    }
  }
  return result;
}

/** Days of a month that the fields day-of-month (with `L` and `W`) and day-of-week (with `L` and `#`) name. */
function daysOf(dayOfMonth: string, dayOfWeek: string): (year: number, month: number) => ReadonlySet<number> {
  if (dayOfWeek === "?" || dayOfWeek === "*") {
    return (year, month) => monthDays(dayOfMonth, year, month);
  }
  return (year, month) => {
    const all = Array.from({ length: daysIn(year, month) }, (_, index) => index + 1);
    const nth = /^(\w+)#([1-5])$/.exec(dayOfWeek);
    const last = /^(\w+)L$/.exec(dayOfWeek);
    const wanted = values(dayOfWeek === "L" ? "7" : (nth?.[1] ?? last?.[1] ?? dayOfWeek), 1, 7, DAYS);
    const fitting = all.filter((day) => wanted.has(weekdayOf(year, month, day)));
    return new Set(nth ? fitting.slice(Number(nth[2]) - 1, Number(nth[2])) : last ? fitting.slice(-1) : fitting);
  };
}

function monthDays(field: string, year: number, month: number): ReadonlySet<number> {
  const count = daysIn(year, month);
  const nearest = /^(\d+|L)W$/.exec(field);
  if (nearest) {
    const day = nearest[1] === "L" ? count : Math.min(Number(nearest[1]), count);
    const weekday = weekdayOf(year, month, day);
    const shift = weekday === 7 ? (day === 1 ? 2 : -1) : weekday === 1 ? (day === count ? -2 : 1) : 0;
    return new Set([day + shift]);
  }
  return field === "L" ? new Set([count]) : values(field, 1, 31);
}

/** Milliseconds that a time zone is ahead of UTC at a time. */
function offset(time: number, zone: string): number {
  if (zone === "UTC") {
    return 0;
  }
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
}

/** The time of a wall-clock minute in a zone; `undefined` for one that the change to summer time skips. */
function timeOf({ year, month, day, hour, minute }: Wall, zone: string): number | undefined {
  const wall = Date.UTC(year, month - 1, day, hour, minute);
  const time = wall - offset(wall - offset(wall, zone), zone);
  return time + offset(time, zone) === wall ? time : undefined;
}

/**
 * Compiles the six fields of an AWS cron expression (minutes, hours, day of month, month, day of week, year; one of the two day fields is `?`) to a function that gives the first
 * firing after a time, or `undefined` when there is none.
 */
export function cron(fields: string, zone = "UTC"): (after: number) => number | undefined {
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year, ...rest] = fields.trim().split(/\s+/);
  if (
    minutes === undefined ||
    hours === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined ||
    year === undefined ||
    rest.length > 0
  ) {
    throw new Error(`"${fields}" is not an AWS cron expression: it has six fields`);
  }
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    throw new Error(`"${fields}" is not an AWS cron expression: exactly one of day of month and day of week is "?"`);
  }
  const allMinutes = [...values(minutes, 0, 59)].sort((left, right) => left - right);
  const allHours = [...values(hours, 0, 23)].sort((left, right) => left - right);
  const months = values(month, 1, 12, MONTHS);
  const years = values(year, 1970, 2199);
  const days = daysOf(dayOfMonth, dayOfWeek);
  days(2024, 2);
  return (after) => {
    const start = new Date(after + offset(after, zone));
    const first = Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate());
    for (let index = 0; index < HORIZON_DAYS; index += 1) {
      const date = new Date(first + index * DAY);
      const wall = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
      if (!years.has(wall.year) || !months.has(wall.month) || !days(wall.year, wall.month).has(wall.day)) {
        continue;
      }
      for (const hour of allHours) {
        for (const minute of allMinutes) {
          const time = timeOf({ ...wall, hour, minute }, zone);
          if (time !== undefined && time > after) {
            return time;
          }
        }
      }
    }
    return undefined;
  };
}
