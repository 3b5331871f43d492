import type { ChangeRecord } from "../../functions/guard/record";
import type { Actor } from "../../functions/security-groups/change";
import type { Rule } from "../../functions/security-groups/rule";

/** SSH for the world, as EC2 knows it. */
export const sshForTheWorld = (overrides: Partial<Rule> = {}): Rule & { readonly id: string } => ({
  direction: "ingress",
  protocol: "tcp",
  fromPort: 22,
  toPort: 22,
  peer: { kind: "range", range: "0.0.0.0/0" },
  ...overrides,
  id: overrides.id ?? "sgr-0a1b2c3d4e5f60718",
});

/** Alice, signed in by single sign-on. */
export const alice = (overrides: Partial<Actor> = {}): Actor => ({
  arn: "arn:aws:sts::444444444444:assumed-role/AWSReservedSSO_Developer_0123456789abcdef/alice@example.com",
  name: "alice@example.com",
  roleArn: "arn:aws:iam::444444444444:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Developer_0123456789abcdef",
  type: "AssumedRole",
  mfa: false,
  sourceAddress: "198.51.100.23",
  userAgent: "aws-cli/2.31.0 md/awscrt#0.28.2",
  ...overrides,
});

/** Alice opens SSH to the world in the group of the web servers. */
export const aChange = (overrides: Partial<ChangeRecord> = {}): ChangeRecord => ({
  id: "k3x7qamz2bpt",
  eventId: "e1b2c3d4-0000-4000-8000-000000000001",
  envelopeId: "11112222-3333-4444-5555-666677778888",
  at: "2026-03-01T09:00:00.000Z",
  accountId: "444444444444",
  region: "eu-west-1",
  groupId: "sg-0fedcba9876543210",
  groupName: "web-servers",
  vpcId: "vpc-0123456789abcdef0",
  actor: alice(),
  call: "AuthorizeSecurityGroupIngress",
  found: "event",
  offending: [sshForTheWorld()],
  modified: false,
  judged: "opens TCP 22 (SSH) to 0.0.0.0/0",
  severity: "CRITICAL",
  before: [],
  protects: { instances: ["web-1", "web-2"], loadBalancers: ["shop"], databases: [], others: [] },
  mode: "alert",
  repeated: 1,
  touchable: true,
  status: "told",
  steps: [],
  episode: "unused-1",
  undoUntil: "2026-03-31T09:00:00.000Z",
  expires: 1_780_000_000,
  ...overrides,
});

/** The same, put back by tocsin. */
export const aPutBack = (overrides: Partial<ChangeRecord> = {}): ChangeRecord =>
  aChange({ mode: "revert", status: "put-back", steps: [{ kind: "revoke", rule: sshForTheWorld() }], after: "", ...overrides });
