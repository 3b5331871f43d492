import assert from "node:assert/strict";
import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { DigestTable } from "../../../functions/digest/table";
import { anAccount } from "../../support/findings";
import { NOW } from "./support";

type Item = Record<string, AttributeValue>;

const account = (id: string): Item => marshall({ pk: `account#${id}`, ...anAccount({ id }), swept: "2026-03-01T00:00:00.000Z" });
const episode = (pk: string, status: string, closedThrough?: string): Item =>
  marshall({ pk, status, closedThrough, number: 1, severity: "HIGH" }, { removeUndefinedValues: true });

const filters: Readonly<Record<string, (item: Item, values: Readonly<Record<string, AttributeValue>>) => boolean>> = {
  "#status = :open OR #closedThrough >= :since": ({ status, closedThrough }, { ":open": open, ":since": since }) =>
    status?.S === open?.S || (closedThrough?.S ?? "") >= (since?.S ?? ""),
};

/** Answers scans in pages of two items. */
function client(items: Item[], scans: unknown[] = []): DynamoDBClient {
  const send = async (command: unknown): Promise<object> => {
    if (command instanceof PutItemCommand) {
      items.push(command.input.Item as Item);
      return {};
    }
    if (command instanceof GetItemCommand) {
      return { Item: items.find(({ pk }) => pk?.S === command.input.Key?.pk?.S) };
    }
    if (command instanceof BatchGetItemCommand) {
      const keys = command.input.RequestItems?.episodes?.Keys?.map(({ pk }) => pk?.S);
      return { Responses: { episodes: items.filter(({ pk }) => keys?.includes(pk?.S)) } };
    }
    assert.ok(command instanceof ScanCommand);
    scans.push(command.input);
    const { FilterExpression = "", ExpressionAttributeValues = {}, ExclusiveStartKey } = command.input;
    const start = ExclusiveStartKey === undefined ? 0 : items.findIndex(({ pk }) => pk?.S === ExclusiveStartKey.pk?.S) + 1;
    const page = items.slice(start, start + 2);
    const last = start + 2 < items.length ? page.at(-1)?.pk : undefined;
    return {
      Items: page.filter((item) => filters[FilterExpression]?.(item, ExpressionAttributeValues)),
      ...(last && { LastEvaluatedKey: { pk: last } }),
    };
  };
  return { send } as unknown as DynamoDBClient;
}

describe("what a digest reads of the table", () => {
  it("are the accounts that it asks for, by id, without a look at the rest", async () => {
    const items = [account("333333333333"), episode("a", "open"), account("555555555555"), account("444444444444")];
    const scans: unknown[] = [];
    const accounts = await new DigestTable(client(items, scans), "episodes").accounts(["333333333333", "444444444444", "666666666666"]);
    assert.deepEqual([...accounts.keys()], ["333333333333", "444444444444"]);
    assert.deepEqual(scans, []);
    assert.equal(accounts.get("444444444444")?.name, "payments");
  });

  it("are the open episodes, and those that ended since, but neither accounts nor what digests remember", async () => {
    const table = new DigestTable(
      client([
        episode("open", "open"),
        account("333333333333"),
        episode("ended", "closed", "2026-03-02T06:00:00.000Z"),
        episode("ended long ago", "closed", "2026-02-02T06:00:00.000Z"),
        episode("open again", "open", "2026-01-02T06:00:00.000Z"),
      ]),
      "episodes",
    );
    await table.sent("key", NOW);
    const keys: string[] = [];
    for await (const records of table.episodes(Date.parse("2026-03-02T05:00:00Z"))) {
      keys.push(...records.map(({ key }) => key));
    }
    assert.deepEqual(keys, ["open", "ended", "open again"]);
  });

  it("is when a digest was last sent", async () => {
    const items: Item[] = [];
    const table = new DigestTable(client(items), "episodes");
    assert.equal(await table.lastSent("key"), undefined);
    await table.sent("key", NOW);
    assert.equal(await table.lastSent("key"), NOW);
    assert.equal(await table.lastSent("another"), undefined);
    assert.deepEqual(Object.keys(items[0] ?? {}), ["pk", "sentAt", "expires"], "no status, no shard: other scans and the index pass it by");
  });
});
