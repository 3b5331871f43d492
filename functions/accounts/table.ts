import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { AccountInfo } from "../alert";
import { updateExpression } from "../episodes/update-expression";
import type { AccountRecord } from "./record";

/** What the keys of accounts begin with. */
export const ACCOUNT_KEY = "account#";

const keyOf = (accountId: string) => ({ pk: { S: `${ACCOUNT_KEY}${accountId}` } });

const BOOKMARK = { pk: { S: "bookmark#accounts" } };

/** The accounts in the episodes table. */
export class AccountTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  async read(accountId: string, abortSignal?: AbortSignal): Promise<AccountInfo | undefined> {
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.tableName, Key: keyOf(accountId) }), { abortSignal });
    if (Item === undefined) {
      return undefined;
    }
    const { id, name, path, organizationalUnitIds, tags } = unmarshall(Item);
    return { id, name, path, organizationalUnitIds, tags };
  }

  /** Writes what is given of an account and leaves the rest as it is: names, places and tags are learned at different times. */
  async write(account: AccountRecord, abortSignal?: AbortSignal): Promise<void> {
    await this.client.send(
      new UpdateItemCommand({ TableName: this.tableName, Key: keyOf(account.id), ...updateExpression({ set: { ...account } }) }),
      { abortSignal },
    );
  }

  /** Id of the account after which the next sweep asks for tags; undefined for from the beginning. */
  async bookmark(): Promise<string | undefined> {
    const { Item } = await this.client.send(new GetItemCommand({ TableName: this.tableName, Key: BOOKMARK }));
    return Item?.after?.S || undefined;
  }

  async keepBookmark(after: string | undefined): Promise<void> {
    await this.client.send(
      new UpdateItemCommand({ TableName: this.tableName, Key: BOOKMARK, ...updateExpression({ set: { after: after ?? "" } }) }),
    );
  }
}
