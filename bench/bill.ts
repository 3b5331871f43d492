import { type Billed, PRICES, TRACE_PRICE } from "./prices";

/** How much of each billed thing was used; what is absent was not. */
export type Usage = Readonly<Partial<Record<Billed, number>>>;

/** A line of a bill. */
export interface BillLine {
  readonly billed: Billed;
  readonly quantity: number;
  readonly dollars: number;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  readonly dollars: number;
}

const KINDS = Object.keys(PRICES) as Billed[];

/** Several usages together, each so many times. */
export const together = (...parts: readonly (readonly [times: number, usage: Usage])[]): Usage =>
  Object.fromEntries(
    KINDS.map((kind) => [kind, parts.reduce((sum, [times, usage]) => sum + times * (usage[kind] ?? 0), 0)] as const).filter(
      ([, quantity]) => quantity !== 0,
    ),
  );

/** What a usage costs, the lines in the order of the price table. */
export function billOf(usage: Usage): Bill {
  const lines = KINDS.flatMap((billed) => {
    const quantity = usage[billed] ?? 0;
    const { dollars, per } = PRICES[billed];
    return quantity === 0 ? [] : [{ billed, quantity, dollars: (quantity / per) * dollars }];
  });
  return { lines, dollars: lines.reduce((sum, line) => sum + line.dollars, 0) };
}

/** What a budget is for: a million findings of which one in a hundred is told. */
export const FINDINGS = 1_000_000;
export const TOLD_SHARE = 0.01;

/** Usage of a million findings, from that of one told and of one repeated finding. */
export const ofAMillion = (told: Usage, repeated: Usage): Usage =>
  together([FINDINGS * TOLD_SHARE, told], [FINDINGS * (1 - TOLD_SHARE), repeated]);

/**
 * One finding in the classic design, where every import starts a Standard workflow of 6 transitions with 2.5 functions, a GetItem and a PutItem, and one in a
 * hundred ends in a mail. A function of it is taken to use 0.15 GB-seconds: 128 MB for 1.2 s, or 512 MB for 0.3 s.
 */
export const CLASSIC: Usage = {
  standardTransitions: 6,
  lambdaRequests: 2.5,
  lambdaGigabyteSeconds: 2.5 * 0.15,
  readUnits: 1,
  writeUnits: 1,
  mails: TOLD_SHARE,
};

const SECONDS_A_DAY = 86_400;

/**
 * What X-Ray costs when these invocations come evenly over one day: Lambda traces the first one of each second and five percent of the others, which cannot be
 * changed. https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
 */
export function traceDollars(invocations: number): number {
  const first = Math.min(invocations, SECONDS_A_DAY);
  return ((first + 0.05 * (invocations - first)) / TRACE_PRICE.per) * TRACE_PRICE.dollars;
}
