import assert from "node:assert/strict";
import { controlOfAsff, controlProblem, standardsOfAsff, standardTitle } from "../../../functions/normalize/control";
import { findingOf, inFinding } from "./support";

describe("the control behind a finding", () => {
  const CONTROLS: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ["its security control id", { Compliance: { SecurityControlId: "EC2.13" }, GeneratorId: "x" }, "EC2.13"],
    ["a consolidated generator id", { GeneratorId: "security-control/IAM.9" }, "IAM.9"],
    ["a consolidated finding id", { Id: "arn:aws:securityhub:eu-west-1:1:security-control/S3.8/finding/1" }, "S3.8"],
    ["a generator id of FSBP", { GeneratorId: "aws-foundational-security-best-practices/v/1.0.0/EC2.19" }, "EC2.19"],
    ["the renamed ELBv2.1", { GeneratorId: "aws-foundational-security-best-practices/v/1.0.0/ELBv2.1" }, "ELB.1"],
    ["a CIS 1.2 rule", { GeneratorId: "arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/4.1" }, "EC2.13"],
    [
      "a CIS 1.2 metric filter rule",
      { GeneratorId: "arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/3.10" },
      "CloudWatch.10",
    ],
    ["a CIS 1.4 rule", { GeneratorId: "cis-aws-foundations-benchmark/v/1.4.0/5.3" }, "EC2.2"],
    ["a CIS 1.4 metric filter rule", { GeneratorId: "cis-aws-foundations-benchmark/v/1.4.0/4.4" }, "CloudWatch.4"],
    ["a CIS 3.0 rule", { GeneratorId: "cis-aws-foundations-benchmark/v/3.0.0/5.4" }, "EC2.2"],
    ["a CIS 5.0 rule", { GeneratorId: "cis-aws-foundations-benchmark/v/5.0.0/5.5" }, "EC2.2"],
    [
      "the standard's control ARN",
      { ProductFields: { StandardsControlArn: "arn:aws:securityhub:us-gov-west-1:1:control/cis-aws-foundations-benchmark/v/1.2.0/4.3" } },
      "EC2.2",
    ],
    [
      "the finding's id",
      { Id: "arn:aws:securityhub:eu-west-1:1:subscription/cis-aws-foundations-benchmark/v/1.4.0/3.7/finding/1" },
      "CloudTrail.2",
    ],
    [
      "the remediation link",
      { GeneratorId: "g", Remediation: { Recommendation: { Url: "https://docs.aws.amazon.com/console/securityhub/EC2.7/remediation" } } },
      "EC2.7",
    ],
    ["the control id of another standard", { GeneratorId: "g", ProductFields: { ControlId: "CloudTrail.2" } }, "CloudTrail.2"],
    [
      "the AWS Config rule",
      { GeneratorId: "g", ProductFields: { ControlId: "9.9", "RelatedAWSResources:0/name": "securityhub-restricted-ssh-38a80c22" } },
      "restricted-ssh",
    ],
    ["the generator, when nothing else is there", { GeneratorId: "some/generator" }, "some/generator"],
  ];
  for (const [name, finding, expected] of CONTROLS) {
    it(`is told by ${name}`, () => assert.equal(controlOfAsff(finding), expected));
  }

  it("is the same for CIS and FSBP in Regions that name no security control id", () => {
    const bare = (name: string) =>
      findingOf(name, [inFinding("Compliance", "SecurityControlId"), undefined], [inFinding("Remediation"), undefined]).problem;
    assert.equal(bare("control-default-group-cis"), bare("control-default-group-fsbp"));
  });

  it("does not depend on how its id is written in capitals", () =>
    assert.equal(controlProblem("AutoScaling.5", "r", "f"), controlProblem("Autoscaling.5", "r", "f")));

  it("makes one problem per resource, and per finding where no resource is named", () => {
    const service = (cluster: string) => `arn:aws:ecs:eu-west-1:333333333333:service/${cluster}/api`;
    assert.notEqual(controlProblem("ECS.2", service("a"), "f"), controlProblem("ECS.2", service("b"), "f"));
    assert.notEqual(controlProblem("EC2.19", undefined, "f1"), controlProblem("EC2.19", undefined, "f2"));
    assert.equal(
      controlProblem("EC2.19", "sg-0a1b2c3d4e5f60718", "f1"),
      controlProblem("EC2.19", "arn:aws:ec2:eu-west-1:333333333333:security-group/sg-0a1b2c3d4e5f60718", "f2"),
    );
  });
});

describe("the standards of a finding", () => {
  const STANDARDS: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
    [
      "associated standards",
      {
        Compliance: {
          AssociatedStandards: [
            { StandardsId: "standards/aws-foundational-security-best-practices/v/1.0.0" },
            { StandardsId: "ruleset/cis-aws-foundations-benchmark/v/1.2.0" },
          ],
        },
      },
      ["cis", "fsbp"],
    ],
    [
      "AWS's second spelling of FSBP",
      { Compliance: { AssociatedStandards: [{ StandardsId: "standards/aws-foundation-best-practices/v/1.0.0" }] } },
      ["fsbp"],
    ],
    ["the generator id", { GeneratorId: "cis-aws-foundations-benchmark/v/1.4.0/3.7" }, ["cis"]],
    [
      "StandardsArn",
      { ProductFields: { StandardsArn: "arn:aws:securityhub:::standards/aws-foundational-security-best-practices/v/1.0.0" } },
      ["fsbp"],
    ],
    [
      "StandardsGuideArn",
      { ProductFields: { StandardsGuideArn: "arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0" } },
      ["cis"],
    ],
    [
      "other standards",
      {
        Compliance: { AssociatedStandards: [{ StandardsId: "standards/pci-dss/v/4.0.1" }] },
        GeneratorId: "cis-aws-foundations-benchmark/v/1.4.0/3.7",
      },
      [],
    ],
    ["nothing", {}, []],
  ];
  for (const [name, finding, expected] of STANDARDS) {
    it(`are ${expected.join(" and ") || "none"} by ${name}`, () => assert.deepEqual(standardsOfAsff(finding), expected));
  }

  it("have names for people", () => {
    assert.equal(standardTitle("standards/cis-aws-foundations-benchmark/v/3.0.0"), "CIS AWS Foundations Benchmark v3.0.0");
    assert.equal(standardTitle("something else"), "something else");
  });
});
