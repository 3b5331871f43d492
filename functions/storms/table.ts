import { type AttributeValue, ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Alert } from "../alert";
import { type UpdateExpression, updateExpression } from "../episodes/update-expression";
import { holding } from "./changes";
import { type StormKind, stormKey } from "./key";
import type { StormState } from "./rules";

/** What a write found: whether its condition held, and what was there before. */
export interface Seen {
  readonly accepted: boolean;
  readonly before?: StormState;
}

/** How long the count of a kind is kept, in milliseconds: longer than the longest window. DynamoDB's TTL only tidies up. */
const KEPT = 30 * 86_400_000;

const iso = (time: number): string => new Date(time).toISOString();

/** The counts of storms in the episodes table, and the episodes that they hold. Each method is one request. */
export class StormTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** Begins a window with a finding that is told singly. Refused while a window is open or a storm is going on. */
  async begin(storm: StormKind, first: StormState, now: number): Promise<Seen> {
    return this.update(
      stormKey(storm),
      updateExpression(
        { set: { ...storm, windowEnds: iso(first.windowEnds), count: first.count, expires: expires(first) } },
        {
          expression: "attribute_not_exists(#windowEnds) OR (attribute_not_exists(#since) AND #windowEnds <= :now)",
          values: { now: iso(now) },
        },
      ),
    );
  }

  /** Counts a finding that may be told singly. Refused when no window is open or a storm is going on. */
  async count(storm: StormKind, now: number): Promise<Seen> {
    return this.update(
      stormKey(storm),
      updateExpression(
        { add: { count: 1 } },
        { expression: "#windowEnds > :now AND attribute_not_exists(#since)", values: { now: iso(now) } },
      ),
    );
  }

  /** Puts another state in the place of one that was seen. Refused if somebody else did since. What is counted meanwhile in the same window stays. */
  async replace(storm: StormKind, seen: StormState, next: StormState): Promise<Seen> {
    const times = { since: next.since && iso(next.since), flushAt: next.flushAt && iso(next.flushAt) };
    const before = { windowEnds: iso(seen.windowEnds), since: seen.since && iso(seen.since), flushAt: seen.flushAt && iso(seen.flushAt) };
    return this.update(
      stormKey(storm),
      updateExpression(
        {
          set: {
            windowEnds: iso(next.windowEnds),
            ...times,
            expires: expires(next),
            ...(next.windowEnds !== seen.windowEnds && { count: next.count }),
          },
          remove: Object.entries(times).flatMap(([name, time]) => (time === undefined ? [name] : [])),
        },
        {
          expression: Object.entries(before)
            .map(([name, time]) => (time === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`))
            .join(" AND "),
          values: Object.fromEntries(Object.entries(before).filter(([, time]) => time !== undefined)),
        },
      ),
    );
  }

  /** Counts what a flush told, if its window is still the current one. */
  async addFlushed(storm: StormKind, windowEnds: number, count: number): Promise<void> {
    await this.update(
      stormKey(storm),
      updateExpression({ add: { count } }, { expression: "#windowEnds = :window", values: { window: iso(windowEnds) } }),
    );
  }

  /** Forgets a flush that is done, unless a later one is planned. */
  async flushed(storm: StormKind, flushAt: number): Promise<void> {
    await this.update(
      stormKey(storm),
      updateExpression({ remove: ["flushAt"] }, { expression: "#flushAt = :done", values: { done: iso(flushAt) } }),
    );
  }

  /** Holds an alert's episode until a flush. Nothing to do if somebody else has taken the episode over: they tell of it. */
  async hold(alert: Alert, flushAt: number, now: number): Promise<void> {
    await this.update(alert.key, holding(alert, flushAt, now));
  }

  private async update(key: string, expression: UpdateExpression): Promise<Seen> {
    try {
      const { Attributes } = await this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: { pk: { S: key } },
          ...expression,
          ReturnValues: "ALL_OLD",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { accepted: true, ...stateOf(Attributes) };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return { accepted: false, ...stateOf(error.Item) };
      }
      throw error;
    }
  }
}

const expires = ({ windowEnds }: StormState): number => Math.ceil((windowEnds + KEPT) / 1000);

function stateOf(item: Record<string, AttributeValue> | undefined): { readonly before?: StormState } {
  if (item?.windowEnds === undefined) {
    return {};
  }
  const { windowEnds, count, since, flushAt } = unmarshall(item);
  return {
    before: {
      windowEnds: Date.parse(windowEnds),
      count,
      ...(since !== undefined && { since: Date.parse(since) }),
      ...(flushAt !== undefined && { flushAt: Date.parse(flushAt) }),
    },
  };
}
