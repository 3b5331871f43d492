import assert from "node:assert/strict";
import { memberRoles } from "../../../components/forwarding/member-resources";
import { memberSide } from "../../../components/forwarding/member-side";
import { parseSettings } from "../../../settings";
import { type PolicyStatement, statementsOf } from "../deployed";
import { CONFIG } from "../example-config";

const ACCOUNT = "333333333333";
const APPROVALS = { approvers: ["U0123456789"], signingSecretName: "tocsin/slack-signing" };
const SLACK = { kind: "slack", channel: "C0123456789", secretName: "tocsin/slack" };

const roleWith = (guard: object) => {
  const settings = parseSettings("test", {
    ...CONFIG,
    "tocsin:channels": { ...(CONFIG["tocsin:channels"] as object), chat: SLACK },
    "tocsin:securityGroupGuard": guard,
    "tocsin:approvals": APPROVALS,
  });
  const { guard: role } = memberRoles(memberSide(settings), ACCOUNT);
  assert.ok(role);
  return role;
};
const permissionsWith = (guard: object): readonly PolicyStatement[] => statementsOf(roleWith(guard).permissions);
const actionsOf = (statements: readonly PolicyStatement[]): string[] => [...new Set(statements.flatMap(({ Action }) => Action))].sort();

const LOOKS = [
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSecurityGroupRules",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeTags",
  "ec2:GetManagedPrefixListEntries",
];
const CHANGES = ["ec2:AuthorizeSecurityGroupIngress", "ec2:ModifySecurityGroupRules", "ec2:RevokeSecurityGroupIngress"];

describe("the guard's role in a member", () => {
  it("is assumed by three functions of the security account that know the external id, and by nobody else there", () => {
    const [statement, ...more] = statementsOf(roleWith({}).trust);
    assert.deepEqual(more, []);
    assert.deepEqual(statement?.Principal, { AWS: "arn:aws:iam::222222222222:root" });
    assert.deepEqual(statement?.Condition, {
      ArnEquals: {
        "aws:PrincipalArn": ["guard", "guard-act", "sweep-place"].map((name) => `arn:aws:iam::222222222222:role/tocsin-${name}`),
      },
      StringEquals: { "sts:ExternalId": "tocsin-111111111111" },
    });
  });

  it("is called like no role of a function, so that the security account can be a member as well", () => {
    assert.equal(roleWith({}).name, "tocsin-security-groups");
  });

  it("only looks with mode alert", () => {
    assert.deepEqual(actionsOf(permissionsWith({})), LOOKS);
  });

  for (const mode of ["approve", "revert"]) {
    it(`changes rules for incoming traffic and nothing else with mode ${mode}`, () => {
      assert.deepEqual(actionsOf(permissionsWith({ mode })), [...LOOKS, ...CHANGES].sort());
      for (const { Action, Resource } of permissionsWith({ mode })) {
        if ([Action].flat().some((action) => CHANGES.includes(action))) {
          assert.match(String([Resource].flat()[0]), new RegExp(`^arn:aws:ec2:\\*:${ACCOUNT}:security-group(-rule)?/\\*$`));
        }
      }
    });
  }

  it("cannot change a group with the exempting tag, and asks for tags of VPCs only where there is one", () => {
    const changes = permissionsWith({ mode: "revert", exemptTag: "tocsin:exempt" }).find(({ Sid }) => Sid === "ChangesGroups");
    assert.deepEqual(changes?.Condition, { Null: { "aws:ResourceTag/tocsin:exempt": "true" } });
    assert.ok(actionsOf(permissionsWith({ exemptTag: "tocsin:exempt" })).includes("ec2:DescribeVpcs"));
    assert.ok(!actionsOf(permissionsWith({ mode: "revert" })).includes("ec2:DescribeVpcs"));
  });
});
