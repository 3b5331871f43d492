import assert from "node:assert/strict";
import { type DeclaredPart, declareOrganization } from "./declared";

const PARTS = {
  securityHub: /^securityhub:/,
  guardDuty: /^guardduty:|^organizations:\S+ guardduty/,
  inspector: /^inspector2:|^organizations:\S+ inspector$/,
  trustedAccess: /^organizations:/,
  trail: /^(cloudtrail|s3):|^organizations:\S+ cloudtrail$/,
} as const;

const labels = (parts: readonly DeclaredPart[]): string[] => parts.map(({ label }) => label).sort();

describe("the Organization", () => {
  let all: DeclaredPart[];
  const inputsOf = (label: string): DeclaredPart["inputs"] => {
    const found = all.find((part) => part.label === label);
    assert.ok(found, label);
    return found.inputs;
  };

  before(async () => {
    all = await declareOrganization();
  });

  for (const [part, resources] of Object.entries(PARTS)) {
    it(`leaves out exactly its part for manage.${part}: false`, async () => {
      const left = await declareOrganization({ manage: { [part]: false } });
      assert.ok(all.some(({ label }) => resources.test(label)));
      assert.deepEqual(labels(left), labels(all.filter(({ label }) => !resources.test(label))));
    });
  }

  it("makes nothing where the Organization has everything", async () => {
    const manage = Object.fromEntries(Object.keys(PARTS).map((part) => [part, false]));
    assert.deepEqual(await declareOrganization({ manage }), []);
  });

  it("makes no trail and no bucket where the settings name one", async () => {
    const left = await declareOrganization({ existingTrail: "arn:aws:cloudtrail:eu-west-1:111111111111:trail/audit" });
    assert.deepEqual(labels(left), labels(all.filter(({ label }) => !PARTS.trail.test(label))));
  });

  it("delegates StackSets only where accounts are reached by them", async () => {
    const left = await declareOrganization({ forwarding: { via: "providers", accountIds: ["333333333333"] } });
    assert.ok(all.some(({ label }) => label === "organizations:DelegatedAdministrator stacksets"));
    assert.ok(!left.some(({ label }) => label.startsWith("organizations:DelegatedAdministrator")));
  });

  it("stays when it leaves the program, all of it", () => {
    assert.deepEqual(
      all.filter(({ retainOnDelete }) => !retainOnDelete).map(({ label }) => label),
      [],
    );
  });

  it("protects what holds a record that could not be made again: the trail and its bucket", () => {
    assert.deepEqual(labels(all.filter(({ protect }) => protect)), ["cloudtrail:Trail organization-trail", "s3:Bucket organization-trail"]);
  });

  it("brings the findings of the covered Regions to the home Region, and those of no other", async () => {
    assert.deepEqual(inputsOf("securityhub:FindingAggregator security-hub"), {
      region: "eu-west-1",
      linkingMode: "SPECIFIED_REGIONS",
      specifiedRegions: ["us-east-1"],
    });
    const alone = (await declareOrganization({ regions: ["eu-west-1"] })).find(({ label }) => label.includes("FindingAggregator"));
    assert.deepEqual(alone?.inputs, { region: "eu-west-1", linkingMode: "NO_REGIONS" });
  });

  it("switches on the CIS and AWS Foundational standards with one finding for each control", () => {
    const { configurationPolicy } = inputsOf("securityhub:ConfigurationPolicy security-hub");
    assert.deepEqual(configurationPolicy, {
      serviceEnabled: true,
      enabledStandardArns: [
        "arn:aws:securityhub:eu-west-1::standards/cis-aws-foundations-benchmark/v/5.0.0",
        "arn:aws:securityhub:eu-west-1::standards/aws-foundational-security-best-practices/v/1.0.0",
      ],
      securityControlsConfiguration: { disabledControlIdentifiers: [] },
    });
    for (const { label, inputs } of all.filter((part) => part.label.startsWith("securityhub:Account "))) {
      assert.equal(inputs.controlFindingGenerator, "SECURITY_CONTROL", label);
      assert.equal(inputs.enableDefaultStandards, false, label);
    }
  });

  it("configures Security Hub for what is covered, and for the management and the security account in any case", async () => {
    const targets = async (forwarding: object) =>
      (await declareOrganization({ forwarding }))
        .filter(({ label }) => label.startsWith("securityhub:ConfigurationPolicyAssociation"))
        .map(({ inputs }) => inputs.targetId)
        .sort();
    assert.deepEqual(await targets({ via: "stackset", organizationalUnitIds: ["r-root"] }), ["r-root"]);
    assert.deepEqual(await targets({ via: "stackset", organizationalUnitIds: ["ou-root-production"] }), [
      "111111111111",
      "222222222222",
      "ou-root-production",
    ]);
    assert.deepEqual(await targets({ via: "providers", accountIds: ["333333333333", "222222222222"] }), [
      "111111111111",
      "222222222222",
      "333333333333",
    ]);
  });

  it("switches GuardDuty on in all accounts of each Region, with what needs no agent", () => {
    for (const region of ["eu-west-1", "us-east-1"]) {
      assert.equal(inputsOf(`guardduty:OrganizationConfiguration guardduty-${region}`).autoEnableOrganizationMembers, "ALL");
      const features = all.filter(({ label, inputs }) => label.includes("ConfigurationFeature") && inputs.region === region);
      assert.deepEqual(new Set(features.map(({ inputs }) => inputs.autoEnable)), new Set(["ALL"]));
      assert.deepEqual(features.map(({ inputs }) => inputs.name).sort(), [
        "EBS_MALWARE_PROTECTION",
        "EKS_AUDIT_LOGS",
        "LAMBDA_NETWORK_LOGS",
        "RDS_LOGIN_EVENTS",
        "S3_DATA_EVENTS",
      ]);
    }
  });

  it("records changes of all accounts and Regions, in files that cannot be forged unnoticed", () => {
    assert.deepEqual(inputsOf("cloudtrail:Trail organization-trail"), {
      name: "tocsin-organization-trail",
      region: "eu-west-1",
      s3BucketName: "tocsin-organization-trail-222222222222",
      isOrganizationTrail: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      eventSelectors: [{ includeManagementEvents: true, readWriteType: "WriteOnly" }],
    });
  });

  it("keeps the trail's files encrypted, versioned, private, and for 400 days", () => {
    assert.deepEqual(inputsOf("s3:BucketVersioning organization-trail").versioningConfiguration, { status: "Enabled" });
    assert.deepEqual(inputsOf("s3:BucketServerSideEncryptionConfiguration organization-trail").rules, [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    const { blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets } = inputsOf(
      "s3:BucketPublicAccessBlock organization-trail",
    );
    assert.deepEqual([blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets], [true, true, true, true]);
    const [rule] = inputsOf("s3:BucketLifecycleConfiguration organization-trail").rules as { expiration: object }[];
    assert.deepEqual(rule?.expiration, { days: 400 });
  });

  it("lets CloudTrail write to the bucket for this one trail, and nobody come without TLS", () => {
    const trail = { "aws:SourceArn": "arn:aws:cloudtrail:eu-west-1:111111111111:trail/tocsin-organization-trail" };
    const bucket = "arn:aws:s3:::tocsin-organization-trail-222222222222";
    const Principal = { Service: "cloudtrail.amazonaws.com" };
    assert.deepEqual(JSON.parse(String(inputsOf("s3:BucketPolicy organization-trail").policy)).Statement, [
      {
        Sid: "LooksAtAcl",
        Effect: "Allow",
        Action: ["s3:GetBucketAcl"],
        Resource: [bucket],
        Condition: { StringEquals: trail },
        Principal,
      },
      {
        Sid: "Writes",
        Effect: "Allow",
        Action: ["s3:PutObject"],
        Resource: [`${bucket}/AWSLogs/*`],
        Condition: { StringEquals: { ...trail, "s3:x-amz-acl": "bucket-owner-full-control" } },
        Principal,
      },
      {
        Sid: "NothingWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucket, `${bucket}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
  });
});
