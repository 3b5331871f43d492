import {
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  ListAccountsForParentCommand,
  type ListAccountsForParentCommandOutput,
  ListOrganizationalUnitsForParentCommand,
  type ListOrganizationalUnitsForParentCommandOutput,
  ListParentsCommand,
  ListRootsCommand,
  type OrganizationsClient,
} from "@aws-sdk/client-organizations";
import type { AccountInfo } from "../alert";

/** The organizational units above an account, the root's id first; the root itself has no name worth showing. */
interface Place {
  readonly path: readonly string[];
  readonly organizationalUnitIds: readonly string[];
}

/** Asks AWS Organizations for one account: its name and the units above it. */
export async function askForAccount(client: OrganizationsClient, accountId: string, abortSignal: AbortSignal): Promise<AccountInfo> {
  const { Account } = await client.send(new DescribeAccountCommand({ AccountId: accountId }), { abortSignal });
  return { id: accountId, name: Account?.Name, ...(await placeOf(client, accountId, abortSignal)) };
}

/** Walks up from an account to the root: at most five organizational units are nested. */
async function placeOf(client: OrganizationsClient, childId: string, abortSignal: AbortSignal): Promise<Place> {
  const { Parents: [parent] = [] } = await client.send(new ListParentsCommand({ ChildId: childId }), { abortSignal });
  if (parent?.Id === undefined) {
    return { path: [], organizationalUnitIds: [] };
  }
  if (parent.Type === "ROOT") {
    return { path: [], organizationalUnitIds: [parent.Id] };
  }
  const [{ OrganizationalUnit: unit }, above] = await Promise.all([
    client.send(new DescribeOrganizationalUnitCommand({ OrganizationalUnitId: parent.Id }), { abortSignal }),
    placeOf(client, parent.Id, abortSignal),
  ]);
  return { path: [...above.path, unit?.Name ?? parent.Id], organizationalUnitIds: [...above.organizationalUnitIds, parent.Id] };
}

/** Walks the whole Organization from its root, one page of accounts at a time: a call for 20 accounts, not one for each. */
export async function* allAccounts(client: OrganizationsClient): AsyncGenerator<readonly AccountInfo[]> {
  const { Roots = [] } = await client.send(new ListRootsCommand({}));
  for (const { Id: root } of Roots) {
    if (root !== undefined) {
      yield* accountsBelow(client, root, { path: [], organizationalUnitIds: [root] });
    }
  }
}

async function* accountsBelow(client: OrganizationsClient, parent: string, place: Place): AsyncGenerator<readonly AccountInfo[]> {
  let next: string | undefined;
  do {
    const page: ListAccountsForParentCommandOutput = await client.send(
      new ListAccountsForParentCommand({ ParentId: parent, NextToken: next }),
    );
    yield (page.Accounts ?? []).flatMap(({ Id: id, Name: name }) => (id === undefined ? [] : [{ id, name, ...place }]));
    next = page.NextToken;
  } while (next !== undefined);
  do {
    const page: ListOrganizationalUnitsForParentCommandOutput = await client.send(
      new ListOrganizationalUnitsForParentCommand({ ParentId: parent, NextToken: next }),
    );
    for (const { Id: id, Name: name } of page.OrganizationalUnits ?? []) {
      if (id !== undefined) {
        yield* accountsBelow(client, id, {
          path: [...place.path, name ?? id],
          organizationalUnitIds: [...place.organizationalUnitIds, id],
        });
      }
    }
    next = page.NextToken;
  } while (next !== undefined);
}
