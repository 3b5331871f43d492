import type { Finding, Origin, Resource, Workflow } from "../finding";
import { httpsUrl, identifier, LONGEST, line, paragraph } from "./bounds";
import { consoleUrl } from "./console";
import { controlProblem, standardsNamed } from "./control";
import { firstDate } from "./dates";
import { type Envelope, onlyFinding, owner, type Place } from "./envelope";
import { FactList } from "./fact-list";
import { GUARDDUTY_ADVICE } from "./guardduty";
import { guardDutyPage } from "./guardduty-docs";
import { NotAFinding } from "./not-a-finding";
import { addOcsfFacts, vulnerabilityOfOcsf } from "./ocsf-facts";
import { originOfProduct, productArnOf } from "./place";
import { at, type JsonObject, list, number, object, textAt, texts } from "./read";
import { asffId, resource, resources, resourceType, tagsOfList } from "./resources";
import { severityByName, severityByOcsfId } from "./severity";
import { remediationText } from "./vulnerability";

/** OCSF's status ids; "In Progress" is what Security Hub makes of NOTIFIED (https://schema.ocsf.io/1.6.0/classes/compliance_finding). */
const WORKFLOWS: Readonly<Record<string, Workflow>> = { "1": "NEW", "2": "NOTIFIED", "3": "SUPPRESSED", "4": "RESOLVED" };
const STATUS_IDS: Readonly<Record<string, string>> = {
  new: "1",
  "in progress": "2",
  suppressed: "3",
  resolved: "4",
  archived: "5",
  deleted: "6",
};
/** `activity_id` of a finding that its product closed. */
const CLOSE = 3;
/** `compliance.status_id` of a control that passed. */
const PASS = 1;

function statusId(finding: JsonObject): string | undefined {
  const name = textAt(finding, "status")?.toLowerCase() ?? "";
  return textAt(finding, "status_id") ?? (Object.hasOwn(STATUS_IDS, name) ? STATUS_IDS[name] : undefined);
}

/** A resource with the id that ASFF has: the ARN, where OCSF gives one beside the bare id or it can be told. */
function ocsfResource(one: unknown, place: Place): Resource | undefined {
  const [uid, alternative] = [textAt(one, "uid"), textAt(one, "uid_alt")];
  const account = textAt(one, "type") === "AWS::::Account";
  const type = account ? "AwsAccount" : resourceType(at(one, "type"));
  const own = account && uid !== undefined && /^\d{12}$/.test(uid) ? `AWS::::Account:${uid}` : asffId(uid, type, place);
  return resource({
    id: alternative?.startsWith("arn:") ? alternative : (own ?? alternative),
    type,
    name: textAt(one, "name"),
    tags: tagsOfList(at(one, "tags")),
  });
}

function kindOf(finding: JsonObject, origin: Origin): string {
  // Security Hub appends or prepends a category ("Threats", "Posture Management"); the service's own type is the one in its format.
  const types = texts(at(finding, "finding_info", "types"));
  const own = origin === "guardduty" ? types.find((type) => /^[A-Za-z]+:/.test(type)) : (types[0]?.split("/").pop() ?? undefined);
  const named = textAt(finding, "compliance", "control") ?? textAt(finding, "vulnerabilities", 0, "cve", "uid") ?? own;
  return line(named, LONGEST.name) || `${origin} finding`;
}

function severityOf(finding: JsonObject): Finding["severity"] | undefined {
  const vendor = at(finding, "vendor_attributes");
  return (
    severityByName(finding.severity) ??
    severityByOcsfId(finding.severity_id) ??
    severityByName(at(vendor, "severity")) ??
    severityByOcsfId(at(vendor, "severity_id"))
  );
}

function ended(finding: JsonObject, status: string | undefined): boolean {
  const compliance = at(finding, "compliance");
  return (
    (status !== undefined && ["3", "4", "5", "6"].includes(status)) ||
    number(finding.activity_id) === CLOSE ||
    number(at(compliance, "status_id")) === PASS ||
    textAt(compliance, "status")?.toLowerCase() === "pass"
  );
}

