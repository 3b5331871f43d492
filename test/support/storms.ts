import type { Alert, StormSummary } from "../../functions/alert";
import { anAlert } from "./findings";

/** 9,980 open ports in three accounts within ten minutes. */
export const aStorm = (overrides: Partial<StormSummary> = {}): StormSummary => ({
  kind: "EC2.19",
  from: "2026-03-01T09:00:00.000Z",
  to: "2026-03-01T09:09:12.000Z",
  count: 9_980,
  severities: { CRITICAL: 80, HIGH: 9_900 },
  reasons: { new: 9_980 },
  accounts: [
    { id: "333333333333", name: "payments", count: 9_000 },
    { id: "444444444444", name: "web", count: 900 },
    { id: "555555555555", count: 80 },
  ],
  accountCount: 3,
  findings: Array.from({ length: 300 }, (_, index) => ({
    id: `arn:aws:securityhub:eu-west-1:333333333333:security-control/EC2.19/finding/${index}`,
    severity: index < 80 ? "CRITICAL" : "HIGH",
    title: "Security groups should not allow unrestricted access to ports with high risk",
    accountId: "333333333333",
    accountName: "payments",
    region: "eu-west-1",
    resource: `arn:aws:ec2:eu-west-1:333333333333:security-group/sg-${index}`,
  })),
  list: {
    bucket: "lists",
    key: "2026/03/01/a.csv",
    url: "https://eu-west-1.console.aws.amazon.com/s3/object/lists?prefix=2026/03/01/a.csv",
  },
  ...overrides,
});

/** The message that tells of it. */
export const aStormAlert = (overrides: Partial<Alert> = {}): Alert =>
  anAlert({ episode: "storm-5d41402abc4b2a76-1", storm: aStorm(), ...overrides });
