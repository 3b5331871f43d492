import { durationMilliseconds } from "../../functions/duration";

/**
 * Milliseconds of a duration in a replay line: those of the settings, and seconds (`60s`).
 * @throws RangeError if the text is not a duration.
 */
export function lineDuration(text: string): number {
  const seconds = /^(\d{1,9})s$/.exec(text);
  if (seconds) {
    return Number(seconds[1]) * 1000;
  }
  if (!/^\d{1,6}[mhdw]$/.test(text)) {
    throw new RangeError(`"${text}" is not a duration such as 60s, 30m, 12h, 5d or 2w`);
  }
  return durationMilliseconds(text);
}
