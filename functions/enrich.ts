import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { AccountDirectory } from "./accounts/directory";
import { askForAccount } from "./accounts/organization";
import { AccountTable } from "./accounts/table";
import type { AccountInfo, Alert } from "./alert";
import { required, requiredJson } from "./environment";
import { log, messageOf } from "./log";
import { routeTo } from "./routing/match";
import { type Resolves, resolvedTo } from "./routing/resolved";
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
  const resolves = requiredJson<Resolves>("RESOLVES");
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
    const subject = { finding, account, reason };
    const over = reason === "resolved";
    const names = over ? resolvedTo(routes, subject, Object.keys(alert.told), resolves) : routeTo(routes, subject);
    const channels = names.flatMap((name) => {
      const kind = kinds[name];
      return kind === undefined ? [] : [{ name, kind }];
    });
    // That a problem is over may concern nobody; that there is one always concerns somebody.
    if (channels.length === 0 && !over) {
      const message = `no channel is routed to for a ${finding.severity} ${finding.origin} finding of account ${account.name ?? account.id}`;
      // Where the account is not known yet, a route by its name or its organizational unit may still fit later.
      throw account.path === undefined ? new Error(message) : new NoRoute(message);
    }
    return { account, channels };
  };
}
