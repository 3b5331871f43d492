import type { AccountInfo, Alert } from "../../functions/alert";
import type { Fact, Finding, Resource } from "../../functions/finding";

/** Account `payments` of the sandbox's Organization. */
export const anAccount = (overrides: Partial<AccountInfo> = {}): AccountInfo => ({
  id: "333333333333",
  name: "payments",
  path: ["Production"],
  organizationalUnitIds: ["r-root", "ou-root-production"],
  ...overrides,
});

export const aResource = (overrides: Partial<Resource> = {}): Resource => ({
  id: "arn:aws:ec2:eu-west-1:333333333333:security-group/sg-0a1b2c3d4e5f60718",
  type: "AwsEc2SecurityGroup",
  name: "sg-0a1b2c3d4e5f60718",
  tags: { team: "payments-platform" },
  ...overrides,
});

/** A CRITICAL control finding of Security Hub: SSH is open to the world in the account payments. */
export const aFinding = (overrides: Partial<Finding> = {}): Finding => ({
  origin: "securityhub",
  id: "arn:aws:securityhub:eu-west-1:333333333333:security-control/EC2.19/finding/6e2f0a5c-8f2b-4f0e-9c57-3f1f8c1f7a01",
  productArn: "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
  fromSecurityHub: true,
  problem: "EC2.19|arn:aws:ec2:eu-west-1:333333333333:security-group/sg-0a1b2c3d4e5f60718",
  kind: "EC2.19",
  standards: ["fsbp"],
  accountId: "333333333333",
  region: "eu-west-1",
  severity: "CRITICAL",
  title: "Security groups should not allow unrestricted access to ports with high risk",
  description:
    "This control checks whether unrestricted incoming traffic for an Amazon EC2 security group is accessible to the specified ports that are considered to be high risk. The control fails if any rule in the security group allows ingress traffic from 0.0.0.0/0 or ::/0 to those ports.",
  resources: [aResource()],
  facts: [
    { label: "Compliance", value: "FAILED" },
    { label: "Standards", value: "AWS Foundational Security Best Practices v1.0.0" },
  ],
  remediation: {
    text: "For information on how to correct this issue, consult the AWS Security Hub controls documentation.",
    url: "https://docs.aws.amazon.com/console/securityhub/EC2.19/remediation",
  },
  state: "active",
  workflow: "NEW",
  sample: false,
  firstSeen: "2026-02-27T22:14:03.000Z",
  updatedAt: "2026-03-01T08:58:41.512Z",
  consoleUrl:
    "https://eu-west-1.console.aws.amazon.com/securityhub/home?region=eu-west-1#/findings?search=Id%3D%255Coperator%255C%253AEQUALS%255C%253Aarn%253Aaws%253Asecurityhub%253Aeu-west-1%253A333333333333%253Asecurity-control%252FEC2.19%252Ffinding%252F6e2f0a5c-8f2b-4f0e-9c57-3f1f8c1f7a01",
  ...overrides,
});

const bruteForceArn =
  "arn:aws:guardduty:eu-west-1:444444444444:detector/d4b040365221be2b54a6264dc9a4bc64/finding/16afba5c5c43e07c9e3e5e2e544e95df";
const bruteForceFacts: readonly Fact[] = [
  { label: "Action", value: "NETWORK_CONNECTION, inbound, TCP" },
  { label: "Local port", value: "22 (SSH)" },
  { label: "Actor address", value: "198.51.100.7 (Amsterdam, Netherlands; Example Networks, AS64500)" },
  { label: "Blocked", value: "no" },
  { label: "Instance type", value: "t3.medium" },
  { label: "Private address", value: "10.0.4.23" },
];

