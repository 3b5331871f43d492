import type { Severity } from "../../functions/finding";
import type { Group } from "./asked";
import { ABSENT, anythingBut, product } from "./matchers";
import { asffLabel, asffNumber, guardDutyScores, inspectorWords, ocsfIds } from "./severities";

/** `detail` of GuardDuty's own events. Archived ones are let in as well: they close the episode. */
export const guardDuty = (severities: readonly Severity[]) => ({ severity: guardDutyScores(severities) });

/** `detail` of Inspector's own events, whatever their status: closed and suppressed ones close the episode. */
export const inspector = (severities: readonly Severity[]) => ({ severity: inspectorWords(severities) });

/**
 * `detail` of the copies (ASFF) that Security Hub makes of GuardDuty's and Inspector's findings. Archived, resolved and suppressed ones are let in to close the
 * episode; what is active and NOTIFIED only above the lowest severity.
 */
export const asffCopy = (origin: "guardduty" | "inspector", { severities, notified }: Group) => ({
  findings: {
    ProductArn: [product(origin)],
    $or: notified
      ? [asffLabel(severities), asffNumber(severities)]
      : [asffLabel(severities), asffNumber(severities)].flatMap((severity) => [
          { ...severity, RecordState: ["ARCHIVED"] },
          { ...severity, RecordState: [anythingBut("ARCHIVED"), ABSENT], Workflow: { Status: [anythingBut("NOTIFIED"), ABSENT] } },
        ]),
  },
});

/** The same in OCSF: status 2 is In Progress; activity 3 closes a finding. */
export const ocsfCopy = (origin: "guardduty" | "inspector", { severities, notified }: Group) => ({
  findings: {
    metadata: { product: { uid: [product(origin)] } },
    severity_id: ocsfIds(severities),
    ...(!notified && { $or: [{ activity_id: [3] }, { status_id: [anythingBut(2), ABSENT] }] }),
  },
});
