import assert from "node:assert/strict";
import { NotAFinding, normalize } from "../../../functions/normalize";
import { FIXTURES, findingOf, fixture, inFinding, type Path } from "./support";

const SSH = "arn:aws:guardduty:eu-west-1:444444444444:detector/1ab92989eaf0e22df4d5a6264dc9a4bc/finding/4ec0a1b2c3d4e5f60718293a4b5c6d7e";
const CVE = "arn:aws:inspector2:us-east-1:555555555555:finding/faa0d54609b94871badcc83ac7c2add5";

/** fixture, origin, account, Region, severity, kind, name of the resource */
const EXPECTED = [
  ["control-open-port", "securityhub", "333333333333", "eu-west-1", "CRITICAL", "EC2.19", "checkout-db"],
  ["control-default-group-cis", "securityhub", "444444444444", "eu-west-1", "HIGH", "EC2.2", "sg-0fedcba9876543210"],
  ["control-default-group-fsbp", "securityhub", "444444444444", "eu-west-1", "HIGH", "EC2.2", "sg-0fedcba9876543210"],
  ["control-default-group-consolidated", "securityhub", "444444444444", "eu-west-1", "HIGH", "EC2.2", "sg-0fedcba9876543210"],
  ["guardduty-ssh-brute-force", "guardduty", "444444444444", "eu-west-1", "HIGH", "UnauthorizedAccess:EC2/SSHBruteForce", "shop-web-3"],
  [
    "guardduty-ssh-brute-force-target",
    "guardduty",
    "444444444444",
    "eu-west-1",
    "LOW",
    "UnauthorizedAccess:EC2/SSHBruteForce",
    "shop-web-3",
  ],
  [
    "guardduty-access-key",
    "guardduty",
    "333333333333",
    "us-east-1",
    "HIGH",
    "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS",
    "checkout-worker",
  ],
  [
    "guardduty-attack-sequence",
    "guardduty",
    "333333333333",
    "eu-west-1",
    "CRITICAL",
    "AttackSequence:IAM/CompromisedCredentials",
    "AKIAIOSFODNN7EXAMPLE",
  ],
  ["guardduty-s3-bucket", "guardduty", "555555555555", "eu-west-1", "HIGH", "Policy:S3/BucketAnonymousAccessGranted", "data-exports-eu"],
  ["guardduty-eks-cluster", "guardduty", "444444444444", "eu-west-1", "MEDIUM", "Execution:Kubernetes/ExecInKubeSystemPod", "shop-eks"],
  ["guardduty-ecs-cluster", "guardduty", "555555555555", "us-east-1", "HIGH", "CryptoCurrency:Runtime/BitcoinTool.B", "ingest"],
  [
    "guardduty-rds-instance",
    "guardduty",
    "333333333333",
    "eu-west-1",
    "HIGH",
    "CredentialAccess:RDS/AnomalousBehavior.SuccessfulBruteForce",
    "ledger-1",
  ],
  ["guardduty-lambda-function", "guardduty", "444444444444", "us-east-1", "HIGH", "Backdoor:Lambda/C&CActivity.B", "thumbnailer"],
  ["guardduty-sample", "guardduty", "666666666666", "eu-west-1", "HIGH", "Backdoor:EC2/C&CActivity.B!DNS", "i-99999999"],
  ["asff-guardduty-sample", "guardduty", "666666666666", "eu-west-1", "HIGH", "Backdoor:EC2/C&CActivity.B!DNS", "i-99999999"],
  [
    "asff-guardduty-ssh-brute-force",
    "guardduty",
    "444444444444",
    "eu-west-1",
    "HIGH",
    "UnauthorizedAccess:EC2/SSHBruteForce",
    "shop-web-3",
  ],
  ["inspector-cve", "inspector", "555555555555", "us-east-1", "CRITICAL", "CVE-2021-44228", "reports-2"],
  ["asff-inspector-cve", "inspector", "555555555555", "us-east-1", "CRITICAL", "CVE-2021-44228", "reports-2"],
  ["ocsf-control-open-port", "securityhub", "333333333333", "eu-west-1", "CRITICAL", "EC2.19", "checkout-db"],
  [
    "ocsf-guardduty-ssh-brute-force",
    "guardduty",
    "444444444444",
    "eu-west-1",
    "HIGH",
    "UnauthorizedAccess:EC2/SSHBruteForce",
    "shop-web-3",
  ],
  ["ocsf-inspector-cve", "inspector", "555555555555", "us-east-1", "CRITICAL", "CVE-2021-44228", "reports-2"],
] as const;

