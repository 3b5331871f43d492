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
  readonly record: EpisodeRecord & { readonly claim: Claim };
  readonly note: HeldNote;
}

/** What is told of a held episode: what its record and its note remember. */
export const heldFinding = ({ record, note: { sample, over, accountName, resources } }: Held): Finding => ({
  ...rememberedFinding(record),
  state: over ? "inactive" : "active",
  sample,
  accountName,
  resources,
});

/** The episodes of a kind that are held for a flush, in no order. The index may lag behind a little; what it says is checked in the table. */
export async function heldFor(client: DynamoDBClient, tableName: string, storm: StormKind, flushAt: number): Promise<readonly Held[]> {
  const due = isoAfter(flushAt, 0);
  const keys = (await Promise.all(Array.from({ length: SHARDS }, (_, shard) => keysDue(client, tableName, String(shard), due)))).flat();
  return (await itemsOf(client, tableName, keys)).flatMap((item) => held(item, storm, due));
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
  const record = recordOf(item);
  const { claim, origin, kind } = record;
  const isHeld = claim?.by === BY_STORM && record.due === due && origin === storm.origin && kind === storm.kind;
  return isHeld && item.held?.S !== undefined ? [{ record: { ...record, claim }, note: JSON.parse(item.held.S) as HeldNote }] : [];
}
