import type { Standard } from "../../functions/finding";
import type { Group } from "./asked";
import { ABSENT, product } from "./matchers";
import { asffLabel, asffNumber, ocsfIds } from "./severities";

/** What the ids of standards begin with behind their path. AWS also writes `aws-foundation-best-practices`. */
const STANDARD_IDS: Readonly<Record<Standard, string>> = { cis: "cis-aws-foundations-benchmark", fsbp: "aws-foundation" };

/** Where an id of a standard stands: bare in generator ids and OCSF, else behind a path, in older findings behind an ARN. */
const PATHS = ["", "standards/", "ruleset/"] as const;

/**
 * The ids of standards, by what they begin with. Not by wildcards: EventBridge refuses rules with many of them as too complex
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html).
 */
const named = (standards: readonly Standard[]) =>
  standards.flatMap((standard) => PATHS.map((path) => ({ prefix: `${path}${STANDARD_IDS[standard]}` })));

/** Alternatives for the standards of an ASFF control finding: its associated standards, or, where it has none, the one that its generator names. */
function asffStandards(standards: readonly Standard[] | undefined): object[] {
  if (standards === undefined) {
    return [{}];
  }
  const ids = named(standards);
  return [
    { Compliance: { AssociatedStandards: { StandardsId: ids } } },
    // Older findings name their standard elsewhere, some by an ARN. Known ones of other standards are dropped; what is left, triage looks at.
    {
      GeneratorId: [...ids, { prefix: "arn:" }, { prefix: "security-control/" }, ABSENT],
      Compliance: { AssociatedStandards: { StandardsId: [ABSENT] } },
    },
  ];
}

/** `detail` of Security Hub's own (ASFF) events: controls that failed and that nobody was told of yet. */
export const asffControl = ({ severities, standards, notified }: Group) => ({
  findings: {
    ProductArn: [product("securityhub")],
    RecordState: ["ACTIVE", ABSENT],
    Compliance: { Status: ["FAILED", "WARNING", ABSENT] },
    Workflow: { Status: ["NEW", ...(notified ? ["NOTIFIED"] : []), ABSENT] },
    $or: [
      ...asffStandards(standards).map((standard) => ({ ...asffLabel(severities), ...standard })),
      // Security Hub itself always gives a label. Without one, triage looks at the standards: a pattern for both would be too long.
      asffNumber(severities),
    ],
  },
});

/** The same in OCSF: class 2003 is a compliance finding; status 1 is New, 2 In Progress; compliance status 2 is Warning, 3 Fail. */
export const ocsfControl = ({ severities, standards, notified }: Group) => ({
  findings: {
    metadata: { product: { uid: [product("securityhub")] } },
    class_uid: [2003, ABSENT],
    severity_id: ocsfIds(severities),
    status_id: [1, ...(notified ? [2] : []), ABSENT],
    compliance: { status_id: [2, 3, ABSENT], ...(standards && { standards: [...named(standards), ABSENT] }) },
  },
});
