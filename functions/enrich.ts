import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { AccountDirectory } from "./accounts/directory";
import { askForAccount } from "./accounts/organization";
import { AccountTable } from "./accounts/table";
import type { AccountInfo, Alert } from "./alert";
import { required, requiredJson } from "./environment";
import { log, messageOf } from "./log";
import { routeTo } from "./routing/match";
import type { Route } from "./routing/route";

interface Enriched {
  readonly account: AccountInfo;
  readonly channels: readonly { readonly name: string; readonly kind: string }[];
}

/** Nobody would hear of it, now or later: the workflow puts it into the dead-letter queue, with an alarm, instead of letting it pass for told. */
class NoRoute extends Error {
  override readonly name = "NoRoute";
}

/** Finds out whose account the alert is about, and which channels hear of it. */
export function createHandler(): (input: { readonly alert: Alert }) => Promise<Enriched> {
  const routes = requiredJson<readonly Route[]>("ROUTES");
  const kinds = requiredJson<Record<string, string>>("CHANNELS");
  const table = new AccountTable(new DynamoDBClient({}), required("TABLE_NAME"));
  const organizations = new OrganizationsClient({ maxAttempts: 1 });
  const directory = new AccountDirectory({
    read: (accountId, signal) => table.read(accountId, signal),
    write: (account, signal) => table.write(account, signal),
    ask: (accountId, signal) => askForAccount(organizations, accountId, signal),
    now: Date.now,
    warn: (message, error) => log({ kind: "warning", message, error: messageOf(error) }),
  });

  return async ({ alert }) => {
    const { finding, reason } = alert;
    const looked = await directory.lookUp(finding.accountId);
    const account = looked.name === undefined && finding.accountName !== undefined ? { ...looked, name: finding.accountName } : looked;
    const channels = routeTo(routes, { finding, account, reason }).flatMap((name) => {
      const kind = kinds[name];
      return kind === undefined ? [] : [{ name, kind }];
    });
    if (channels.length === 0) {
      const message = `no channel is routed to for a ${finding.severity} ${finding.origin} finding of account ${account.name ?? account.id}`;
      // Where the account is not known yet, a route by its name or its organizational unit may still fit later.
      throw account.path === undefined ? new Error(message) : new NoRoute(message);
    }
    return { account, channels };
  };
}
