import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  type ScanCommandOutput,
} from "@aws-sdk/client-dynamodb";
import type { AccountInfo } from "../alert";
import { recordOf } from "../episodes/item";
import type { EpisodeRecord } from "../episodes/record";
import { knownAccounts } from "../storms/accounts";

const keyOf = (subscription: string) => ({ pk: { S: `digest#${subscription}` } });

/** How long it is remembered when a digest was last sent, in seconds: those of routes that are gone tidy themselves up. */
const RETENTION = 90 * 86_400;

/** What a digest needs of the episodes table. */
export class DigestTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** When a digest was last sent, in milliseconds since the epoch; undefined if never. */
  async lastSent(subscription: string): Promise<number | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tableName, Key: keyOf(subscription), ConsistentRead: true }),
    );
    return Item?.sentAt?.S === undefined ? undefined : Date.parse(Item.sentAt.S);
  }

  /** Remembers that a digest was sent. */
  async sent(subscription: string, at: number): Promise<void> {
    await this.client.send(
      new PutItemCommand({
        TableName: this.tableName,
        Item: {
          ...keyOf(subscription),
          sentAt: { S: new Date(at).toISOString() },
          expires: { N: String(Math.ceil(at / 1000) + RETENTION) },
        },
      }),
    );
  }

  /** What the table knows of accounts, by id. */
  accounts(ids: readonly string[]): Promise<ReadonlyMap<string, AccountInfo>> {
    return knownAccounts(this.client, this.tableName, ids);
  }

  /** The episodes that are open, and those that ended at or after a time (milliseconds since the epoch), page by page and in no order. */
  async *episodes(endedSince: number): AsyncGenerator<readonly EpisodeRecord[]> {
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page: ScanCommandOutput = await this.client.send(
        new ScanCommand({
          TableName: this.tableName,
          FilterExpression: "#status = :open OR #closedThrough >= :since",
          ExpressionAttributeNames: { "#status": "status", "#closedThrough": "closedThrough" },
          ExpressionAttributeValues: { ":open": { S: "open" }, ":since": { S: new Date(endedSince).toISOString() } },
          ExclusiveStartKey: start,
        }),
      );
      yield (page.Items ?? []).map(recordOf);
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }
}
