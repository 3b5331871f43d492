import { openPort } from "../sandbox/tour/findings";
import type { Asff } from "../sandbox/types";

/** Finding of a control on one of many security groups of the account `payments`, as Security Hub sends it again after each check. */
export function controlFinding(index: number, checkedAt: number, severity: "HIGH" | "CRITICAL"): Asff {
  const finding = openPort(checkedAt);
  const group = `sg-0c8d1e5f2a7b${String(index).padStart(5, "0")}`;
  const Severity = { Label: severity, Normalized: severity === "HIGH" ? 70 : 90, Original: severity };
  const [resource] = finding.Resources as readonly Asff[];
  return {
    ...finding,
    Id: `arn:aws:securityhub:eu-west-1:333333333333:security-control/EC2.19/finding/0b2f6c58-7d1e-4a39-9c84-5e3a1d6${String(index).padStart(5, "0")}`,
    Severity,
    Resources: [{ ...resource, Id: `arn:aws:ec2:eu-west-1:333333333333:security-group/${group}` }],
    FindingProviderFields: { Severity: { Label: severity, Original: severity } },
  };
}

/** The event with which Security Hub would publish a finding whose Workflow is NEW. */
export const importedEvent = (finding: Asff): Readonly<Record<string, unknown>> => ({
  "detail-type": "Security Hub Findings - Imported",
  source: "aws.securityhub",
  resources: [String(finding.Id)],
  detail: { findings: [finding] },
});
