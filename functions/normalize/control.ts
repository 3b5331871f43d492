import { STANDARDS, type Standard } from "../finding";
import { controlOfCisRule } from "./cis-controls";
import { at, type JsonObject, list, text, textAt } from "./read";

const CONTROL_ID = /^(?:[A-Za-z][A-Za-z0-9]*)\.\d+$/;
/** `security-control/EC2.19`, in generator ids and finding ids when consolidated control findings are on. */
const CONSOLIDATED = /(?:^|[/:])security-control\/([A-Za-z][A-Za-z0-9]*\.\d+)(?:\/|$)/;
/** `cis-aws-foundations-benchmark/v/1.4.0/3.7`, `…/v/1.2.0/rule/4.1`, in generator ids, control ARNs and finding ids. */
const OF_STANDARD =
  /(cis-aws-foundations-benchmark|aws-foundational-security-best-practices)\/v\/([\d.]+)\/(?:rule\/)?([A-Za-z0-9.]+)(?:\/finding\/|$)/;
/** Since the consolidated controls view, the remediation link names the control whatever the standard. */
const REMEDIATION = /\/console\/securityhub\/([A-Za-z][A-Za-z0-9]*\.\d+)\/remediation/;
/** `securityhub-restricted-ssh-38a80c22`: the AWS Config rule that found it, with the suffix that makes it unique. */
const CONFIG_RULE = /^securityhub-(.+)-[0-9a-f]{6,8}$/;

/** Ids of standards, as they stand in ARNs. AWS's own sample of a finding also has the second spelling of FSBP. */
const STANDARD_IDS: Readonly<Record<Standard, RegExp>> = {
  cis: /(?:^|[/:])cis-aws-foundations-benchmark(?:\/|$)/,
  fsbp: /(?:^|[/:])aws-foundation(?:al-security)?-best-practices(?:\/|$)/,
};

/** Standards named by ids such as `standards/cis-aws-foundations-benchmark/v/3.0.0` or a generator id. */
export const standardsNamed = (ids: readonly (string | undefined)[]): Standard[] =>
  STANDARDS.filter((standard) => ids.some((id) => id !== undefined && STANDARD_IDS[standard].test(id)));

/** A standard's id for people: `CIS AWS Foundations Benchmark v3.0.0`. */
export function standardTitle(id: string): string {
  const match = /(?:^|\/)([a-z0-9-]+)\/v\/([\d.]+)/.exec(id);
  if (!match) return id;
  const words = (match[1] ?? "")
    .split("-")
    .map((word) => (/^(cis|aws|pci|dss|nist)$/.test(word) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1)));
  return `${words.join(" ").replace(/(\d) (\d)/g, "$1-$2")} v${match[2]}`;
}

/** Standards that an ASFF control finding belongs to. */
export function standardsOfAsff(finding: JsonObject): Standard[] {
  const fields = at(finding, "ProductFields");
  const associated = list(at(finding, "Compliance", "AssociatedStandards")).map((standard) => textAt(standard, "StandardsId"));
  // The associated standards are complete; the older fields name the one standard of a finding that is not consolidated.
  return standardsNamed(
    associated.length > 0
      ? associated
      : [textAt(finding, "GeneratorId"), textAt(fields, "StandardsArn"), textAt(fields, "StandardsGuideArn")],
  );
}

function controlOfStandard(id: string | undefined): string | undefined {
  const [, standard = "", version = "", rule = ""] = OF_STANDARD.exec(id ?? "") ?? [];
  if (standard.startsWith("cis")) return controlOfCisRule(version, rule);
  // Renamed when controls got one id across standards.
  if (rule === "ELBv2.1") return "ELB.1";
  return CONTROL_ID.test(rule) ? rule : undefined;
}

/**
 * The control that an ASFF finding of Security Hub is about, the same id whichever standard reports it
 * (https://docs.aws.amazon.com/securityhub/latest/userguide/asff-changes-consolidation.html). Where nothing names the control: the AWS Config rule,
 * then the generator.
 */
export function controlOfAsff(finding: JsonObject): string | undefined {
  const fields = at(finding, "ProductFields");
  const ids = [textAt(finding, "GeneratorId"), textAt(fields, "StandardsControlArn"), textAt(finding, "Id")];
  const named = textAt(finding, "Compliance", "SecurityControlId");
  if (named !== undefined) return named.trim();
  for (const id of ids) {
    const control = CONSOLIDATED.exec(id ?? "")?.[1] ?? controlOfStandard(id);
    if (control !== undefined) return control;
  }
  for (const url of [textAt(finding, "Remediation", "Recommendation", "Url"), textAt(fields, "RecommendationUrl")]) {
    const control = REMEDIATION.exec(url ?? "")?.[1];
    if (control !== undefined) return control;
  }
  const ofStandard = textAt(fields, "ControlId");
  if (ofStandard !== undefined && CONTROL_ID.test(ofStandard)) return ofStandard;
  return CONFIG_RULE.exec(textAt(fields, "RelatedAWSResources:0/name") ?? "")?.[1] ?? text(ids[0]);
}

/**
 * Identity of a control's problem: control and resource. Without a resource nothing tells two findings of a control apart but their ids. Ids such as
 * `sg-0123456789abcdef0` are unique by themselves and stand bare in OCSF, in an ARN in ASFF.
 */
export function controlProblem(control: string, resourceId: string | undefined, findingId: string): string {
  const bare = /(?:^|\/)([a-z]{1,12}-[0-9a-f]{8}(?:[0-9a-f]{9})?)$/.exec(resourceId ?? "")?.[1];
  return `${control.toUpperCase()} ${bare ?? resourceId ?? findingId}`;
}
