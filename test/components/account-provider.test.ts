import assert from "node:assert/strict";
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { accountProvider, memberProviders } from "../../components/account-provider";
import { parseSettings } from "../../settings";
import { withOrganization } from "./organization/declared";

type Inputs = Readonly<Record<string, unknown>>;

/** Declares providers under Pulumi's mocks, and answers their inputs by name. */
async function declared(declare: () => void): Promise<Readonly<Record<string, Inputs>>> {
  const providers: Record<string, Inputs> = {};
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => {
        providers[name] = inputs;
        return { id: name, state: inputs };
      },
      call: () => ({}),
    },
    "tocsin",
    "test",
  );
  declare();
  await pulumi.runtime.disconnect();
  return providers;
}

const members = (forwarding: object, known: Readonly<Record<string, aws.Provider>> = {}) =>
  memberProviders(parseSettings("test", withOrganization({ forwarding })), known);

describe("providers", () => {
  it("may work in their own account only, with the credentials at hand unless a role is named", async () => {
    const { security, china } = await declared(() => {
      accountProvider("security", { account: "222222222222", region: "eu-west-1" });
      accountProvider("china", { account: "222222222222", region: "cn-north-1", roleName: "deployer" });
    });
    assert.equal(security?.allowedAccountIds, '["222222222222"]');
    assert.equal(security?.assumeRoles, undefined);
    assert.match(String(china?.assumeRoles), /"arn:aws-cn:iam::222222222222:role\/deployer"/);
  });

  it("are made for each listed account, and used again where there is one already", async () => {
    const providers = await declared(() => {
      const known = accountProvider("security", { account: "222222222222", region: "eu-west-1" });
      const made = members({ via: "providers", accountIds: ["333333333333", "222222222222"] }, { "222222222222": known });
      assert.deepEqual(Object.keys(made).sort(), ["222222222222", "333333333333"]);
      assert.equal(made["222222222222"], known);
    });
    assert.deepEqual(Object.keys(providers), ["security", "member-333333333333"]);
    assert.match(String(providers["member-333333333333"]?.assumeRoles), /role\/OrganizationAccountAccessRole"/);
  });

  it("are none for members that StackSets reach", () => {
    assert.deepEqual(members({ via: "stackset", organizationalUnitIds: ["r-root"] }), {});
  });
});
