import { type Origin, SEVERITIES } from "../../functions/finding";
import { ABSENT, ANY_TEXT, anythingBut, product } from "./matchers";
import { inspectorWords, ocsfIds } from "./severities";

/**
 * Events of which a filter cannot tell whether they are asked for, because what it looks at is not there or not what it should be. They are let in:
 * triage reads them or dead-letters them, and an alarm tells of it. Dropped at the edge, a change of AWS's event format would silence us.
 */

/** `detail` of ASFF events without an origin, or of one of ours without a known severity. */
export const unreadableAsff = (origins: readonly Origin[]) => ({
  findings: {
    $or: [
      { ProductArn: [ABSENT] },
      { ProductArn: origins.map(product), Severity: { Label: [ABSENT], Normalized: [ABSENT, ANY_TEXT] } },
      { ProductArn: origins.map(product), Severity: { Label: [anythingBut([...SEVERITIES])] } },
    ],
  },
});

/** The same of OCSF events. */
export const unreadableOcsf = (origins: readonly Origin[]) => ({
  findings: {
    $or: [
      { metadata: { product: { uid: [ABSENT] } } },
      { metadata: { product: { uid: origins.map(product) } }, severity_id: [ABSENT, anythingBut(ocsfIds(SEVERITIES))] },
    ],
  },
});

/** `detail` of GuardDuty events without a number for a severity. */
export const unreadableGuardDuty = () => ({ severity: [ABSENT, ANY_TEXT] });

/** `detail` of Inspector events without a known word for a severity. */
export const unreadableInspector = () => ({ severity: [ABSENT, anythingBut(inspectorWords(SEVERITIES))] });
