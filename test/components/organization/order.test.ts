import assert from "node:assert/strict";
import { UNKNOWN } from "../../../sandbox/engine/properties";
import { type ProgramResult, runProgram } from "../../../sandbox/engine/run-program";
import type { GraphResource } from "../../../sandbox/types";
import { shortType, withOrganization } from "./declared";

const HOME = "eu-west-1";
const OTHER = "us-east-1";
const NAMES: Readonly<Record<string, string>> = { "111111111111": "management", "222222222222": "security" };

/** Where resources of each type are, a place for each of them. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  "organizations:AwsServiceAccess": [`management ${HOME}`, `management ${HOME}`, `management ${HOME}`],
  "organizations:DelegatedAdministrator": [`management ${HOME}`],
  "securityhub:Account": [`management ${HOME}`, `management ${OTHER}`, `security ${HOME}`],
  "securityhub:OrganizationAdminAccount": [`management ${HOME}`],
  "securityhub:FindingAggregator": [`security ${HOME}`],
  "securityhub:OrganizationConfiguration": [`security ${HOME}`],
  "securityhub:ConfigurationPolicy": [`security ${HOME}`],
  "securityhub:ConfigurationPolicyAssociation": [`security ${HOME}`],
  "guardduty:Detector": [`security ${HOME}`, `security ${OTHER}`],
  "guardduty:OrganizationAdminAccount": [`management ${HOME}`, `management ${OTHER}`],
  "guardduty:OrganizationConfiguration": [`security ${HOME}`, `security ${OTHER}`],
  "guardduty:OrganizationConfigurationFeature": [
    ...Array<string>(5).fill(`security ${HOME}`),
    ...Array<string>(5).fill(`security ${OTHER}`),
  ],
  "inspector2:DelegatedAdminAccount": [`management ${HOME}`, `management ${OTHER}`],
  "inspector2:Enabler": [`security ${HOME}`, `security ${OTHER}`],
  "inspector2:OrganizationConfiguration": [`security ${HOME}`, `security ${OTHER}`],
  "cloudtrail:Trail": [`management ${HOME}`],
  "s3:Bucket": [`security ${HOME}`],
  "s3:BucketVersioning": [`security ${HOME}`],
  "s3:BucketServerSideEncryptionConfiguration": [`security ${HOME}`],
  "s3:BucketOwnershipControls": [`security ${HOME}`],
  "s3:BucketPublicAccessBlock": [`security ${HOME}`],
  "s3:BucketLifecycleConfiguration": [`security ${HOME}`],
  "s3:BucketPolicy": [`security ${HOME}`],
};

/** What has to be there before the next. */
const CHAINS: Readonly<Record<string, readonly string[]>> = {
  "sets up Security Hub in the order of central configuration": [
    "securityhub:Account security-hub",
    "securityhub:OrganizationAdminAccount security-hub",
    "securityhub:FindingAggregator security-hub",
    "securityhub:OrganizationConfiguration security-hub",
    "securityhub:ConfigurationPolicy security-hub",
    "securityhub:ConfigurationPolicyAssociation security-hub-r-root",
  ],
  "has Security Hub in the management account before the policy comes": [
    `securityhub:Account security-hub-management-${OTHER}`,
    "securityhub:ConfigurationPolicyAssociation security-hub-r-root",
  ],
  ...Object.fromEntries(
    [HOME, OTHER].flatMap((region) => [
      [
        `sets up GuardDuty in ${region}: detector, administrator, configuration, then one feature after the other`,
        [
          `guardduty:Detector guardduty-${region}`,
          `guardduty:OrganizationAdminAccount guardduty-${region}`,
          `guardduty:OrganizationConfiguration guardduty-${region}`,
          `guardduty:OrganizationConfigurationFeature guardduty-${region}-s3-data-events`,
          `guardduty:OrganizationConfigurationFeature guardduty-${region}-ebs-malware-protection`,
        ],
      ],
      [
        `sets up Inspector in ${region}: administrator, its own scans, then the configuration`,
        [
          `inspector2:DelegatedAdminAccount inspector-${region}`,
          `inspector2:Enabler inspector-${region}`,
          `inspector2:OrganizationConfiguration inspector-${region}`,
        ],
      ],
    ]),
  ),
  "registers one administrator at a time with Organizations": [
    "securityhub:OrganizationAdminAccount security-hub",
    `guardduty:OrganizationAdminAccount guardduty-${HOME}`,
    `inspector2:DelegatedAdminAccount inspector-${HOME}`,
    `inspector2:DelegatedAdminAccount inspector-${OTHER}`,
  ],
  "designates GuardDuty's administrator in the home Region first": [
    `guardduty:OrganizationAdminAccount guardduty-${HOME}`,
    `guardduty:OrganizationAdminAccount guardduty-${OTHER}`,
  ],
  "lets Inspector into the Organization before it has an administrator": [
    "organizations:AwsServiceAccess inspector",
    `inspector2:DelegatedAdminAccount inspector-${HOME}`,
  ],
  "lets malware protection into the Organization before it is switched on": [
    "organizations:AwsServiceAccess guardduty-malware-protection",
    `guardduty:OrganizationConfigurationFeature guardduty-${OTHER}-ebs-malware-protection`,
  ],
  "lets CloudTrail into the Organization before there is a trail": [
    "organizations:AwsServiceAccess cloudtrail",
    "cloudtrail:Trail organization-trail",
  ],
  "closes the bucket to the public before CloudTrail may write to it, and then makes the trail": [
    "s3:BucketPublicAccessBlock organization-trail",
    "s3:BucketPolicy organization-trail",
    "cloudtrail:Trail organization-trail",
  ],
};

