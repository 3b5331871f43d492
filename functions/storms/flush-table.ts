import { type AttributeValue, ConditionalCheckFailedException, type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { isoAfter } from "../duration";
import { CHANNEL } from "../episodes/changes";
import { type Condition, updateExpression } from "../episodes/update-expression";
import { itemsOf } from "./batch-get";
import { FLUSH_KEPT } from "./flush-record";
import { type FlushChannel, flushKey, type Part, partKey, type StormKind } from "./key";

/** What is remembered of a part. */
interface Sealed {
  /** The tellings that it consists of, and the channels that hear of each. */
  readonly told: ReadonlyMap<string, readonly FlushChannel[]>;
  /** Names of the channels that got its message, or whose queue has it. */
  readonly channels: ReadonlySet<string>;
}

/** Prefix of the attributes that say when the workflow took on the message to a channel. */
const HANDED = "handed_";

/** How long an attempt has a flush to itself, in milliseconds: longer than a function can run. */
const LEASE = 960_000;

/**
 * What flushes remember: who works on one, and which tellings are told together to whom, before anybody is told. A flush that died and comes again thus tells the
 * same to those who were not told yet, and takes nothing for told that was held later, or that would go to other channels by what is known by then. Each method is
 * one request.
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
    return (await this.update(flushKey(storm, flushAt), { ...storm, until, expires: expiry(flushAt) }, free)) ? until : undefined;
  }

  /** Lets the next attempt at a flush begin at once. */
  async leave(storm: StormKind, flushAt: number, until: string, now: number): Promise<void> {
    await this.update(flushKey(storm, flushAt), { until: isoAfter(now, 0) }, { expression: "#until = :mine", values: { mine: until } });
  }

  /** What an earlier attempt fixed that a part consists of, if one did. */
  async sealed(part: Part): Promise<Sealed | undefined> {
    const [item] = await itemsOf(this.client, this.tableName, [partKey(part)]);
    return item && contentOf(item);
  }

  /**
   * Fixes what a part consists of.
   * @throws Error if another attempt has, whose time should have been over.
   */
  async seal(part: Part, told: Sealed["told"]): Promise<void> {
    const { storm, flushAt } = part;
    const groups = [...Map.groupBy(told, ([, channels]) => JSON.stringify(channels))];
    const content = {
      tellings: groups.map(([, own]) => own.map(([telling]) => telling).join(" ")).join("|"),
      routes: `[${groups.map(([channels]) => channels).join()}]`,
    };
    const fresh = { ...storm, flushAt: isoAfter(flushAt, 0), ...content, expires: expiry(flushAt) };
    const accepted = await this.update(partKey(part), fresh, { expression: "attribute_not_exists(#tellings)" });
    if (!accepted) {
      throw new Error(`part ${part.number} of the flush of ${isoAfter(flushAt, 0)} is being told by another attempt`);
    }
  }

  /** Remembers that the workflow took on the message to a channel: it was told, or is going to be. */
  async handed(part: Part, channel: string, at: string): Promise<void> {
    await this.update(partKey(part), { [HANDED + channel]: at });
  }

  private async update(key: string, set: Readonly<Record<string, unknown>>, condition?: Condition): Promise<boolean> {
    try {
      await this.client.send(
        new UpdateItemCommand({ TableName: this.tableName, Key: { pk: { S: key } }, ...updateExpression({ set }, condition) }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) {
        return false;
      }
      throw error;
    }
  }
}

const expiry = (flushAt: number): number => Math.ceil((flushAt + FLUSH_KEPT) / 1000);

function contentOf(item: Record<string, AttributeValue>): Sealed {
  const routes = JSON.parse(item.routes?.S ?? "[]") as readonly (readonly FlushChannel[])[];
  const groups = item.tellings?.S?.split("|") ?? [];
  return {
    told: new Map(groups.flatMap((group, index) => group.split(" ").map((telling) => [telling, routes[index] ?? []] as const))),
    channels: new Set(
      Object.keys(item).flatMap((name) =>
        [HANDED, CHANNEL].filter((prefix) => name.startsWith(prefix)).map((prefix) => name.slice(prefix.length)),
      ),
    ),
  };
}
