import { type Asff, ServiceError } from "../types";
import { at } from "./securityhub-asff";

/** Attribute of the finding that a filter looks at. `[]` after a name: any item of that list. */
const TEXTS: Readonly<Record<string, string>> = {
  AwsAccountId: "AwsAccountId",
  AwsAccountName: "AwsAccountName",
  CompanyName: "CompanyName",
  ComplianceAssociatedStandardsId: "Compliance.AssociatedStandards[].StandardsId",
  ComplianceSecurityControlId: "Compliance.SecurityControlId",
  ComplianceStatus: "Compliance.Status",
  Description: "Description",
  FindingProviderFieldsSeverityLabel: "FindingProviderFields.Severity.Label",
  FindingProviderFieldsTypes: "FindingProviderFields.Types[]",
  GeneratorId: "GeneratorId",
  Id: "Id",
  NoteText: "Note.Text",
  NoteUpdatedBy: "Note.UpdatedBy",
  ProductArn: "ProductArn",
  ProductName: "ProductName",
  RecommendationText: "Remediation.Recommendation.Text",
  RecordState: "RecordState",
  Region: "Region",
  RelatedFindingsId: "RelatedFindings[].Id",
  RelatedFindingsProductArn: "RelatedFindings[].ProductArn",
  ResourceId: "Resources[].Id",
  ResourcePartition: "Resources[].Partition",
  ResourceRegion: "Resources[].Region",
  ResourceType: "Resources[].Type",
  SeverityLabel: "Severity.Label",
  SourceUrl: "SourceUrl",
  Title: "Title",
  Type: "Types[]",
  VerificationState: "VerificationState",
  VulnerabilitiesExploitAvailable: "Vulnerabilities[].ExploitAvailable",
  VulnerabilitiesFixAvailable: "Vulnerabilities[].FixAvailable",
  WorkflowState: "WorkflowState",
  WorkflowStatus: "Workflow.Status",
};
const NUMBERS: Readonly<Record<string, string>> = {
  Confidence: "Confidence",
  Criticality: "Criticality",
  SeverityNormalized: "Severity.Normalized",
  SeverityProduct: "Severity.Product",
};
const TIMES: Readonly<Record<string, string>> = {
  CreatedAt: "CreatedAt",
  FirstObservedAt: "FirstObservedAt",
  LastObservedAt: "LastObservedAt",
  NoteUpdatedAt: "Note.UpdatedAt",
  UpdatedAt: "UpdatedAt",
};
const MAPS: Readonly<Record<string, string>> = {
  ProductFields: "ProductFields",
  ResourceTags: "Resources[].Tags",
  UserDefinedFields: "UserDefinedFields",
};

const MOST_VALUES = 20;

type Condition = Readonly<Record<string, unknown>>;
type Test = (finding: Asff) => boolean;

const refuse = (message: string): never => {
  throw new ServiceError("InvalidInputException", message);
};

/** All values at a path; lists on the way are looked through. */
export function valuesAt(finding: unknown, path: string): readonly unknown[] {
  let values: readonly unknown[] = [finding];
  for (const part of path.split(".")) {
    const name = part.replace(/\[\]$/, "");
    values = values.map((value) => at(value, name)).filter((value) => value !== undefined && value !== null);
    if (part.endsWith("[]")) values = values.flatMap((value) => (Array.isArray(value) ? (value as unknown[]) : []));
  }
  return values;
}

const COMPARE: Readonly<Record<string, (value: string, given: string) => boolean>> = {
  EQUALS: (value, given) => value === given,
  PREFIX: (value, given) => value.startsWith(given),
  CONTAINS: (value, given) => value.includes(given),
};
const NEGATIONS: Readonly<Record<string, string>> = { NOT_EQUALS: "EQUALS", PREFIX_NOT_EQUALS: "PREFIX", NOT_CONTAINS: "CONTAINS" };

/**
 * Positive conditions of one attribute are joined by OR, negative ones by AND; an attribute with both needs one of the former and all of the latter.
 * https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_StringFilter.html
 */
