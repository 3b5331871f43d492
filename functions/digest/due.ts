/** How often a digest is sent. */
export type Period = "daily" | "weekly";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONDAY = 1;

/** Length of a period, in milliseconds. */
export const PERIODS: Readonly<Record<Period, number>> = { daily: DAY, weekly: 7 * DAY };

/** Least time between two digests, so that a run by hand sends none twice on a day. */
const PAUSE = 20 * HOUR;

/** From when on a weekly digest is due on any day: half a day early, because a run does not start to the second. */
const NEARLY_A_WEEK = 6.5 * DAY;

/**
 * Whether a digest has to be sent now. One that never was is due at once, so that a new stack shows its first digest; from then on a weekly one keeps to Mondays.
 * @param lastSent when it was last sent, in milliseconds since the epoch; undefined if never.
 * @param now milliseconds since the epoch.
 */
export function isDue(period: Period, lastSent: number | undefined, now: number): boolean {
  if (lastSent === undefined) {
    return true;
  }
  const elapsed = now - lastSent;
  const paused = elapsed >= PAUSE;
  return period === "daily" ? paused : elapsed >= NEARLY_A_WEEK || (paused && new Date(now).getUTCDay() === MONDAY);
}
