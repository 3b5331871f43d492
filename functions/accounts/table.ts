import { type AttributeValue, BatchWriteItemCommand, type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { AccountInfo } from "../alert";

const keyOf = (accountId: string): string => `account#${accountId}`;

const itemOf = (account: AccountInfo): Record<string, AttributeValue> =>
  marshall({ pk: keyOf(account.id), ...account }, { removeUndefinedValues: true });

/** Items that one BatchWriteItem takes. */
const AT_ONCE = 25;

/** The account names in the episodes table. */
export class AccountTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async read(accountId: string): Promise<AccountInfo | undefined> {
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.tableName, Key: { pk: { S: keyOf(accountId) } } }));
    if (Item === undefined) {
      return undefined;
    }
    const { id, name, path, organizationalUnitIds } = unmarshall(Item);
    return { id, name, path, organizationalUnitIds };
  }

  async write(account: AccountInfo): Promise<void> {
    await this.client.send(new PutItemCommand({ TableName: this.tableName, Item: itemOf(account) }));
  }

  async writeAll(accounts: readonly AccountInfo[]): Promise<void> {
    for (let start = 0; start < accounts.length; start += AT_ONCE) {
      let requests = accounts.slice(start, start + AT_ONCE).map((account) => ({ PutRequest: { Item: itemOf(account) } }));
      for (let attempt = 0; requests.length > 0; attempt++) {
        if (attempt === 5) {
          throw new Error(`DynamoDB left ${requests.length} account names unwritten`);
        }
        const { UnprocessedItems } = await this.client.send(new BatchWriteItemCommand({ RequestItems: { [this.tableName]: requests } }));
        requests = (UnprocessedItems?.[this.tableName] ?? []) as typeof requests;
      }
    }
  }
}
