import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { ACCOUNT_KEY } from "../accounts/table";
import type { AccountInfo } from "../alert";
import { recordOf } from "../episodes/item";
import type { EpisodeRecord } from "../episodes/record";

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

  /** All accounts by id. A scan of its own: routes ask for names and units, and a scan has no order that would bring the accounts first. */
  async accounts(): Promise<ReadonlyMap<string, AccountInfo>> {
    const accounts = new Map<string, AccountInfo>();
    const pages = this.scan({
      FilterExpression: "begins_with(#pk, :account)",
      ProjectionExpression: "#id, #name, #path, #units",
      ExpressionAttributeNames: { "#pk": "pk", "#id": "id", "#name": "name", "#path": "path", "#units": "organizationalUnitIds" },
      ExpressionAttributeValues: { ":account": { S: ACCOUNT_KEY } },
    });
    for await (const items of pages) {
      for (const item of items) {
        const account = unmarshall(item) as AccountInfo;
        accounts.set(account.id, account);
      }
    }
    return accounts;
  }

  /** The episodes that are open, and those that ended at or after a time (milliseconds since the epoch), page by page and in no order. */
  async *episodes(endedSince: number): AsyncGenerator<readonly EpisodeRecord[]> {
    const pages = this.scan({
      FilterExpression: "#status = :open OR #closedThrough >= :since",
      ExpressionAttributeNames: { "#status": "status", "#closedThrough": "closedThrough" },
      ExpressionAttributeValues: { ":open": { S: "open" }, ":since": { S: new Date(endedSince).toISOString() } },
    });
    for await (const items of pages) {
      yield items.map(recordOf);
    }
  }

  private async *scan(
    asked: Omit<ScanCommandInput, "TableName" | "ExclusiveStartKey">,
  ): AsyncGenerator<readonly Record<string, AttributeValue>[]> {
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page: ScanCommandOutput = await this.client.send(
        new ScanCommand({ ...asked, TableName: this.tableName, ExclusiveStartKey: start }),
      );
      yield page.Items ?? [];
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }
}
