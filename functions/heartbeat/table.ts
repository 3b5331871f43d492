import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  ScanCommand,
  type ScanCommandOutput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { AccountRecord } from "../accounts/record";
import { ACCOUNT_KEY } from "../accounts/table";
import { updateExpression } from "../episodes/update-expression";
import type { Heartbeat } from "./beat";
import { heartbeatOf } from "./silence";

const HEARTBEAT_KEY = "heartbeat#";

/** How long the last sign of life of a member is kept, in seconds: long enough to say since when it is silent. */
const RETENTION = 90 * 86_400;

/** What the table knows of the members. */
export interface Members {
  readonly accounts: readonly AccountRecord[];
  /** Times (ISO 8601) of the last signs of life by `heartbeatOf`. */
  readonly heartbeats: ReadonlyMap<string, string>;
}

/** The members' signs of life in the episodes table. */
export class HeartbeatTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** Remembers a sign of life: one request. An older one than the known changes nothing. */
  async write({ accountId, region, at }: Heartbeat): Promise<void> {
    const expires = Math.ceil(Date.parse(at) / 1000) + RETENTION;
    try {
      await this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: { pk: { S: `${HEARTBEAT_KEY}${heartbeatOf(accountId, region)}` } },
          ...updateExpression({ set: { at, expires } }, { expression: "attribute_not_exists(#at) OR #at < :at", values: { at } }),
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) {
        throw error;
      }
    }
  }

  /** All accounts and signs of life. */
  async members(): Promise<Members> {
    const accounts: AccountRecord[] = [];
    const heartbeats = new Map<string, string>();
    let start: Record<string, AttributeValue> | undefined;
    do {
      const page: ScanCommandOutput = await this.client.send(
        new ScanCommand({
          TableName: this.tableName,
          FilterExpression: "begins_with(#pk, :account) OR begins_with(#pk, :heartbeat)",
          ExpressionAttributeNames: { "#pk": "pk" },
          ExpressionAttributeValues: { ":account": { S: ACCOUNT_KEY }, ":heartbeat": { S: HEARTBEAT_KEY } },
          ExclusiveStartKey: start,
        }),
      );
      for (const item of page.Items ?? []) {
        const pk = item.pk?.S ?? "";
        if (pk.startsWith(HEARTBEAT_KEY)) {
          heartbeats.set(pk.slice(HEARTBEAT_KEY.length), item.at?.S ?? "");
        } else {
          accounts.push(unmarshall(item) as AccountRecord);
        }
      }
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
    return { accounts, heartbeats };
  }
}
