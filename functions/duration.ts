/** A duration as the settings write it: a whole number and `m`, `h`, `d` or `w`, for example `30m` or `5d`. */
export type Duration = string;

const MILLISECONDS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Milliseconds of a duration.
 * @throws RangeError if the text is not a duration.
 */
export function durationMilliseconds(duration: Duration): number {
  const unit = MILLISECONDS[duration.slice(-1)];
  const amount = duration.slice(0, -1);
  if (unit === undefined || !/^\d+$/.test(amount)) {
    throw new RangeError(`"${duration}" is not a duration such as 30m, 12h, 5d or 2w`);
  }
  return Number(amount) * unit;
}

/** The ISO time a number of milliseconds after another time. */
export const isoAfter = (time: number, milliseconds: number): string => new Date(time + milliseconds).toISOString();
