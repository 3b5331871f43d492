/** Matches where a field is not there: most fields of a finding are optional. */
export const ABSENT = { exists: false } as const;

/** Matches any text. */
export const ANY_TEXT = { prefix: "" } as const;

/** Matches every value but these. */
export const anythingBut = (values: string | number | readonly string[] | readonly number[]) => ({ "anything-but": values });

/** Matches numbers from `low` up to, but without `high`. */
export const from = (low: number, high?: number) => ({ numeric: high === undefined ? [">=", low] : [">=", low, "<", high] });

/** Matches the ARN of an AWS product in Security Hub: `…product/aws/guardduty` in ASFF, `…productv2/aws/guardduty` in OCSF. */
export const product = (origin: string) => ({ suffix: `/aws/${origin}` });
