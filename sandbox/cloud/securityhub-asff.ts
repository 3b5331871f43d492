import type { Asff } from "../types";

const REQUIRED = [
  "AwsAccountId",
  "CreatedAt",
  "Description",
  "GeneratorId",
  "Id",
  "ProductArn",
  "Resources",
  "SchemaVersion",
  "Title",
  "UpdatedAt",
] as const;
const TIMES = ["CreatedAt", "UpdatedAt", "FirstObservedAt", "LastObservedAt"] as const;
const MOST_BYTES = 240 * 1024;

/** Value at a path such as `Compliance.Status`, or `undefined`. */
export function at(finding: unknown, path: string): unknown {
  let value = finding;
  for (const name of path.split(".")) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return value;
}

const isTime = (value: unknown): boolean =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/.test(value) && !Number.isNaN(Date.parse(value));

/** What is wrong with a finding that is to be imported, all of it. */
export function faultsOf(finding: Asff): readonly string[] {
  const faults: string[] = REQUIRED.filter((field) => finding[field] === undefined).map((field) => `${field} is missing`);
  if (finding.Severity === undefined && at(finding, "FindingProviderFields.Severity") === undefined) faults.push("Severity is missing");
  if (finding.Types === undefined && at(finding, "FindingProviderFields.Types") === undefined) faults.push("Types is missing");
  for (const field of TIMES) if (finding[field] !== undefined && !isTime(finding[field])) faults.push(`${field} is no ISO 8601 time`);
  const { Resources, AwsAccountId } = finding;
  if (Resources !== undefined && (!Array.isArray(Resources) || Resources.length < 1 || Resources.length > 32))
    faults.push("Resources must have 1 to 32 items");
  if (AwsAccountId !== undefined && !/^\d{12}$/.test(String(AwsAccountId))) faults.push("AwsAccountId must have 12 digits");
  const bytes = Buffer.byteLength(JSON.stringify(finding));
  if (bytes > MOST_BYTES) faults.push(`the finding has ${bytes} bytes, ${MOST_BYTES} are allowed`);
  return faults;
}

/** Lowest normalized value of each label. */
const BANDS = [
  ["CRITICAL", 90],
  ["HIGH", 70],
  ["MEDIUM", 40],
  ["LOW", 1],
  ["INFORMATIONAL", 0],
] as const;

/** Security Hub fills in the side of the severity that the provider left out, and changes nothing where both are given. */
export function completeSeverity(severity: unknown): unknown {
  if (typeof severity !== "object" || severity === null) return severity;
  const { Label, Normalized } = severity as { Label?: unknown; Normalized?: unknown };
  if (Label === undefined && typeof Normalized === "number")
    return { ...severity, Label: BANDS.find(([, lowest]) => Normalized >= lowest)?.[0] ?? "INFORMATIONAL" };
  const band = BANDS.find(([label]) => label === Label);
  return Normalized === undefined && band ? { ...severity, Normalized: band[1] } : severity;
}

/** A finding of one of Security Hub's own controls. */
export const isControlFinding = (finding: Asff): boolean =>
  /product\/aws\/securityhub$/.test(String(finding.ProductArn)) || at(finding, "Compliance.SecurityControlId") !== undefined;
