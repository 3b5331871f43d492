import assert from "node:assert/strict";
import { Iam } from "../../../sandbox/cloud/iam";
import { Organization } from "../../../sandbox/cloud/organizations";
import { createProvisioner } from "../../../sandbox/cloud/provision";
import { ORGANIZATION_TYPES } from "../../../sandbox/cloud/provision-organization-types";

const MANAGEMENT = "111111111111";
const SECURITY = "222222222222";

const said: string[] = [];
const { create } = createProvisioner({
  endpoint: "http://127.0.0.1:1",
  call: async () => ({}),
  iam: new Iam(() => {}),
  organization: new Organization(() => 0),
  progress: (text) => said.push(text),
});
const declare = (type: string, inputs: Record<string, unknown>, account: string) =>
  create({ urn: `urn:${type}`, type, name: "x", inputs, provider: { account, region: "eu-west-1" } });

/** What each type needs for its id. */
const INPUTS = {
  accountId: SECURITY,
  adminAccountId: SECURITY,
  servicePrincipal: "a.amazonaws.com",
  detectorId: "d",
  name: "n",
  targetId: "r-root",
  standardsArn: "arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-best-practices/v/1.0.0",
  accountIds: [SECURITY],
  resourceTypes: ["EC2", "ECR"],
};

describe("what sets up the whole Organization", () => {
  for (const [type, { administration }] of Object.entries(ORGANIZATION_TYPES))
    it(`${type} is made in ${administration === undefined ? "any account" : `the ${administration} account only`}, with an id`, async () => {
      const accounts = { management: [MANAGEMENT], delegated: [SECURITY], any: [MANAGEMENT, SECURITY] }[administration ?? "any"];
      for (const account of [MANAGEMENT, SECURITY]) {
        if (accounts.includes(account)) assert.notEqual((await declare(type, INPUTS, account)).id, "");
        else await assert.rejects(declare(type, INPUTS, account), { code: "AccessDeniedException" });
      }
      assert.deepEqual(said, []);
    });

  it("has the ids that the provider gives", async () => {
    const id = async (type: string, account = SECURITY) => (await declare(type, INPUTS, account)).id;
    assert.equal(await id("aws:organizations/delegatedAdministrator:DelegatedAdministrator", MANAGEMENT), "222222222222/a.amazonaws.com");
    assert.equal(
      await id("aws:securityhub/standardsSubscription:StandardsSubscription"),
      "arn:aws:securityhub:eu-west-1:222222222222:subscription/aws-foundational-security-best-practices/v/1.0.0",
    );
    assert.equal(await id("aws:guardduty/organizationConfigurationFeature:OrganizationConfigurationFeature"), "d/n");
    assert.equal(await id("aws:inspector2/enabler:Enabler"), "222222222222-EC2:ECR");
    assert.match(await id("aws:guardduty/detector:Detector"), /^[0-9a-f]{32}$/);
    assert.equal(await id("aws:cloudtrail/trail:Trail", MANAGEMENT), "arn:aws:cloudtrail:eu-west-1:111111111111:trail/n");
  });
});
