import { openPort } from "../../sandbox/tour/findings";
import type { Step } from "./replay";

/** Settings of the replays: three origins, two mail channels, reminders and a wait. */
export const CONFIG = `
config:
  aws:region: eu-west-1
  tocsin:organization:
    managementAccountId: "111111111111"
    securityAccountId: "222222222222"
    regions: [eu-west-1, us-east-1]
    forwarding: { via: stackset, organizationalUnitIds: [r-root] }
  tocsin:alerts:
    sources:
      - { origin: securityhub, standards: [cis, fsbp], severities: [CRITICAL, HIGH, MEDIUM] }
      - { origin: guardduty, severities: [CRITICAL, HIGH, MEDIUM] }
      - { origin: inspector, severities: [CRITICAL] }
    remind: { CRITICAL: 5d, HIGH: 15d }
    wait: { MEDIUM: 1d }
  tocsin:channels:
    soc-mail: { kind: email, from: tocsin@example.com, to: [soc@example.com] }
    lab-mail: { kind: email, from: tocsin@example.com, to: [lab@example.com] }
  tocsin:routes:
    - { when: { organizationalUnits: [Sandbox] }, to: [lab-mail] }
    - { to: [soc-mail] }
`;

export const START = Date.parse("2026-03-01T09:00:00Z");
export const MINUTE = 60_000;

/** A control finding of its own, made from the open port of the tour. */
export function control(id: string, changes: Readonly<Record<string, unknown>> = {}, minutes = 0): Record<string, unknown> {
  const finding = openPort(START + minutes * MINUTE) as Record<string, unknown>;
  const [group] = finding.Resources as Record<string, unknown>[];
  return {
    ...finding,
    Id: `arn:aws:securityhub:eu-west-1:333333333333:security-control/EC2.19/finding/${id}`,
    Resources: [{ ...group, Id: `arn:aws:ec2:eu-west-1:333333333333:security-group/sg-${id}` }],
    ...changes,
  };
}

export const imported = (finding: unknown): Step["line"] => ({ securityHub: { findings: [finding] } });
export const severity = (Label: string): Record<string, unknown> => ({ Severity: { Label } });