function textTest(conditions: readonly Condition[], valuesFor: (finding: Asff, condition: Condition) => readonly unknown[]): Test {
  const prepared = conditions.map((condition) => {
    const name = String(condition.Comparison ?? "EQUALS");
    const compare = COMPARE[NEGATIONS[name] ?? name] ?? refuse(`Comparison ${name} is not valid.`);
    const given = String(condition.Value ?? "");
    return {
      negative: name in NEGATIONS,
      holds: (finding: Asff) => valuesFor(finding, condition).some((value) => compare(String(value), given)),
    };
  });
  const positive = prepared.filter(({ negative }) => !negative);
  const negative = prepared.filter((condition) => condition.negative);
  return (finding) =>
    (positive.length === 0 || positive.some(({ holds }) => holds(finding))) && !negative.some(({ holds }) => holds(finding));
}

function numberTest(path: string, conditions: readonly Condition[]): Test {
  return (finding) =>
    valuesAt(finding, path).some((value) =>
      conditions.some(
        ({ Eq, Gt, Gte, Lt, Lte }) =>
          typeof value === "number" &&
          (Eq === undefined || value === Eq) &&
          (Gt === undefined || value > Number(Gt)) &&
          (Gte === undefined || value >= Number(Gte)) &&
          (Lt === undefined || value < Number(Lt)) &&
          (Lte === undefined || value <= Number(Lte)),
      ),
    );
}

const DAY = 86_400_000;

function timeTest(path: string, conditions: readonly Condition[], now: number): Test {
  return (finding) =>
    valuesAt(finding, path).some((value) => {
      const time = Date.parse(String(value));
      return conditions.some(({ Start, End, DateRange }) => {
        const days = at(DateRange, "Value");
        if (typeof days === "number") return time >= now - days * DAY && time <= now;
        return (Start === undefined || time >= Date.parse(String(Start))) && (End === undefined || time <= Date.parse(String(End)));
      });
    });
}

function attributeTest(attribute: string, conditions: readonly Condition[], now: number): Test {
  if (conditions.length > MOST_VALUES) refuse(`Filters.${attribute} has ${conditions.length} values; ${MOST_VALUES} are allowed.`);
  const path = TEXTS[attribute];
  if (path !== undefined) return textTest(conditions, (finding) => valuesAt(finding, path));
  const map = MAPS[attribute];
  if (map !== undefined)
    return textTest(conditions, (finding, { Key }) =>
      valuesAt(finding, map)
        .map((tags) => at(tags, String(Key)))
        .filter((value) => value !== undefined),
    );
  if (NUMBERS[attribute]) return numberTest(NUMBERS[attribute], conditions);
  if (TIMES[attribute]) return timeTest(TIMES[attribute], conditions, now);
  if (attribute === "Sample") return (finding) => conditions.some(({ Value }) => (finding.Sample ?? false) === Value);
  return refuse(`the sandbox cannot filter findings by ${attribute}`);
}

/** A test for GetFindings' `Filters`: every attribute has to match. Throws `ServiceError` for filters that AWS refuses. */
export function filterOf(filters: unknown, now: number): Test {
  const tests = Object.entries((filters ?? {}) as Record<string, unknown>)
    .filter((entry): entry is [string, Condition[]] => Array.isArray(entry[1]) && entry[1].length > 0)
    .map(([attribute, conditions]) => attributeTest(attribute, conditions, now));
  return (finding) => tests.every((test) => test(finding));
}

/** Order of GetFindings' `SortCriteria`. */
export function orderOf(criteria: unknown): ((a: Asff, b: Asff) => number) | undefined {
  const sorts = (Array.isArray(criteria) ? criteria : []).map(({ Field, SortOrder }: { Field?: string; SortOrder?: string }) => ({
    path: TEXTS[Field ?? ""] ?? NUMBERS[Field ?? ""] ?? TIMES[Field ?? ""] ?? Field ?? "",
    sign: SortOrder === "desc" ? -1 : 1,
  }));
  if (sorts.length === 0) return undefined;
  return (a, b) => {
    for (const { path, sign } of sorts) {
      const [left] = valuesAt(a, path);
      const [right] = valuesAt(b, path);
      if (left === right) continue;
      const order =
        typeof left === "number" && typeof right === "number" ? left - right : String(left ?? "") < String(right ?? "") ? -1 : 1;
      return order * sign;
    }
    return 0;
  };
}
