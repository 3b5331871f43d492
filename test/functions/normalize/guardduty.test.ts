import assert from "node:assert/strict";
import { severityByScore } from "../../../functions/normalize/severity";
import { fact, findingOf } from "./support";

describe("a finding in GuardDuty's own event", () => {
  const BANDS: readonly (readonly [unknown, string | undefined])[] = [
    [1, "LOW"],
    [3.9, "LOW"],
    [4, "MEDIUM"],
    [6.9, "MEDIUM"],
    [7, "HIGH"],
    [8.9, "HIGH"],
    [9, "CRITICAL"],
    [10, "CRITICAL"],
    ["8", "HIGH"],
    [0, "INFORMATIONAL"],
    [-1, undefined],
    ["high", undefined],
    [null, undefined],
  ];
  for (const [score, expected] of BANDS) {
    it(`of severity ${JSON.stringify(score)} is ${expected ?? "not rated"}`, () => assert.equal(severityByScore(score), expected));
  }

  it("tells the API call, who made it with which key, and from where", () => {
    const finding = findingOf("guardduty-access-key");
    assert.equal(fact(finding, "Access key"), "ASIAIOSFODNN7EXAMPLE");
    assert.equal(fact(finding, "User"), "AssumedRole checkout-worker");
    assert.equal(fact(finding, "Actor address"), "203.0.113.99 (Bucharest, Romania, Example Hosting AS64511)");
    assert.equal(fact(finding, "API call"), "ListBuckets s3.amazonaws.com");
    assert.deepEqual([finding.resources[0]?.type, finding.resources[1]?.type], ["AwsIamAccessKey", "AwsEc2Instance"]);
    assert.equal(finding.count, 7);
  });

  it("tells the actor's address where the instance is attacked, and the other end's where the instance attacks", () => {
    assert.match(fact(findingOf("guardduty-ssh-brute-force-target"), "Actor address") ?? "", /^198\.51\.100\.77 \(Amsterdam/);
    const attacking = findingOf("guardduty-ssh-brute-force");
    assert.equal(fact(attacking, "Actor address"), undefined);
    assert.match(fact(attacking, "Remote address") ?? "", /^198\.51\.100\.77/);
    assert.equal(fact(attacking, "Connection"), "outbound TCP, local port 51824, remote port 22 (SSH)");
  });

  it("tells the steps of an attack sequence and its MITRE ATT&CK tactics", () => {
    const finding = findingOf("guardduty-attack-sequence");
    assert.equal(fact(finding, "Actors"), "IAMUser deploy-bot");
    assert.match(fact(finding, "Signals") ?? "", /iam:CreateRole .*CloudTrailLoggingDisabled/);
    assert.equal(fact(finding, "MITRE ATT&CK tactics"), "Defense Evasion, Persistence, Discovery, Initial Access, Privilege Escalation");
    assert.deepEqual(
      finding.resources.map(({ type }) => type),
      ["AwsIamAccessKey", "AwsS3Bucket"],
    );
  });

  it("tells the MITRE ATT&CK tactic that its type names", () =>
    assert.equal(
      fact(findingOf("guardduty-access-key", [["detail", "type"], "PrivilegeEscalation:IAMUser/AnomalousBehavior"]), "MITRE ATT&CK tactic"),
      "Privilege Escalation",
    ));

  it("is inactive when archived", () =>
    assert.equal(findingOf("guardduty-access-key", [["detail", "service", "archived"], true]).state, "inactive"));

  const SAMPLES: readonly (readonly [string, unknown])[] = [
    ["a field", { sample: true }],
    ["a field as text", { sample: "true" }],
    ["JSON in a text", { value: '{"sample": true}', type: "default" }],
  ];
  for (const [name, additionalInfo] of SAMPLES) {
    it(`is a sample by ${name}`, () =>
      assert.equal(findingOf("guardduty-access-key", [["detail", "service", "additionalInfo"], additionalInfo]).sample, true));
  }
  it("is a sample by its title", () => assert.equal(findingOf("guardduty-access-key", [["detail", "title"], "[SAMPLE] x"]).sample, true));
  it("is not a sample otherwise", () => assert.equal(findingOf("guardduty-access-key").sample, false));

  it("gets the ARN that its copy in Security Hub has, where the event gives only the parts", () =>
    assert.equal(findingOf("guardduty-access-key", [["detail", "arn"], undefined]).id, findingOf("guardduty-access-key").id));

  const PAGES: readonly (readonly [string, string])[] = [
    ["Backdoor:EC2/C&CActivity.B!DNS", "guardduty_finding-types-ec2.html#backdoor-ec2-ccactivitybdns"],
    ["Execution:Runtime/NewBinaryExecuted", "findings-runtime-monitoring.html#execution-runtime-newbinaryexecuted"],
    [
      "AttackSequence:EC2/CompromisedInstanceGroup",
      "guardduty-attack-sequence-finding-types.html#attack-sequence-ec2-compromised-instance-group",
    ],
    ["Something:New/Thing", "guardduty_finding-types-active.html"],
    ["<script>", "guardduty_finding-types-active.html"],
  ];
  for (const [type, page] of PAGES) {
    it(`links to the guidance for ${type}`, () =>
      assert.equal(
        findingOf("guardduty-access-key", [["detail", "type"], type]).remediation.url,
        `https://docs.aws.amazon.com/guardduty/latest/ug/${page}`,
      ));
  }

  it("shows what was probed, asked for and logged in to", () => {
    const remoteIpDetails = { ipAddressV4: "198.51.100.9" };
    const withAction = (action: unknown) => findingOf("guardduty-access-key", [["detail", "service", "action"], action]);
    const probe = { localPortDetails: { port: 5432, portName: "PostgreSQL" }, remoteIpDetails };
    assert.equal(fact(withAction({ portProbeAction: { portProbeDetails: [probe, probe] } }), "Probed"), "port 5432 (PostgreSQL)");
    assert.equal(fact(withAction({ dnsRequestAction: { domain: "c2.example.net" } }), "Domain"), "c2.example.net");
    assert.equal(
      fact(withAction({ kubernetesApiCallAction: { verb: "list", requestUri: "/api/v1/secrets" } }), "Kubernetes call"),
      "list /api/v1/secrets",
    );
    const login = { remoteIpDetails, loginAttributes: [{ user: "admin", failedLoginAttempts: 40, successfulLoginAttempts: 1 }] };
    assert.equal(fact(withAction({ rdsLoginAttemptAction: login }), "Login attempts"), "admin: 40 failed, 1 successful");
  });

  it("tells who did what to which workload of a Kubernetes cluster", () => {
    const finding = findingOf("guardduty-eks-cluster");
    assert.equal(fact(finding, "Kubernetes user"), "oncall-admin (system:masters, system:authenticated)");
    assert.equal(fact(finding, "Workload"), "pods kube-proxy-7xk2p, namespace kube-system");
    assert.match(fact(finding, "Containers") ?? "", /^kube-proxy \(.*kube-proxy:v1\.31\.2, privileged\)$/);
    assert.match(fact(finding, "Kubernetes call") ?? "", /^create .*\/exec \(status 101\)$/);
  });

  it("tells which process of which container of an ECS task it was, and what started it", () => {
    const finding = findingOf("guardduty-ecs-cluster");
    assert.equal(fact(finding, "Task"), "0f9e8d7c6b5a49382716059483726150, of ingest-worker:41, FARGATE");
    assert.equal(fact(finding, "Containers"), "worker (555555555555.dkr.ecr.us-east-1.amazonaws.com/ingest:2.4.1)");
    assert.equal(fact(finding, "Process"), "/tmp/.cache/xmrig (pid 3127, user root)");
    assert.equal(fact(finding, "Started by"), "/bin/sh ← /usr/lib/jvm/bin/java");
  });

  it("tells who logged in to which database, and how often that failed", () => {
    const finding = findingOf("guardduty-rds-instance");
    assert.equal(fact(finding, "Database engine"), "Aurora PostgreSQL 16.4, cluster ledger");
    assert.equal(fact(finding, "Database user"), "ledger_admin, database ledger, by psql, SCRAM-SHA-256, TLSv1.3");
    assert.equal(fact(finding, "Login attempts"), "ledger_admin: 312 failed, 1 successful");
  });

  it("tells whether a bucket is public, and as whom a function runs", () => {
    assert.equal(fact(findingOf("guardduty-s3-bucket"), "Access to the bucket"), "public");
    assert.equal(fact(findingOf("guardduty-lambda-function"), "Execution role"), "arn:aws:iam::444444444444:role/thumbnailer-role");
  });
});
