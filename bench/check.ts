/** One measured figure, with its budget if it has one. */
export interface Check {
  readonly what: string;
  readonly measured: number;
  readonly unit: string;
  /** The most that is allowed. */
  readonly budget?: number;
  /** What has to be known to read the figure. */
  readonly note?: string;
}

/** Whether a figure keeps within its budget; undefined if it has none. */
export const isKept = ({ measured, budget }: Check): boolean | undefined => (budget === undefined ? undefined : measured <= budget);

/** What one part of the bench came to. */
export interface PartResult {
  readonly checks: readonly Check[];
  /** What the figures were made of. */
  readonly details: Readonly<Record<string, unknown>>;
}
