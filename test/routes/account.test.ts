import assert from "node:assert/strict";
import type { OrganizationsClient } from "@aws-sdk/client-organizations";
import { accountAmong, accountIn, SANDBOX_ACCOUNTS } from "../../routes/account";

/** An Organization of one account, web in Production; it counts what it is asked. */
function organization(): { client: OrganizationsClient; asked: string[] } {
  const web = { Id: "444444444444", Name: "web", Status: "ACTIVE" };
  const unit = { Id: "ou-root-production", Name: "Production" };
  const answers: Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object>> = {
    DescribeAccountCommand: () => ({ Account: web }),
    DescribeOrganizationalUnitCommand: () => ({ OrganizationalUnit: unit }),
    ListParentsCommand: ({ ChildId }) => ({
      Parents: [ChildId === web.Id ? { Id: unit.Id, Type: "ORGANIZATIONAL_UNIT" } : { Id: "r-root", Type: "ROOT" }],
    }),
    ListRootsCommand: () => ({ Roots: [{ Id: "r-root" }] }),
    ListAccountsForParentCommand: ({ ParentId }) => ({ Accounts: ParentId === unit.Id ? [web] : [] }),
    ListOrganizationalUnitsForParentCommand: ({ ParentId }) => ({ OrganizationalUnits: ParentId === "r-root" ? [unit] : [] }),
  };
  const asked: string[] = [];
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: Readonly<Record<string, unknown>> }) => {
    asked.push(command.constructor.name);
    return answers[command.constructor.name]?.(command.input);
  };
  return { client: { send } as unknown as OrganizationsClient, asked };
}

describe("the account that is asked for", () => {
  it("is found by name and by id, with its organizational units", () => {
    const payments = {
      id: "333333333333",
      name: "payments",
      path: ["Production"],
      organizationalUnitIds: ["r-root", "ou-root-production"],
    };
    assert.deepEqual(accountAmong(SANDBOX_ACCOUNTS, "payments"), payments);
    assert.deepEqual(accountAmong(SANDBOX_ACCOUNTS, "333333333333"), payments);
  });

  it("is below no organizational unit if it is in the root", () => {
    const { path, organizationalUnitIds } = accountAmong(SANDBOX_ACCOUNTS, "management");
    assert.deepEqual([path, organizationalUnitIds], [[], ["r-root"]]);
  });

  it("is refused if it is unknown, with the known names", () => {
    assert.throws(() => accountAmong(SANDBOX_ACCOUNTS, "paymets", "the Organization"), {
      name: "UsageError",
      message:
        '--account: the Organization has no account "paymets"; did you mean payments? it has data, lab, management, payments, security, web',
    });
  });

  it("is refused with a few of the known names if there are thousands", () => {
    const accounts = Array.from({ length: 3000 }, (_, index) => ({ id: String(300_000_000_000 + index), name: `account-${index}` }));
    assert.throws(() => accountAmong(accounts, "zzz"), /it has account-0, account-1, .* and 2980 more$/);
  });

  it("is refused if several have the name, with their ids", () => {
    const accounts = ["333333333333", "444444444444"].map((id) => ({ id, name: "twin" }));
    assert.throws(() => accountAmong(accounts, "twin"), /2 accounts are called twin; give the id: 333333333333, 444444444444/);
    assert.equal(accountAmong(accounts, "444444444444").id, "444444444444");
  });

  it("is looked up in an Organization, by name as well as by id", async () => {
    for (const nameOrId of ["web", "444444444444"]) {
      const { id, name, path, organizationalUnitIds } = await accountIn(organization().client, nameOrId);
      assert.deepEqual([id, name, path, organizationalUnitIds], ["444444444444", "web", ["Production"], ["r-root", "ou-root-production"]]);
    }
  });

  it("is looked up by id without a walk through the Organization", async () => {
    const { client, asked } = organization();
    await accountIn(client, "444444444444");
    assert.ok(!asked.some((command) => command.startsWith("List") && command !== "ListParentsCommand"), asked.join());
  });
});
