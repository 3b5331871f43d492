import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { ACCOUNT_KEY } from "../accounts/table";
import type { AccountInfo } from "../alert";
import { itemsOf } from "./batch-get";

/**
 * What the table knows of accounts, by id; the bare id of those that it does not know. AWS Organizations is not asked: a storm of two hundred accounts would be
 * one of questions, too.
 */
export async function accountsById(
  client: DynamoDBClient,
  tableName: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AccountInfo>> {
  const keys = [...new Set(ids)].map((id) => `${ACCOUNT_KEY}${id}`);
  const known = (await itemsOf(client, tableName, keys)).map((item): [string, AccountInfo] => {
    const { id, name, path, organizationalUnitIds, tags } = unmarshall(item);
    return [id, { id, name, path, organizationalUnitIds, tags }];
  });
  return new Map([...ids.map((id): [string, AccountInfo] => [id, { id }]), ...known]);
}
