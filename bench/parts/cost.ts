import { billOf, CLASSIC, FINDINGS, ofAMillion, together, traceDollars, type Usage } from "../bill";
import type { PartResult } from "../check";
import { PRICES_IN, PRICES_OF } from "../prices";
import { type Measurements, REPEATED, type Scenario, TOLD } from "../scenarios";
import { significant } from "../statistics";

/** What a million findings may cost, in dollars. */
const BUDGET = 2.5;

/** A million findings that came in a certain way. */
export interface Million {
  /** Heading of the bill's column. */
  readonly name: string;
  readonly usage: Usage;
}

/** Usage of a million findings in each scenario, and in the classic design. */
export const millions = ({ writeBack, burst, even }: Measurements): Million[] => {
  const scaled = ({ told, repeated }: Scenario): Usage =>
    rounded(ofAMillion(together([1 / TOLD, told.usage]), together([1 / REPEATED, repeated.usage])));
  return [
    { name: "write-back holds", usage: scaled(writeBack) },
    { name: "repeats pass, in bursts", usage: scaled(burst) },
    { name: "repeats pass, one by one", usage: scaled(even) },
    { name: "classic design", usage: together([FINDINGS, CLASSIC]) },
  ];
};

const cents = (dollars: number): number => Number(dollars.toFixed(2));

const rounded = (usage: Usage): Usage => Object.fromEntries(Object.entries(usage).map(([kind, quantity]) => [kind, significant(quantity)]));

/** What a million findings cost of which one in a hundred is told. */
export function cost(measured: Measurements): PartResult {
  const bills = millions(measured);
  return {
    checks: [
      // The classic design, the last one, is only there to compare with.
      ...bills.map(({ name, usage }, index) => ({
        what: `a million findings, ${name}`,
        measured: cents(billOf(usage).dollars),
        unit: "$",
        ...(index < bills.length - 1 && { budget: BUDGET }),
      })),
      {
        what: "besides: X-Ray, if they come one by one within a day",
        measured: cents(traceDollars(bills[2]?.usage.lambdaRequests ?? 0)),
        unit: "$",
        note: "not in the price table",
      },
    ],
    details: { prices: `${PRICES_IN}, ${PRICES_OF}`, millions: bills },
  };
}
