import { type AttributeValue, type DynamoDBClient, ScanCommand, type ScanCommandOutput } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { AccountRecord } from "../accounts/record";
import { ACCOUNT_KEY } from "../accounts/table";

/** All accounts that the episodes table knows. */
export async function storedAccounts(client: DynamoDBClient, tableName: string): Promise<readonly AccountRecord[]> {
  const accounts: AccountRecord[] = [];
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page: ScanCommandOutput = await client.send(
      new ScanCommand({
        TableName: tableName,
        FilterExpression: "begins_with(#pk, :account)",
        ExpressionAttributeNames: { "#pk": "pk" },
        ExpressionAttributeValues: { ":account": { S: ACCOUNT_KEY } },
        ExclusiveStartKey: start,
      }),
    );
    accounts.push(...(page.Items ?? []).map((item) => unmarshall(item) as AccountRecord));
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return accounts;
}

/**
 * The accounts of the Organization: those of the table, or, in the first hours of a deployment, before a daily sweep wrote them there, those that AWS Organizations
 * lists. It throttles early, so it is not asked each hour.
 * @param now milliseconds since the epoch.
 */
export async function knownAccounts(
  stored: () => Promise<readonly AccountRecord[]>,
  list: () => AsyncIterable<readonly AccountRecord[]>,
  now: number,
): Promise<readonly AccountRecord[]> {
  const accounts = await stored();
  if (accounts.some(({ swept }) => swept !== undefined)) {
    return accounts;
  }
  const listed: AccountRecord[] = [];
  for await (const page of list()) {
    listed.push(...page.map((account) => ({ ...account, swept: new Date(now).toISOString() })));
  }
  return listed;
}
