import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { refusedByAws, securityAccount } from "../commands/security-account";
import { allAccounts, askForAccount } from "../functions/accounts/organization";
import type { AccountInfo } from "../functions/alert";
import { ACCOUNTS, ORGANIZATIONAL_UNITS, ROOT_ID } from "../sandbox/organization";
import { printable } from "../sandbox/terminal/text";
import { UsageError } from "../sandbox/usage-error";
import type { Settings } from "../settings";
import { given, nearest } from "../settings/fault";

/** The accounts of the sandbox's Organization as they are from the start. */
export const SANDBOX_ACCOUNTS: readonly AccountInfo[] = ACCOUNTS.map(({ id, name, parent }) => {
  const units = ORGANIZATIONAL_UNITS.filter((unit) => unit.id === parent);
  return { id, name, path: units.map((unit) => unit.name), organizationalUnitIds: [ROOT_ID, ...units.map((unit) => unit.id)] };
});

/** How long Organizations may take to tell of one account, in milliseconds. */
const PATIENCE = 30_000;

/** Known names that are listed where one is wrong: there may be thousands. */
const LISTED = 20;

/**
 * The account of this name or id.
 * @param organization whose accounts these are, as the message calls it.
 * @throws UsageError that lists the known names, or the ids if several accounts have the name.
 */
export function accountAmong(accounts: readonly AccountInfo[], nameOrId: string, organization = "the Organization"): AccountInfo {
  const [found, another] = accounts.filter(({ id, name }) => id === nameOrId || name === nameOrId);
  if (found === undefined) {
    const names = accounts.map(({ id, name }) => printable(name ?? id)).sort();
    const near = nearest(nameOrId, names);
    const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
    throw new UsageError(
      `--account: ${organization} has no account ${given(nameOrId)}; ${near === undefined ? "" : `did you mean ${near}? `}` +
        `it has ${names.slice(0, LISTED).join(", ")}${more}`,
    );
  }
  if (another !== undefined) {
    const ids = accounts.filter(({ name }) => name === nameOrId).map(({ id }) => id);
    throw new UsageError(`--account: ${ids.length} accounts are called ${nameOrId}; give the id: ${ids.join(", ")}`);
  }
  return found;
}

/** Looks an account up in the real Organization. @throws UsageError if there is none, or AWS does not tell. */
export async function accountInAws(settings: Settings, nameOrId: string): Promise<AccountInfo> {
  try {
    return await accountIn(new OrganizationsClient(await securityAccount(settings, "routes")), nameOrId);
  } catch (error) {
    throw refusedByAws("AWS did not tell about the account", error);
  }
}

/** Looks an account up in an Organization: one id costs a few calls, a name a walk through all accounts. */
export async function accountIn(client: OrganizationsClient, nameOrId: string): Promise<AccountInfo> {
  if (/^\d{12}$/.test(nameOrId)) {
    return askForAccount(client, nameOrId, AbortSignal.timeout(PATIENCE));
  }
  const accounts: AccountInfo[] = [];
  for await (const page of allAccounts(client)) {
    accounts.push(...page);
  }
  return accountAmong(accounts, nameOrId);
}