/** A HIGH GuardDuty finding of the account web: somebody guesses SSH passwords of an instance. */
export const aGuardDutyFinding = (overrides: Partial<Finding> = {}): Finding => ({
  ...aFinding(),
  origin: "guardduty",
  id: bruteForceArn,
  productArn: "arn:aws:securityhub:eu-west-1::product/aws/guardduty",
  fromSecurityHub: false,
  problem: bruteForceArn,
  kind: "UnauthorizedAccess:EC2/SSHBruteForce",
  standards: [],
  accountId: "444444444444",
  severity: "HIGH",
  title: "198.51.100.7 is performing SSH brute force attacks against i-0e1f2a3b4c5d60789.",
  description:
    "198.51.100.7 is performing SSH brute force attacks against i-0e1f2a3b4c5d60789. Brute force attacks are used to gain unauthorized access to your instance by guessing the SSH password.",
  resources: [
    aResource({
      id: "arn:aws:ec2:eu-west-1:444444444444:instance/i-0e1f2a3b4c5d60789",
      type: "AwsEc2Instance",
      name: "bastion-1",
      tags: { Name: "bastion-1" },
    }),
  ],
  facts: bruteForceFacts,
  remediation: { url: "https://docs.aws.amazon.com/guardduty/latest/ug/compromised-ec2.html" },
  workflow: undefined,
  firstSeen: "2026-03-01T07:41:12.000Z",
  count: 214,
  updatedAt: "2026-03-01T08:55:30.227Z",
  consoleUrl: "https://eu-west-1.console.aws.amazon.com/guardduty/home?region=eu-west-1#/findings?fId=16afba5c5c43e07c9e3e5e2e544e95df",
  ...overrides,
});

const vulnerabilityArn = "arn:aws:inspector2:eu-west-1:555555555555:finding/0f6c2a3d9b8e4c71a5d2e8f0b1c3d4e5";

/** A CRITICAL Inspector finding of the account data: a known hole in a package of a container image. */
export const anInspectorFinding = (overrides: Partial<Finding> = {}): Finding => ({
  ...aFinding(),
  origin: "inspector",
  id: vulnerabilityArn,
  productArn: "arn:aws:securityhub:eu-west-1::product/aws/inspector",
  fromSecurityHub: false,
  problem: vulnerabilityArn,
  kind: "CVE-2021-44228",
  standards: [],
  accountId: "555555555555",
  severity: "CRITICAL",
  title: "CVE-2021-44228 - org.apache.logging.log4j:log4j-core",
  description:
    "Apache Log4j2 2.0-beta9 through 2.15.0 (excluding security releases 2.12.2, 2.12.3, and 2.3.1) JNDI features used in configuration, log messages, and parameters do not protect against attacker controlled LDAP and other JNDI related endpoints. An attacker who can control log messages or log message parameters can execute arbitrary code loaded from LDAP servers when message lookup substitution is enabled.",
  resources: [
    aResource({
      id: "arn:aws:ecr:eu-west-1:555555555555:repository/ingest/sha256:5f2b7c9d8e1a4f3b6c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b",
      type: "AwsEcrContainerImage",
      name: "ingest:2.4.1",
      tags: {},
    }),
  ],
  facts: [
    { label: "Package", value: "log4j-core 2.14.1 (JAR), usr/lib/ingest/ingest.jar" },
    { label: "Fixed in", value: "2.15.0" },
    { label: "Inspector score", value: "10.0 (CVSS 3.1)" },
    { label: "Exploit available", value: "yes" },
    { label: "EPSS", value: "0.944" },
  ],
  remediation: {
    text: "Upgrade your installed software packages to the proposed fixed in version and release.",
    url: "https://nvd.nist.gov/vuln/detail/CVE-2021-44228",
  },
  workflow: undefined,
  firstSeen: "2026-02-28T03:12:44.000Z",
  updatedAt: "2026-03-01T08:31:09.000Z",
  consoleUrl:
    "https://eu-west-1.console.aws.amazon.com/inspector/v2/home?region=eu-west-1#/findings/all?findingArn=arn:aws:inspector2:eu-west-1:555555555555:finding/0f6c2a3d9b8e4c71a5d2e8f0b1c3d4e5",
  ...overrides,
});

/** The first telling of `aFinding()`. */
export const anAlert = (overrides: Partial<Alert> = {}): Alert => {
  const finding = overrides.finding ?? aFinding();
  const key = "5d41402abc4b2a76b9719d911017c592";
  return {
    telling: "0b9c8d7e-6f5a-4b3c-8d1e-0f9a8b7c6d5e",
    episode: `${key}-1`,
    number: 1,
    key,
    reason: "new",
    seen: 1,
    told: {},
    markable: finding.fromSecurityHub,
    marks: [{ key, number: 1, id: finding.id, productArn: finding.productArn }],
    ...overrides,
    finding,
  };
};
