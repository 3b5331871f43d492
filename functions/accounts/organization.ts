import {
  type Account,
  DescribeAccountCommand,
  DescribeOrganizationalUnitCommand,
  ListAccountsForParentCommand,
  type ListAccountsForParentCommandOutput,
  ListOrganizationalUnitsForParentCommand,
  type ListOrganizationalUnitsForParentCommandOutput,
  ListParentsCommand,
  ListRootsCommand,
  ListTagsForResourceCommand,
  type ListTagsForResourceCommandOutput,
  type OrganizationsClient,
} from "@aws-sdk/client-organizations";
import type { AccountInfo } from "../alert";
import type { AccountRecord } from "./record";

/** The organizational units above an account, the root's id first; the root itself has no name worth showing. */
interface Place {
  readonly path: readonly string[];
  readonly organizationalUnitIds: readonly string[];
}

/** Asks AWS Organizations for one account: its name and the units above it. */
export async function askForAccount(client: OrganizationsClient, accountId: string, abortSignal: AbortSignal): Promise<AccountInfo> {
  const { Account } = await client.send(new DescribeAccountCommand({ AccountId: accountId }), { abortSignal });
  // A name is worth having even where the way up is throttled: the units are asked for again next time.
  const place = await placeOf(client, accountId, abortSignal).catch(() => undefined);
  return { id: accountId, name: Account?.Name, ...place };
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
export async function* allAccounts(client: OrganizationsClient): AsyncGenerator<readonly AccountRecord[]> {
  const { Roots = [] } = await client.send(new ListRootsCommand({}));
  for (const { Id: root } of Roots) {
    if (root !== undefined) {
      yield* accountsBelow(client, root, { path: [], organizationalUnitIds: [root] });
    }
  }
}

async function* accountsBelow(client: OrganizationsClient, parent: string, place: Place): AsyncGenerator<readonly AccountRecord[]> {
  let next: string | undefined;
  do {
    const page: ListAccountsForParentCommandOutput = await client.send(
      new ListAccountsForParentCommand({ ParentId: parent, NextToken: next }),
    );
    yield (page.Accounts ?? []).flatMap((account) => recordOf(account, place));
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

/** `State` takes the place of `Status`: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html */
const recordOf = ({ Id: id, Name: name, State, Status, JoinedTimestamp }: Account, place: Place): AccountRecord[] =>
  id === undefined ? [] : [{ id, name, ...place, status: State ?? Status, joined: JoinedTimestamp?.toISOString() }];

/** Tags of an account. */
export async function tagsOf(client: OrganizationsClient, accountId: string): Promise<Record<string, string>> {
  const tags: Record<string, string> = {};
  let next: string | undefined;
  do {
    const page: ListTagsForResourceCommandOutput = await client.send(
      new ListTagsForResourceCommand({ ResourceId: accountId, NextToken: next }),
    );
    for (const { Key, Value } of page.Tags ?? []) {
      if (Key !== undefined) {
        tags[Key] = Value ?? "";
      }
    }
    next = page.NextToken;
  } while (next !== undefined);
  return tags;
}
