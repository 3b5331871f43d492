import { setTimeout as pause } from "node:timers/promises";
import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from "@aws-sdk/client-dynamodb";

type Item = Record<string, AttributeValue>;

/** Items that one BatchGetItem takes. */
const AT_ONCE = 100;
/** Requests at the same time. */
const PARALLEL = 4;
/** Times that items which DynamoDB left out are asked for again. */
const TRIES = 6;

/** The items of keys, as far as they exist, in no order: a request for a hundred of them. */
export async function itemsOf(client: DynamoDBClient, tableName: string, keys: readonly string[]): Promise<readonly Item[]> {
  const batches = Array.from({ length: Math.ceil(keys.length / AT_ONCE) }, (_, index) =>
    keys.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
  const items: Item[] = [];
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        items.push(...(await oneBatch(client, tableName, batch)));
      }
    }),
  );
  return items;
}

/** DynamoDB answers as much as its throughput and 16 MB allow, and names the rest: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
async function oneBatch(client: DynamoDBClient, tableName: string, keys: readonly string[]): Promise<readonly Item[]> {
  const items: Item[] = [];
  let left: Item[] = keys.map((key) => ({ pk: { S: key } }));
  for (let tried = 0; left.length > 0; tried++) {
    if (tried === TRIES) {
      throw new Error(`DynamoDB left out ${left.length} items ${TRIES} times`);
    }
    if (tried > 0) {
      await pause(40 * 2 ** tried);
    }
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: left, ConsistentRead: true } } }),
    );
    items.push(...(Responses?.[tableName] ?? []));
    left = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return items;
}
