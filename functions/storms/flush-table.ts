import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { isoAfter } from "../duration";
import { CHANNEL } from "../episodes/changes";
import { type Condition, updateExpression } from "../episodes/update-expression";
import { FLUSH_KEPT } from "./flush-record";
import { flushKey, type Part, partKey, type StormKind } from "./key";

/** What is remembered of a part. */
export interface Sealed {
  /** Whether this attempt is the first. */
  readonly made: boolean;
  /** The tellings that it consists of. */
  readonly tellings: ReadonlySet<string>;
  /** Names of the channels that got its message, or whose queue has it. */
  readonly channels: ReadonlySet<string>;
}

/** Prefix of the attributes that say when the workflow took on the message to a channel. */
const HANDED = "handed_";

/** How long an attempt has a flush to itself, in milliseconds: longer than a function can run. */
const LEASE = 960_000;

/**
 * What flushes remember: who works on one, and which tellings are told together, before anybody is told. A flush that died and comes again thus tells the same to
 * those who were not told yet, and takes nothing for told that was held later. Each method is one request.
 */
export class FlushTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /**
   * Takes a flush on. Its message comes more than once: several workers may have planned it.
   * @returns until when it is this attempt's own (ISO 8601); undefined if another one is working on it.
   */
  async take(storm: StormKind, flushAt: number, now: number): Promise<string | undefined> {
    const until = isoAfter(now, LEASE);
    const free = {
      expression: "attribute_not_exists(#until) OR #until <= :now",
      values: { now: isoAfter(now, 0) },
    };
    const { accepted } = await this.update(flushKey(storm, flushAt), { ...storm, until, expires: expiry(flushAt) }, free);
    return accepted ? until : undefined;
  }

  /** Lets the next attempt at a flush begin at once. */
  async leave(storm: StormKind, flushAt: number, until: string, now: number): Promise<void> {
    await this.update(flushKey(storm, flushAt), { until: isoAfter(now, 0) }, { expression: "#until = :mine", values: { mine: until } });
  }

  /** Fixes what a part consists of, unless an earlier attempt has. */
  async seal(part: Part, tellings: readonly string[]): Promise<Sealed> {
    const { storm, flushAt } = part;
    const fresh = { ...storm, flushAt: isoAfter(flushAt, 0), tellings: tellings.join(" "), expires: expiry(flushAt) };
    const { accepted, before } = await this.update(partKey(part), fresh, { expression: "attribute_not_exists(#tellings)" });
    return accepted || before === undefined
      ? { made: true, tellings: new Set(tellings), channels: new Set() }
      : { made: false, ...contentOf(before) };
  }

  /** Remembers that the workflow took on the message to a channel: it was told, or is going to be. */
  async handed(part: Part, channel: string, at: string): Promise<void> {
    await this.update(partKey(part), { [HANDED + channel]: at });
  }

  private async update(
    key: string,
    set: Readonly<Record<string, unknown>>,
    condition?: Condition,
  ): Promise<{ readonly accepted: boolean; readonly before?: Record<string, AttributeValue> }> {
    const input: UpdateItemCommandInput = {
      TableName: this.tableName,
      Key: { pk: { S: key } },
      ...updateExpression({ set }, condition),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    };
    try {
      await this.client.send(new UpdateItemCommand(input));
      return { accepted: true };
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return { accepted: false, ...(error.Item && { before: error.Item }) };
      }
      throw error;
    }
  }
}

const expiry = (flushAt: number): number => Math.ceil((flushAt + FLUSH_KEPT) / 1000);

const contentOf = (item: Record<string, AttributeValue>): Pick<Sealed, "tellings" | "channels"> => ({
  tellings: new Set(item.tellings?.S?.split(" ")),
  channels: new Set(
    Object.keys(item).flatMap((name) =>
      [HANDED, CHANNEL].filter((prefix) => name.startsWith(prefix)).map((prefix) => name.slice(prefix.length)),
    ),
  ),
});
