import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { AccountDirectory } from "../accounts/directory";
import { askForAccount } from "../accounts/organization";
import { AccountTable } from "../accounts/table";
import { log, messageOf } from "../log";
import type { Mute } from "./mutes";
import { type Muting, muting } from "./muting";

export interface DeployedMutesParts {
  /** JSON of `tocsin:mutes`, as the environment has it; absent: nothing is muted. */
  readonly mutes: string | undefined;
  readonly dynamo: DynamoDBClient;
  readonly tableName: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The mutes of the settings, as handlers get them. Accounts are looked up as for a message: in memory, in the table, and once, for a short time, in AWS Organizations. */
export function deployedMutes({ mutes, dynamo, tableName, now }: DeployedMutesParts): Muting {
  if (mutes === undefined) {
    return async () => [];
  }
  const table = new AccountTable(dynamo, tableName);
  const organizations = new OrganizationsClient({ maxAttempts: 1 });
  const directory = new AccountDirectory({
    read: (accountId, signal) => table.read(accountId, signal),
    write: (account, signal) => table.write(account, signal),
    ask: (accountId, signal) => askForAccount(organizations, accountId, signal),
    now,
    warn: (message, error) => log({ kind: "warning", message, error: messageOf(error) }),
  });
  return muting({ mutes: JSON.parse(mutes) as readonly Mute[], lookUp: (accountId) => directory.lookUp(accountId), now });
}
