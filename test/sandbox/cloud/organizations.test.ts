import assert from "node:assert/strict";
import { Organization, organizationsHandler } from "../../../sandbox/cloud/organizations";

const answer = organizationsHandler(new Organization(() => 0), "222222222222");
const ask = async (operation: string, input: Record<string, unknown> = {}, account = "222222222222") =>
  (await answer({ account, region: "us-east-1", service: "organizations", operation, principal: "", input, headers: {} }))?.body as Record<
    string,
    unknown
  >;

describe("the emulated Organization", () => {
  it("tells an account's unit and the unit's name", async () => {
    assert.deepEqual(await ask("ListParents", { ChildId: "666666666666" }), {
      Parents: [{ Id: "ou-root-sandboxes", Type: "ORGANIZATIONAL_UNIT" }],
    });
    const unit = await ask("DescribeOrganizationalUnit", { OrganizationalUnitId: "ou-root-sandboxes" });
    assert.equal((unit.OrganizationalUnit as { Name: string }).Name, "Sandbox");
    assert.deepEqual(await ask("ListParents", { ChildId: "ou-root-sandboxes" }), { Parents: [{ Id: "r-root", Type: "ROOT" }] });
  });

  it("pages its accounts", async () => {
    const first = await ask("ListAccounts", { MaxResults: 4 });
    const second = await ask("ListAccounts", { MaxResults: 4, NextToken: first.NextToken });
    assert.equal((first.Accounts as unknown[]).length + (second.Accounts as unknown[]).length, 6);
    assert.equal(second.NextToken, undefined);
  });

  it("answers members only which Organization they are in", async () => {
    await assert.rejects(ask("ListAccounts", {}, "333333333333"), { code: "AccessDeniedException" });
    assert.equal(
      ((await ask("DescribeOrganization", {}, "333333333333")).Organization as { MasterAccountId: string }).MasterAccountId,
      "111111111111",
    );
  });

  it("refuses accounts that do not exist", async () => {
    await assert.rejects(ask("DescribeAccount", { AccountId: "999999999999" }), { code: "AccountNotFoundException" });
  });

  it("takes a new account, moves it and closes it", async () => {
    const { CreateAccountStatus } = await ask("CreateAccount", { AccountName: "new", Email: "new@example.com" }, "111111111111");
    const AccountId = (CreateAccountStatus as { AccountId: string }).AccountId;
    await ask("MoveAccount", { AccountId, SourceParentId: "r-root", DestinationParentId: "ou-root-production" }, "111111111111");
    await ask("CloseAccount", { AccountId }, "111111111111");
    assert.equal(((await ask("DescribeAccount", { AccountId })).Account as { Status: string }).Status, "SUSPENDED");
    assert.deepEqual(await ask("ListParents", { ChildId: AccountId }), {
      Parents: [{ Id: "ou-root-production", Type: "ORGANIZATIONAL_UNIT" }],
    });
  });
});
