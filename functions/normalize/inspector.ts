import type { Finding } from "../finding";
import { httpsUrl, identifier, LONGEST, line, paragraph } from "./bounds";
import { consoleUrl } from "./console";
import { firstDate, readableDate } from "./dates";
import { type Envelope, owner } from "./envelope";
import { FactList } from "./fact-list";
import { NotAFinding } from "./not-a-finding";
import { productArnOf } from "./place";
import { at, list, object, textAt, texts } from "./read";
import { asffId, resource, resources, resourceType, tagsOfObject } from "./resources";
import { severityByName, severityByScore } from "./severity";
import { addVulnerabilityFacts, type Package, remediationText, type Vulnerability } from "./vulnerability";

const MOST_READ = 100;

function packages(details: unknown): Package[] {
  return list(at(details, "vulnerablePackages"))
    .slice(0, MOST_READ)
    .map((one) => ({
      name: textAt(one, "name") ?? "unnamed package",
      version: textAt(one, "version"),
      fixed: textAt(one, "fixedInVersion"),
      command: textAt(one, "remediation"),
    }));
}

function addReachability(facts: FactList, details: unknown): void {
  if (details === undefined) return;
  const [begin, end] = [textAt(details, "openPortRange", "begin"), textAt(details, "openPortRange", "end")];
  const ports = begin === undefined ? undefined : begin === end || end === undefined ? begin : `${begin}–${end}`;
  facts.add("Reachable port", [textAt(details, "protocol"), ports].filter((part) => part !== undefined).join(" "));
  facts.addAll(
    "Network path",
    list(at(details, "networkPath", "steps"))
      .slice(0, 12)
      .map((step) => textAt(step, "componentId")),
    " → ",
  );
}

function addCode(facts: FactList, details: unknown): void {
  if (details === undefined) return;
  const path = textAt(details, "filePath", "filePath") ?? textAt(details, "filePath", "fileName");
  const start = textAt(details, "filePath", "startLine");
  facts.add("Code", path === undefined || start === undefined ? path : `${path}, line ${start}`);
  facts.addAll("Weakness", texts(at(details, "cwes")));
}

/** A finding in Inspector's own event (https://docs.aws.amazon.com/inspector/latest/user/eventbridge-integration.html). */
export function fromInspector(envelope: Envelope): Finding {
  const detail = object(envelope.detail);
  if (detail === undefined) throw new NotAFinding("The Inspector event has no detail object.");
  const id = identifier(detail.findingArn);
  if (id === undefined) throw new NotAFinding("The Inspector finding has no id (detail.findingArn).");
  const found = list(detail.resources).slice(0, MOST_READ);
  const place = owner(envelope, detail.awsAccountId, undefined, id);
  const severity = severityByName(detail.severity) ?? severityByScore(detail.inspectorScore);
  if (severity === undefined) throw new NotAFinding(`The Inspector finding ${line(id, 200)} has no severity (detail.severity).`);

  const details = at(detail, "packageVulnerabilityDetails");
  const code = at(detail, "codeVulnerabilityDetails");
  const kind =
    line(at(details, "vulnerabilityId"), LONGEST.name) ||
    line(textAt(code, "detectorName") ?? textAt(code, "detectorId"), LONGEST.name) ||
    line(detail.type, LONGEST.name) ||
    "Inspector finding";
  const vulnerability: Vulnerability = {
    id: textAt(details, "vulnerabilityId"),
    score: textAt(detail, "inspectorScore"),
    epss: textAt(detail, "epss", "score"),
    exploit: textAt(detail, "exploitAvailable"),
    fix: textAt(detail, "fixAvailable"),
    packages: packages(details),
  };
  const facts = new FactList();
  addVulnerabilityFacts(facts, vulnerability);
  addReachability(facts, at(detail, "networkReachabilityDetails"));
  addCode(facts, code);
  facts.add("Exploit last known", readableDate(at(detail, "exploitabilityDetails", "lastKnownExploitAt")));
  facts.add("Last observed", readableDate(detail.lastObservedAt));

  const recommendation = at(detail, "remediation", "recommendation");
  const advice = remediationText(textAt(recommendation, "text"), vulnerability);
  const url = httpsUrl(at(recommendation, "url") ?? at(recommendation, "Url")) ?? httpsUrl(at(details, "sourceUrl"));
  const status = textAt(detail, "status")?.toUpperCase();
  return {
    origin: "inspector",
    id,
    productArn: productArnOf("inspector", place.region, place.partition),
    fromSecurityHub: false,
    problem: id,
    kind,
    standards: [],
    accountId: place.accountId,
    region: place.region,
    severity,
    title: line(detail.title, LONGEST.title) || kind,
    description: paragraph(detail.description, LONGEST.description),
    resources: resources(
      found.map((one) => {
        const type = resourceType(at(one, "type"));
        return resource({ id: asffId(textAt(one, "id"), type, place), type, tags: tagsOfObject(at(one, "tags")) });
      }),
    ),
    facts: facts.facts,
    remediation: { ...(advice === undefined ? {} : { text: advice }), ...(url === undefined ? {} : { url }) },
    state: status === "SUPPRESSED" || status === "CLOSED" ? "inactive" : "active",
    sample: false,
    firstSeen: firstDate(detail.firstObservedAt, detail.lastObservedAt, detail.updatedAt) ?? envelope.time,
    updatedAt: firstDate(detail.updatedAt, detail.lastObservedAt) ?? envelope.time,
    consoleUrl: consoleUrl("inspector", place.region, id),
  };
}
