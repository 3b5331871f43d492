import type { Severity } from "../../functions/finding";
import { ABSENT, from } from "./matchers";

/** GuardDuty's severity, 0 to 10: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html */
const SCORES: Readonly<Record<Severity, object>> = {
  INFORMATIONAL: { numeric: ["=", 0] },
  LOW: { numeric: [">", 0, "<", 4] },
  MEDIUM: from(4, 7),
  HIGH: from(7, 9),
  CRITICAL: from(9),
};

/** ASFF `Severity.Normalized`, 0 to 100: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Severity.html */
const NORMALIZED: Readonly<Record<Severity, object>> = {
  INFORMATIONAL: from(0, 1),
  LOW: from(1, 40),
  MEDIUM: from(40, 70),
  HIGH: from(70, 90),
  CRITICAL: from(90),
};

/** OCSF `severity_id`; 6 is Fatal: https://schema.ocsf.io/1.6.0/classes/base_event */
const OCSF: Readonly<Record<Severity, readonly number[]>> = {
  INFORMATIONAL: [1],
  LOW: [2],
  MEDIUM: [3],
  HIGH: [4],
  CRITICAL: [5, 6],
};

/** Words that Inspector uses for severities. What the vendor has not rated yet is `UNTRIAGED`, which Security Hub keeps as INFORMATIONAL. */
export const inspectorWords = (severities: readonly Severity[]): string[] =>
  severities.flatMap((severity) => (severity === "INFORMATIONAL" ? [severity, "UNTRIAGED"] : [severity]));

/** Matchers of GuardDuty's number. */
export const guardDutyScores = (severities: readonly Severity[]): object[] => severities.map((severity) => SCORES[severity]);

/** Matchers of OCSF's number. */
export const ocsfIds = (severities: readonly Severity[]): number[] => severities.flatMap((severity) => OCSF[severity]);

/** Matches an ASFF finding by its label. */
export const asffLabel = (severities: readonly Severity[]) => ({ Severity: { Label: severities } });

/** Matches an ASFF finding without a label by its number: where both are given, the label counts. */
export const asffNumber = (severities: readonly Severity[]) => ({
  Severity: { Label: [ABSENT], Normalized: severities.map((severity) => NORMALIZED[severity]) },
});
