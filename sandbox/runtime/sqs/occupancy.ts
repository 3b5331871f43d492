/** A stretch of time; without an end while it lasts. */
export interface Stretch {
  readonly from: number;
  readonly to?: number;
}

/** The greatest number of stretches that overlap at some moment after `from` up to `to`. */
export function mostAtOnce(stretches: readonly Stretch[], from: number, to: number): number {
  const changes = stretches
    .filter((stretch) => stretch.from <= to && (stretch.to ?? Number.POSITIVE_INFINITY) > from)
    .flatMap((stretch) => [
      { time: Math.max(stretch.from, from), change: 1 },
      { time: stretch.to ?? Number.POSITIVE_INFINITY, change: -1 },
    ])
    .sort((left, right) => left.time - right.time || left.change - right.change);
  let count = 0;
  let most = 0;
  for (const { change } of changes) {
    count += change;
    most = Math.max(most, count);
  }
  return most;
}

/** The greatest age that a stretch reaches after `from` up to `to`, in milliseconds. */
export const greatestAge = (stretches: readonly Stretch[], from: number, to: number): number =>
  stretches
    .filter((stretch) => stretch.from <= to && (stretch.to ?? Number.POSITIVE_INFINITY) > from)
    .reduce((age, stretch) => Math.max(age, Math.min(stretch.to ?? to, to) - stretch.from), 0);
