/** The middle of the values; of two middle ones their mean. */
export function median(values: readonly number[]): number {
  if (values.length === 0) {
    throw new RangeError("There is no median of no values.");
  }
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)] ?? 0;
  return Number.isInteger(middle) ? ((sorted[middle - 1] ?? 0) + upper) / 2 : upper;
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A number with so many significant digits: enough to read, few enough that a file of results does not change with every run. */
export const significant = (value: number, digits = 3): number => Number(value.toPrecision(digits));
