import assert from "node:assert/strict";
import { renderSlack } from "../../../functions/slack/render";
import { anAccount, anAlert } from "../../support/findings";
import { faultsOf, shown } from "../../support/slack";
import { findingOf } from "../normalize/support";

/** What a person has to be able to read, by the type of the resource. */
const READABLE: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  "guardduty-ssh-brute-force-target": [
    "🔵 LOW · the-account",
    "198.51.100.77 is performing SSH brute force attacks against i-0abcdef1234567890.",
    "Resource  shop-web-3 · AwsEc2Instance",
    "arn:aws:ec2:eu-west-1:444444444444:instance/i-0abcdef1234567890",
    "Addresses  203.0.113.25, 10.0.4.17",
    "Actor address  198.51.100.77 (Amsterdam, Netherlands, Example Networks AS64500)",
    "Connection  inbound TCP, local port 22 (SSH), remote port 51824",
    /^First seen {2}1 March 2026, 08:20 UTC .*Seen {2}19 times$/,
    "Last seen  2026-03-01 08:43:52 UTC",
  ],
  "guardduty-access-key": [
    "🟠 HIGH · the-account",
    "Resource  checkout-worker · AwsIamAccessKey",
    "AWS::IAM::AccessKey:ASIAIOSFODNN7EXAMPLE",
    "User  AssumedRole checkout-worker",
    "Actor address  203.0.113.99 (Bucharest, Romania, Example Hosting AS64511)",
    "API call  ListBuckets s3.amazonaws.com",
    "API error  AccessDenied",
    /User agent {2}.*kali/,
    /Seen {2}7 times$/,
  ],
  "guardduty-s3-bucket": [
    "Resource  data-exports-eu · AwsS3Bucket",
    "arn:aws:s3:::data-exports-eu",
    "Access to the bucket  public",
    "User  AssumedRole data-engineer",
    "API call  PutBucketPolicy s3.amazonaws.com",
    "Actor address  203.0.113.7 (Dublin, Ireland, Example Broadband AS64499)",
    /Seen {2}once$/,
  ],
  "guardduty-eks-cluster": [
    "🟡 MEDIUM · the-account",
    "Resource  shop-eks · AwsEksCluster",
    "Kubernetes user  oncall-admin (system:masters, system:authenticated)",
    "Workload  pods kube-proxy-7xk2p, namespace kube-system",
    /^Containers {2}kube-proxy .*privileged/,
    /^Kubernetes call {2}create .*\/exec/,
    "Actor address  198.51.100.23 (Bucharest, Romania, Example Hosting AS64511)",
    "MITRE ATT&CK tactic  Execution",
    /Seen {2}4 times$/,
  ],
  "guardduty-ecs-cluster": [
    "Resource  ingest · AwsEcsCluster",
    "Task  0f9e8d7c6b5a49382716059483726150, of ingest-worker:41, FARGATE",
    /^Containers {2}worker .*ingest:2\.4\.1/,
    "Process  /tmp/.cache/xmrig (pid 3127, user root)",
    "Remote address  198.51.100.140 (Helsinki, Finland, Example Cloud AS64502)",
    "Connection  outbound TCP, local port 40112, remote port 3333",
    "Threat list  ProofPoint",
    /Seen {2}37 times$/,
  ],
  "guardduty-rds-instance": [
    "Resource  ledger-1 · AwsRdsDbInstance",
    "Database engine  Aurora PostgreSQL 16.4, cluster ledger",
    /^Database user {2}ledger_admin, database ledger/,
    "Login attempts  ledger_admin: 312 failed, 1 successful",
    "Actor address  198.51.100.66 (Sofia, Bulgaria, Example Transit AS64503)",
    "MITRE ATT&CK tactic  Credential Access",
    /Seen {2}313 times$/,
  ],
  "guardduty-lambda-function": [
    "The Lambda function thumbnailer is communicating with a known Command & Control server.",
    "Resource  thumbnailer · AwsLambdaFunction",
    "Execution role  arn:aws:iam::444444444444:role/thumbnailer-role",
    "Remote address  203.0.113.211 (Kuala Lumpur, Malaysia, Example Telecom AS64505)",
    "Connection  outbound TCP, local port 39218, remote port 443 (HTTPS)",
    /Seen {2}58 times$/,
  ],
  "guardduty-attack-sequence": [
    "🔴 CRITICAL · the-account",
    "Resource  AKIAIOSFODNN7EXAMPLE · AwsIamAccessKey",
    "Resource  payments-statements · AwsS3Bucket",
    "Actors  IAMUser deploy-bot",
    "Actor address  198.51.100.200 (Frankfurt am Main, Germany, Example Relay)",
    /^Signals {2}iam:ListUsers called from a Tor exit node, .*CloudTrailLoggingDisabled$/,
    "MITRE ATT&CK tactics  Defense Evasion, Persistence, Discovery, Initial Access, Privilege Escalation",
    /^Sensitive API calls {2}cloudtrail:DeleteTrail/,
  ],
};

describe("a GuardDuty finding in Slack", () => {
  for (const [name, readable] of Object.entries(READABLE)) {
    const finding = findingOf(name);
    const resource = finding.resources[0]?.type ?? "";
    it(`says who did what to which ${resource} (${name})`, () => {
      const account = anAccount({ id: finding.accountId, name: "the-account" });
      const message = renderSlack({ alert: anAlert({ finding }), account, inThread: false });
      assert.equal(faultsOf(message), "");
      const { lines, buttons } = shown(message);
      for (const wanted of readable) {
        const isThere = lines.some((line) => (typeof wanted === "string" ? line === wanted : wanted.test(line)));
        assert.ok(isThere, `${wanted} is missing from:\n${lines.join("\n")}`);
      }
      assert.ok(lines.some((line) => line === `Account  the-account · ${finding.accountId} · Production    Region  ${finding.region}`));
      assert.deepEqual(
        buttons.map(({ label }) => label),
        ["Open in the AWS console", "Runbook (docs.aws.amazon.com)"],
      );
    });
  }
});
