import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { ACCOUNT_KEY } from "../accounts/table";
import type { AccountInfo } from "../alert";
import type { log } from "../log";
import { itemsOf } from "./batch-get";

export interface AskingParts {
  /** What the table knows of accounts. */
  readonly known: (ids: readonly string[]) => Promise<ReadonlyMap<string, AccountInfo>>;
  /** Asks AWS Organizations for an account that the table does not know. Answers in seconds, if need be the bare id. */
  readonly lookUp: (id: string) => Promise<AccountInfo>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: typeof log;
}

/**
 * Accounts that are asked for at the same time, each by a handful of calls. AWS Organizations allows the whole Organization only so many a second:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
const AT_ONCE = 3;

/** How long accounts are asked for, in milliseconds. The daily sweep knows all but the newest: who has hundreds of unknown ones is not to wait for each. */
const PATIENCE = 60_000;

/** What is known of accounts, by id; the bare id of those that nobody named in time. */
export async function accountsById(parts: AskingParts, ids: readonly string[]): Promise<ReadonlyMap<string, AccountInfo>> {
  const { known, lookUp, now, log } = parts;
  const unique = [...new Set(ids)];
  const accounts = new Map([...unique.map((id): [string, AccountInfo] => [id, { id }]), ...(await known(unique))]);
  // What a new account's event wrote has a name, but no organizational units yet.
  const unknown = unique.filter((id) => accounts.get(id)?.organizationalUnitIds === undefined);
  const until = now() + PATIENCE;
  const left = unknown.values();
  const unasked: string[] = [];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const id of left) {
        if (now() < until) {
          accounts.set(id, await lookUp(id));
        } else {
          unasked.push(id);
        }
      }
    }),
  );
  if (unasked.length > 0) {
    log({ kind: "warning", message: `${unasked.length} accounts of a storm were not asked for: there was no time`, accountIds: unasked });
  }
  return accounts;
}

/** What the table knows of accounts, by id. */
export async function knownAccounts(
  client: DynamoDBClient,
  tableName: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AccountInfo>> {
  const keys = [...new Set(ids)].map((id) => `${ACCOUNT_KEY}${id}`);
  return new Map(
    (await itemsOf(client, tableName, keys)).map((item): [string, AccountInfo] => {
      const { id, name, path, organizationalUnitIds, tags } = unmarshall(item);
      return [id, { id, name, path, organizationalUnitIds, tags }];
    }),
  );
}