/**
 * A finding in the event of the newer Security Hub, in OCSF (https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-v2-cwe-event-formats.html).
 * It gets the id and product of the same finding in ASFF, so that both are one problem.
 */
export function fromOcsf(envelope: Envelope): Finding {
  const finding = object(onlyFinding(envelope.detail));
  if (finding === undefined) throw new NotAFinding("The Security Hub event's finding (detail.findings[0]) is not an object.");
  const info = at(finding, "finding_info");
  const id = identifier(at(info, "uid"));
  if (id === undefined) throw new NotAFinding("The OCSF finding has no id (finding_info.uid).");
  const product = at(finding, "metadata", "product", "uid");
  const origin = originOfProduct(product);
  if (origin === undefined) {
    throw new NotAFinding(
      `The finding's product is not Security Hub, GuardDuty or Inspector: metadata.product.uid is ${line(product, 200) || "missing"}.`,
    );
  }
  const place = owner(envelope, at(finding, "cloud", "account", "uid"), at(finding, "cloud", "region"), id, product);
  const severity = severityOf(finding);
  if (severity === undefined) throw new NotAFinding(`The OCSF finding ${line(id, 200)} has no severity (severity, severity_id).`);

  const found = resources(
    list(finding.resources)
      .slice(0, 100)
      .map((one) => ocsfResource(one, place)),
  );
  const kind = kindOf(finding, origin);
  const control = textAt(finding, "compliance", "control");
  const vulnerability = vulnerabilityOfOcsf(finding);
  const recommended = paragraph(at(finding, "remediation", "desc"), LONGEST.description) || undefined;
  const advice =
    origin === "inspector"
      ? remediationText(recommended, vulnerability)
      : (recommended ?? (origin === "guardduty" ? GUARDDUTY_ADVICE : undefined));
  const url =
    texts(at(finding, "remediation", "references"))
      .map(httpsUrl)
      .find((one) => one !== undefined) ?? (origin === "guardduty" ? guardDutyPage(kind) : undefined);
  const facts = new FactList();
  addOcsfFacts(facts, finding, origin, kind, vulnerability);

  const status = statusId(finding);
  const workflow = status !== undefined && Object.hasOwn(WORKFLOWS, status) ? WORKFLOWS[status] : undefined;
  const title = line(at(info, "title"), LONGEST.title) || kind;
  const accountName = line(at(finding, "cloud", "account", "name"), LONGEST.name);
  const count = number(finding.count);
  return {
    origin,
    id,
    productArn: productArnOf(origin, place.region, place.partition),
    fromSecurityHub: true,
    problem: control === undefined ? id : (identifier(controlProblem(control, found[0]?.id, id)) ?? id),
    kind,
    standards: origin === "securityhub" ? standardsNamed(texts(at(finding, "compliance", "standards"))) : [],
    accountId: place.accountId,
    ...(accountName === "" ? {} : { accountName }),
    region: place.region,
    severity,
    title,
    description: paragraph(at(info, "desc"), LONGEST.description),
    resources: found,
    facts: facts.facts,
    remediation: { ...(advice === undefined ? {} : { text: advice }), ...(url === undefined ? {} : { url }) },
    state: ended(finding, status) ? "inactive" : "active",
    ...(workflow === undefined ? {} : { workflow }),
    sample: title.startsWith("[SAMPLE]"),
    firstSeen:
      firstDate(at(info, "first_seen_time_dt"), at(info, "first_seen_time"), at(info, "created_time_dt"), at(info, "created_time")) ??
      envelope.time,
    ...(count === undefined || !Number.isSafeInteger(count) || count < 1 ? {} : { count }),
    updatedAt: firstDate(at(info, "modified_time_dt"), at(info, "modified_time"), finding.time_dt, finding.time) ?? envelope.time,
    consoleUrl: consoleUrl(origin, place.region, id),
  };
}
