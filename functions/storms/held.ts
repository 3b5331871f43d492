import { type AttributeValue, type DynamoDBClient, QueryCommand, type QueryCommandOutput } from "@aws-sdk/client-dynamodb";
import { isoAfter } from "../duration";
import { recordOf } from "../episodes/item";
import { SHARDS } from "../episodes/key";
import type { Claim, EpisodeRecord } from "../episodes/record";
import { rememberedFinding } from "../episodes/remembered";
import type { Finding } from "../finding";
import { itemsOf } from "./batch-get";
import { BY_STORM, type HeldNote } from "./changes";
import type { StormKind } from "./key";

/** An episode that is held for a flush. */
export interface Held {
  readonly record: Omit<EpisodeRecord, "kept"> & { readonly claim: Claim };
  readonly note: HeldNote;
  /** What is told of it: whole where few are held, else what a message about many needs. */
  readonly finding: Finding;
}

/** As many findings are told singly, with their whole content: a message about many would say less than theirs. */
export const MOST_SINGLY = 3;

/** Which of those that are held are asked for, by their tellings. */
export type Wanted =
  /** These, however many. */
  | { readonly only: ReadonlySet<string> }
  /** As many as fit into one message, and none of these. */
  | { readonly except: ReadonlySet<string> };

/** Findings of one message at most: what it consists of has to fit into one item of the table (400 KB), with 13 bytes each. */
const MOST_TOLD = 25_000;
/** Characters of what one message's findings remember, at most: with five channels and the longest findings a flush took 0.8 GB. Ten thousand usual ones have less than half of that. */
const MOST_TEXT = 32_000_000;
/** Items that are in memory before it is known whether they belong to the message. */
const AT_ONCE = 500;

/** The episodes of a kind that are held for a flush, in no order. The index may lag behind a little; what it says is checked in the table. */
export async function heldFor(
  client: DynamoDBClient,
  tableName: string,
  storm: StormKind,
  flushAt: number,
  wanted: Wanted,
): Promise<readonly Held[]> {
  const due = isoAfter(flushAt, 0);
  const keys = (await Promise.all(Array.from({ length: SHARDS }, (_, shard) => keysDue(client, tableName, String(shard), due)))).flat();
  const isWanted = (telling: string): boolean => ("only" in wanted ? wanted.only.has(telling) : !wanted.except.has(telling));
  let found: Held[] = [];
  let text = 0;
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    for (const item of await itemsOf(client, tableName, keys.slice(start, start + AT_ONCE))) {
      const [one] = held(item, storm, due);
      if (one === undefined || !isWanted(one.record.claim.telling)) {
        continue;
      }
      if (found.length === MOST_SINGLY) {
        found = found.map(inShort);
      }
      const kept = found.length < MOST_SINGLY ? one : inShort(one);
      found.push(kept);
      text += JSON.stringify([kept.finding, kept.note, kept.record.ids]).length;
      if ("except" in wanted && (found.length === MOST_TOLD || text > MOST_TEXT)) {
        return found;
      }
    }
  }
  return found;
}

async function keysDue(client: DynamoDBClient, tableName: string, shard: string, due: string): Promise<readonly string[]> {
  const keys: string[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: "due",
        KeyConditionExpression: "#shard = :shard AND #due = :due",
        ExpressionAttributeNames: { "#shard": "shard", "#due": "due" },
        ExpressionAttributeValues: { ":shard": { S: shard }, ":due": { S: due } },
        ExclusiveStartKey: start,
      }),
    );
    keys.push(...(page.Items ?? []).flatMap(({ pk }) => pk?.S ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return keys;
}

function held(item: Record<string, AttributeValue>, storm: StormKind, due: string): Held[] {
  const { kept, ...record } = recordOf(item);
  const { claim, origin, kind } = record;
  const isHeld = claim?.by === BY_STORM && record.due === due && origin === storm.origin && kind === storm.kind;
  const note = isHeld && item.held?.S !== undefined ? (JSON.parse(item.held.S) as HeldNote) : undefined;
  if (!isHeld || note?.sample !== storm.sample) {
    return [];
  }
  const { sample, over } = note;
  const finding: Finding = { ...rememberedFinding({ ...record, kept }), state: over ? "inactive" : "active", sample };
  return [{ record: { ...record, claim }, note, finding }];
}

/** Without what only a message of its own has room for. */
const inShort = (one: Held): Held => ({ ...one, finding: { ...one.finding, description: "", facts: [] } });
