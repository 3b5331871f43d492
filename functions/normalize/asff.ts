import type { Finding, Origin, Workflow } from "../finding";
import { addControlFacts, vulnerabilityOfAsff } from "./asff-facts";
import { httpsUrl, identifier, LONGEST, line, paragraph } from "./bounds";
import { consoleUrl } from "./console";
import { controlOfAsff, controlProblem, standardsOfAsff } from "./control";
import { firstDate } from "./dates";
import { type Envelope, onlyFinding, owner } from "./envelope";
import { FactList } from "./fact-list";
import { GUARDDUTY_ADVICE } from "./guardduty";
import { guardDutyPage, guardDutyTypeOfAsff } from "./guardduty-docs";
import { addGuardDutyFacts, countOf, isSample, tacticOf } from "./guardduty-facts";
import { NotAFinding } from "./not-a-finding";
import { originOfProduct } from "./place";
import { unflatten } from "./product-fields";
import { at, isTrue, type JsonObject, list, object, textAt, texts } from "./read";
import { resource, resources, tagsOfObject } from "./resources";
import { severityByName, severityByNormalized } from "./severity";
import { addVulnerabilityFacts, remediationText } from "./vulnerability";

const WORKFLOWS: readonly Workflow[] = ["NEW", "NOTIFIED", "RESOLVED", "SUPPRESSED"];

/** What depends on who reported: the kind and problem, the facts, what to do, and what else can end it. */
interface Particulars {
  readonly kind: string;
  readonly problem: string;
  readonly advice: string | undefined;
  readonly url: string | undefined;
  readonly ended: boolean;
  readonly sample?: boolean;
  readonly count?: number | undefined;
  readonly seen?: unknown;
}

const recommendation = (finding: JsonObject): unknown => at(finding, "Remediation", "Recommendation");
const advice = (finding: JsonObject): string | undefined =>
  paragraph(at(recommendation(finding), "Text"), LONGEST.description) || undefined;

function control(finding: JsonObject, id: string, resourceId: string | undefined, facts: FactList): Particulars {
  const named = controlOfAsff(finding);
  const kind = line(named, LONGEST.name) || "Security Hub finding";
  addControlFacts(facts, finding);
  const status = textAt(finding, "Compliance", "Status")?.toUpperCase();
  return {
    kind,
    problem: named === undefined ? id : (identifier(controlProblem(named, resourceId, id)) ?? id),
    advice: advice(finding),
    url: httpsUrl(at(recommendation(finding), "Url")) ?? httpsUrl(at(finding, "ProductFields", "RecommendationUrl")),
    // NOT_AVAILABLE says that the check could not be made, so it reports no problem that is there.
    ended: status === "PASSED" || status === "NOT_AVAILABLE",
  };
}

function guardDuty(finding: JsonObject, id: string, facts: FactList): Particulars {
  const kind = line(guardDutyTypeOfAsff(textAt(finding, "Types", 0) ?? ""), LONGEST.name) || "GuardDuty finding";
  const service = at(unflatten(finding.ProductFields, "aws/guardduty/"), "service");
  for (const one of list(finding.Resources).slice(0, 5)) {
    const key = at(one, "Details", "AwsIamAccessKey");
    if (key === undefined) continue;
    const keyId = textAt(key, "AccessKeyId") ?? textAt(one, "Id")?.split(":").pop();
    facts.add("Access key", keyId);
    facts.add("User", [textAt(key, "PrincipalType"), textAt(key, "PrincipalName") ?? textAt(key, "UserName")].filter(Boolean).join(" "));
  }
  const instance = list(finding.Resources).find((one) => at(one, "Type") === "AwsEc2Instance");
  facts.add("Instance", textAt(instance, "Id")?.split("/").pop());
  facts.addAll("Addresses", texts(at(instance, "Details", "AwsEc2Instance", "IpV4Addresses"), 5));
  addGuardDutyFacts(facts, kind, service);
  // The category of an ASFF type is a tactic too, and told where the GuardDuty type does not tell it.
  const tactic = /^TTPs\/([^/:]+)\//.exec(textAt(finding, "Types", 0) ?? "")?.[1];
  if (tacticOf(kind) === undefined) facts.add("MITRE ATT&CK tactic", tactic);
  return {
    kind,
    problem: id,
    advice: advice(finding) ?? GUARDDUTY_ADVICE,
    url: httpsUrl(at(recommendation(finding), "Url")) ?? guardDutyPage(kind),
    ended: isTrue(at(service, "archived")),
    sample: isSample(service),
    count: countOf(service),
    seen: at(service, "eventFirstSeen"),
  };
}

