import type { Check, PartResult } from "../check";
import { attributeBytes, type Item, itemBytes, WRITE_UNIT } from "../item-size";
import type { Measured } from "../meter";
import { type Measurements, REPEATED, type Scenario, TOLD } from "../scenarios";
import { mean, significant } from "../statistics";

/** How many of a record's attributes are told, the largest first. */
const SHOWN = 8;

const perRepeat = (which: string, { dynamoDbRequests }: Measured, budget: number): Check => ({
  what: `DynamoDB requests of a repeat: ${which}`,
  measured: significant(dynamoDbRequests / REPEATED),
  unit: "",
  budget,
});

/** One request, and one more for each delivery. */
const perTold = (which: string, { dynamoDbRequests, calls }: Measured): Check => ({
  what: `DynamoDB requests of a telling: ${which}`,
  measured: significant(dynamoDbRequests / TOLD),
  unit: "",
  budget: 1 + (calls["ses:SendEmail"] ?? 0) / TOLD,
});

/** Requests for a finding, and whether a write of its episode's record is one write unit. */
export function requests({ even, burst, writeBack, higher, episodes }: Measurements): PartResult {
  const scenarios: Readonly<Record<string, Scenario>> = { even, burst, writeBack, higher };
  const starts = Object.values(scenarios).map(({ repeated }) => repeated.workflowStarts);
  return {
    checks: [
      perRepeat("write-back holds", writeBack.repeated, 0),
      perRepeat("its Workflow is NEW", even.repeated, 1),
      perRepeat("NOTIFIED, a higher severity", higher.repeated, 1),
      { what: "workflow starts of a repeat", measured: significant(Math.max(...starts) / REPEATED), unit: "", budget: 0 },
      perTold("one mail", even.told),
      perTold("mark confirmed", writeBack.told),
      perTold("mark confirmed, a higher severity", higher.told),
      ...records(episodes),
    ],
    details: {
      told: TOLD,
      repeated: REPEATED,
      calls: Object.fromEntries(
        Object.entries(scenarios).map(([name, { told, repeated }]) => [name, { told: told.calls, repeated: repeated.calls }]),
      ),
      largestRecords: Object.fromEntries(
        Object.entries(byOrigin(episodes)).map(([origin, items = []]) => [origin, described(largest(items))]),
      ),
    },
  };
}

const byOrigin = (episodes: readonly Item[]) => Object.groupBy(episodes, ({ origin }) => String(origin?.S));

const largest = (items: readonly Item[]): Item => items.reduce((one, other) => (itemBytes(other) > itemBytes(one) ? other : one));

/** Whether a problem has one finding; with consolidated control findings off, each standard has its own. */
const isUsual = ({ ids }: Item): boolean => ((ids?.SS as readonly string[] | undefined) ?? []).length <= 1;

/** Whether nobody was told of it yet: until then its record keeps the whole finding (functions/episodes/kept.ts). */
const isUntold = ({ kept }: Item): boolean => kept?.B !== undefined;

/** Sizes of records. Only the usual ones of which people were told have to fit one write unit. */
const records = (episodes: readonly Item[]): Check[] => [
  ...Object.entries(byOrigin(episodes.filter((item) => !isUntold(item)))).map(([origin, items = []]) => ({
    what: `record of an episode: largest usual one of ${origin}`,
    measured: itemBytes(largest(items.filter(isUsual))),
    unit: "B",
    budget: WRITE_UNIT,
    note: `average ${Math.round(mean(items.map(itemBytes)))}`,
  })),
  {
    what: "record of an episode: three standards' findings of one problem",
    measured: itemBytes(largest(episodes.filter((item) => !isUntold(item)))),
    unit: "B",
  },
  ...(episodes.some(isUntold)
    ? [{ what: "record of an episode: largest that waits to be told", measured: itemBytes(largest(episodes.filter(isUntold))), unit: "B" }]
    : []),
];

/** What makes a record large. */
const described = (item: Item) => ({
  bytes: itemBytes(item),
  // The names of these attributes end in digits of a finding's id.
  attributes: attributeBytes(item)
    .slice(0, SHOWN)
    .map(([name, size]) => `${name.replace(/^confirmed_.*/, "confirmed_…")} ${size}`),
});