/** fixture, what is left out, words of the message */
const REFUSED: readonly (readonly [string, Path, RegExp])[] = [
  ["control-open-port", inFinding("Id"), /no id \(Id\)/],
  ["control-open-port", ["detail"], /detail\.findings/],
  ["control-open-port", ["source"], /source "none"/],
  ["control-open-port", ["detail-type"], /detail type "none"/],
  ["control-open-port", inFinding("ProductArn"), /ProductArn is missing/],
  ["guardduty-access-key", ["detail", "severity"], /no severity/],
  ["guardduty-access-key", ["detail"], /no detail object/],
  ["inspector-cve", ["detail", "findingArn"], /no id \(detail\.findingArn\)/],
  ["inspector-cve", ["detail"], /no detail object/],
  ["ocsf-control-open-port", inFinding("finding_info"), /finding_info\.uid/],
  ["ocsf-control-open-port", inFinding("metadata"), /metadata\.product\.uid is missing/],
];

describe("normalize", () => {
  it("has an expectation for each fixture", () => assert.deepEqual([...FIXTURES].sort(), EXPECTED.map(([name]) => name).sort()));

  for (const [name, origin, accountId, region, severity, kind, resource] of EXPECTED) {
    it(`reads ${name}`, () => {
      const event = fixture(name);
      const { eventId, eventTime, finding } = normalize(event);
      assert.equal(eventId, event.id);
      assert.equal(eventTime, new Date(String(event.time)).toISOString());
      assert.deepEqual(
        [finding.origin, finding.accountId, finding.region, finding.severity, finding.kind, finding.resources[0]?.name],
        [origin, accountId, region, severity, kind, resource],
      );
      assert.equal(finding.state, "active");
      assert.equal(finding.sample, name.includes("sample"));
      assert.equal(finding.fromSecurityHub, !/^(guardduty|inspector)-/.test(name));
      assert.equal(finding.productArn, `arn:aws:securityhub:${region}::product/aws/${origin}`);
      assert.ok(finding.consoleUrl.startsWith(`https://${region}.console.aws.amazon.com/`), finding.consoleUrl);
      assert.ok(finding.facts.length >= 3 && finding.description !== "" && finding.remediation.text, "tells what happened and what to do");
    });

    it(`leaves the event of ${name} as it was`, () => {
      const event = fixture(name);
      normalize(event);
      assert.deepEqual(event, fixture(name));
    });
  }

  it("tells one problem where three standards report the same open port", () => {
    const problems = ["cis", "fsbp", "consolidated"].map((which) => findingOf(`control-default-group-${which}`).problem);
    assert.deepEqual(new Set(problems), new Set(["EC2.2 sg-0fedcba9876543210"]));
  });

  it("tells one problem for a control in ASFF and in OCSF, with the id that Security Hub knows it by", () => {
    const [asff, ocsf] = [findingOf("control-open-port"), findingOf("ocsf-control-open-port")];
    assert.deepEqual([ocsf.problem, ocsf.id, ocsf.productArn], [asff.problem, asff.id, asff.productArn]);
  });

  for (const [id, names] of [
    [SSH, ["guardduty-ssh-brute-force", "asff-guardduty-ssh-brute-force", "ocsf-guardduty-ssh-brute-force"]],
    [CVE, ["inspector-cve", "asff-inspector-cve", "ocsf-inspector-cve"]],
  ] as const) {
    it(`tells one problem, at the same place and about the same resource, in each copy of ${names[0]}`, () => {
      for (const finding of names.map((name) => findingOf(name))) {
        assert.deepEqual([finding.problem, finding.id], [id, id]);
        assert.equal(finding.productArn, findingOf(names[0]).productArn);
        assert.equal(finding.kind, findingOf(names[0]).kind);
        assert.equal(finding.resources[0]?.id, findingOf(names[0]).resources[0]?.id);
        assert.equal(finding.firstSeen, findingOf(names[0]).firstSeen);
      }
    });
  }

  for (const [name, path, message] of REFUSED) {
    it(`refuses ${name} without ${path.join(".")}, saying so`, () => {
      assert.throws(
        () => normalize(fixture(name, [path, undefined])),
        (error) => error instanceof NotAFinding && message.test(error.message),
      );
    });
  }

  for (const event of [undefined, null, 42, "finding", [], {}, { source: "aws.securityhub", "detail-type": "toString" }]) {
    it(`refuses ${JSON.stringify(event) ?? "nothing"}`, () => assert.throws(() => normalize(event), NotAFinding));
  }

  it("refuses an event with no finding in its list, and one with several, of which all but one would be lost", () => {
    const one = fixture("control-open-port").detail as { findings: unknown[] };
    assert.throws(() => normalize(fixture("control-open-port", [["detail", "findings"], []])), /has 0 entries/);
    assert.throws(
      () =>
        normalize(
          fixture("control-open-port", [
            ["detail", "findings"],
            [...one.findings, ...one.findings],
          ]),
        ),
      /has 2 entries/,
    );
  });

  it("refuses a Security Hub finding of another product, naming it", () => {
    const macie = "arn:aws:securityhub:eu-west-1::product/aws/macie";
    assert.throws(() => normalize(fixture("control-open-port", [inFinding("ProductArn"), macie])), new RegExp(macie));
  });

  it("never takes the account from the envelope, which is the administrator's", () => {
    assert.equal(findingOf("control-open-port", [inFinding("AwsAccountId"), undefined]).accountId, "333333333333");
    assert.throws(
      () => normalize(fixture("control-open-port", [inFinding("AwsAccountId"), undefined], [inFinding("Id"), "control-1"])),
      /no account/,
    );
  });

  it("takes the Region from the finding, else from its ARN, else from the event", () => {
    assert.equal(findingOf("inspector-cve", [["region"], "eu-west-1"]).region, "us-east-1");
    assert.equal(findingOf("guardduty-access-key", [["detail", "region"], undefined], [["region"], "eu-west-1"]).region, "us-east-1");
    const changes = [
      [["detail", "region"], undefined],
      [["detail", "arn"], "finding-1"],
      [["region"], "ap-southeast-2"],
    ] as const;
    assert.equal(findingOf("guardduty-access-key", ...changes).region, "ap-southeast-2");
  });

  it("lets no made-up Region into the host of a link", () => {
    const { region, consoleUrl } = findingOf("control-open-port", [inFinding("Region"), "evil.example/#"]);
    assert.equal(region, "eu-west-1");
    assert.ok(consoleUrl.startsWith("https://eu-west-1.console.aws.amazon.com/"));
  });

  it("links to the consoles of GovCloud and China", () => {
    const at = (partition: string, region: string) =>
      findingOf("inspector-cve", [["detail", "findingArn"], `arn:${partition}:inspector2:${region}:555555555555:finding/0`]);
    assert.ok(
      at("aws-us-gov", "us-gov-west-1").consoleUrl.startsWith(
        "https://us-gov-west-1.console.amazonaws-us-gov.com/inspector/v2/home?region=us-gov-west-1#",
      ),
    );
    assert.ok(at("aws-cn", "cn-north-1").consoleUrl.startsWith("https://cn-north-1.console.amazonaws.cn/"));
    assert.equal(at("aws-cn", "cn-north-1").productArn, "arn:aws-cn:securityhub:cn-north-1::product/aws/inspector");
  });
});