function inspector(finding: JsonObject, id: string, facts: FactList): Particulars {
  const vulnerability = vulnerabilityOfAsff(finding);
  const type = textAt(finding, "Types", 0)?.split("/").pop()?.trim().replaceAll(" ", "_").toUpperCase();
  const inTitle = /\bCVE-\d{4}-\d{4,}\b/.exec((textAt(finding, "Title") ?? "").slice(0, 1024))?.[0];
  addVulnerabilityFacts(facts, vulnerability);
  const status = textAt(finding, "ProductFields", "aws/inspector/FindingStatus")?.toUpperCase();
  return {
    kind: line(vulnerability.id ?? inTitle ?? type, LONGEST.name) || "Inspector finding",
    problem: id,
    advice: remediationText(textAt(recommendation(finding), "Text"), vulnerability),
    url: httpsUrl(at(recommendation(finding), "Url")) ?? httpsUrl(at(finding, "Vulnerabilities", 0, "Vendor", "Url")),
    ended: status === "CLOSED" || status === "SUPPRESSED",
  };
}

function severityOf(finding: JsonObject): Finding["severity"] | undefined {
  const provided = at(finding, "FindingProviderFields", "Severity");
  return (
    severityByName(at(finding, "Severity", "Label")) ??
    severityByNormalized(at(finding, "Severity", "Normalized")) ??
    severityByName(at(provided, "Label")) ??
    severityByNormalized(at(provided, "Normalized"))
  );
}

/** The product that reported the finding, if it is one of ours. */
function originOf(finding: JsonObject): Origin {
  const origin = originOfProduct(finding.ProductArn);
  if (origin !== undefined) return origin;
  throw new NotAFinding(
    `The finding's product is not Security Hub, GuardDuty or Inspector: ProductArn is ${line(finding.ProductArn, 200) || "missing"}.`,
  );
}

/** A finding in Security Hub's event, in ASFF (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html). */
export function fromAsff(envelope: Envelope): Finding {
  const finding = object(onlyFinding(envelope.detail));
  if (finding === undefined) throw new NotAFinding("The Security Hub event's finding (detail.findings[0]) is not an object.");
  const id = identifier(finding.Id);
  if (id === undefined) throw new NotAFinding("The Security Hub finding has no id (Id).");
  const origin = originOf(finding);
  const place = owner(envelope, finding.AwsAccountId, finding.Region, id, finding.ProductArn);
  const severity = severityOf(finding);
  if (severity === undefined)
    throw new NotAFinding(`The Security Hub finding ${line(id, 200)} has no severity (Severity.Label, Severity.Normalized).`);

  const found = resources(
    list(finding.Resources)
      .slice(0, 100)
      .map((one) =>
        resource({
          id: at(one, "Id"),
          type: at(one, "Type"),
          name: textAt(one, "Details", "AwsIamAccessKey", "PrincipalName"),
          tags: tagsOfObject(at(one, "Tags")),
        }),
      ),
  );
  const facts = new FactList();
  const own =
    origin === "guardduty"
      ? guardDuty(finding, id, facts)
      : origin === "inspector"
        ? inspector(finding, id, facts)
        : control(finding, id, found[0]?.id, facts);
  facts.add("Note", at(finding, "Note", "Text"));

  const title = line(finding.Title, LONGEST.title) || own.kind;
  const accountName = line(finding.AwsAccountName, LONGEST.name);
  const workflow = WORKFLOWS.find((one) => one === textAt(finding, "Workflow", "Status")?.toUpperCase());
  const archived = textAt(finding, "RecordState")?.toUpperCase() === "ARCHIVED";
  return {
    origin,
    id,
    productArn: identifier(finding.ProductArn) ?? "",
    fromSecurityHub: true,
    problem: own.problem,
    kind: own.kind,
    standards: origin === "securityhub" ? standardsOfAsff(finding) : [],
    accountId: place.accountId,
    ...(accountName === "" ? {} : { accountName }),
    region: place.region,
    severity,
    title,
    description: paragraph(finding.Description, LONGEST.description),
    resources: found,
    facts: facts.facts,
    remediation: { ...(own.advice === undefined ? {} : { text: own.advice }), ...(own.url === undefined ? {} : { url: own.url }) },
    state: archived || own.ended || workflow === "RESOLVED" || workflow === "SUPPRESSED" ? "inactive" : "active",
    ...(workflow === undefined ? {} : { workflow }),
    sample: own.sample === true || isTrue(finding.Sample) || title.startsWith("[SAMPLE]"),
    firstSeen: firstDate(finding.FirstObservedAt, own.seen, finding.CreatedAt, finding.UpdatedAt) ?? envelope.time,
    ...(own.count === undefined ? {} : { count: own.count }),
    updatedAt: firstDate(finding.UpdatedAt, finding.LastObservedAt, finding.CreatedAt) ?? envelope.time,
    consoleUrl: consoleUrl(origin, place.region, id),
  };
}