describe("the Organization in a preview", () => {
  let result: ProgramResult;
  let parts: readonly GraphResource[];
  const label = ({ type, name }: GraphResource): string => `${shortType(type)} ${name}`;

  before(async () => {
    result = await runProgram({ stack: "test", config: withOrganization({ deploymentRole: "deployer" }), dryRun: true });
    assert.deepEqual(result.errors, []);
    parts = result.resources.filter(({ urn, custom }) => custom && urn.includes("tocsin:index:Organization$"));
  });

  it("has each resource in the right account and Region", () => {
    const places: Record<string, string[]> = {};
    for (const { type, provider } of parts) {
      assert.ok(provider, type);
      const place = `${NAMES[provider.account]} ${provider.region}`;
      places[shortType(type)] = [...(places[shortType(type)] ?? []), place].sort();
    }
    assert.deepEqual(places, PLACES);
  });

  for (const [promise, chain] of Object.entries(CHAINS)) {
    it(promise, () => {
      const byUrn = new Map(parts.map((part) => [part.urn, part]));
      const comesAfter = (part: GraphResource, earlier: GraphResource): boolean =>
        part.dependencies.some((urn) => {
          const dependency = byUrn.get(urn);
          return dependency !== undefined && (dependency === earlier || comesAfter(dependency, earlier));
        });
      const found = chain.map((wanted) => {
        const part = parts.find((one) => label(one) === wanted);
        assert.ok(part, wanted);
        return part;
      });
      for (const [index, part] of found.entries()) {
        const earlier = found[index - 1];
        assert.ok(earlier === undefined || comesAfter(part, earlier), `${chain[index - 1]} before ${chain[index]}`);
      }
    });
  }

  it("has one explicit provider for each account, which may work in no other and assumes the deployment's role", () => {
    const providers = result.resources.filter(({ type }) => type === "pulumi:providers:aws");
    assert.deepEqual(
      providers.map(({ name, inputs }) => [name, inputs.allowedAccountIds, inputs.assumeRoles, inputs.region]),
      ["111111111111", "222222222222"].map((account) => [
        NAMES[account],
        JSON.stringify([account]),
        JSON.stringify([{ roleArn: `arn:aws:iam::${account}:role/deployer`, sessionName: "tocsin-deployment" }]),
        HOME,
      ]),
    );
  });

  it("reaches the members only after StackSets were delegated", () => {
    const forwarding = result.resources.find(({ type }) => type === "tocsin:index:Forwarding");
    const delegation = parts.find((part) => label(part) === "organizations:DelegatedAdministrator stacksets");
    assert.ok(delegation && forwarding?.dependencies.includes(delegation.urn));
  });

  it("does not know the Organization's id, and goes on", () => {
    const organization = result.resources.find(({ type }) => type === "tocsin:index:Organization");
    assert.equal(organization?.outputs.organizationId, UNKNOWN);
  });
});
