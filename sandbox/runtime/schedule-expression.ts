import { cron } from "./cron";

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Compiles `rate(1 hour)`, `cron(0 6 * * ? *)` or `at(2026-03-02T06:00:00)`: to the first firing after a time, for a schedule that began at another.
 * A rate fires first one period after it began.
 */
export function scheduleExpression(expression: string, began: number, zone = "UTC"): (after: number) => number | undefined {
  const [, kind, content = ""] = /^(rate|cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === "rate") {
    const [, count, unit] = /^(\d+) (minute|hour|day)s?$/.exec(content.trim()) ?? [];
    const period = Number(count) * (UNITS[unit ?? ""] ?? Number.NaN);
    if (period > 0) {
      return (after) => began + (Math.floor(Math.max(0, after - began) / period) + 1) * period;
    }
  }
  if (kind === "cron") {
    return cron(content, zone);
  }
  if (kind === "at") {
    const time = Date.parse(`${content.trim()}Z`);
    if (!Number.isNaN(time) && zone === "UTC") {
      return (after) => (time > after ? time : undefined);
    }
  }
  throw new Error(`the sandbox cannot run the schedule ${expression}${zone === "UTC" ? "" : ` in ${zone}`}`);
}
