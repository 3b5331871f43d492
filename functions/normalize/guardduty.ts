import type { Finding } from "../finding";
import { identifier, LONGEST, line, paragraph } from "./bounds";
import { consoleUrl } from "./console";
import { firstDate } from "./dates";
import { type Envelope, owner } from "./envelope";
import { FactList } from "./fact-list";
import { addResourceFacts } from "./guardduty-details";
import { guardDutyPage } from "./guardduty-docs";
import { addGuardDutyFacts, countOf, isSample } from "./guardduty-facts";
import { guardDutyResources } from "./guardduty-resources";
import { NotAFinding } from "./not-a-finding";
import { partitionOf, productArnOf } from "./place";
import { at, isTrue, object, textAt } from "./read";
import { severityByScore } from "./severity";

/** Advice where GuardDuty's finding carries none, as its own events never do. */
export const GUARDDUTY_ADVICE = "Find out whether the activity was authorized; if not, follow AWS's guidance for this finding type.";

/** A finding in GuardDuty's own event (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html). */
export function fromGuardDuty(envelope: Envelope): Finding {
  const detail = object(envelope.detail);
  if (detail === undefined) throw new NotAFinding("The GuardDuty event has no detail object.");
  const service = at(detail, "service");
  const named = owner(envelope, detail.accountId, detail.region, detail.arn);
  const place = { ...named, partition: named.partition ?? partitionOf(named.region) };
  const [id, detector] = [textAt(detail, "id"), textAt(service, "detectorId")];
  const arn =
    identifier(detail.arn) ??
    identifier(
      id === undefined || detector === undefined
        ? id
        : `arn:${place.partition}:guardduty:${place.region}:${place.accountId}:detector/${detector}/finding/${id}`,
    );
  if (arn === undefined) throw new NotAFinding("The GuardDuty finding has no id: neither detail.arn nor detail.id is there.");
  const severity = severityByScore(detail.severity);
  if (severity === undefined) throw new NotAFinding(`The GuardDuty finding ${line(arn, 200)} has no severity (detail.severity).`);

  const kind = line(detail.type, LONGEST.name) || "GuardDuty finding";
  const title = line(detail.title, LONGEST.title) || kind;
  const facts = new FactList();
  const key = at(detail, "resource", "accessKeyDetails");
  facts.add("Access key", at(key, "accessKeyId"));
  facts.add("User", [textAt(key, "userType"), textAt(key, "userName")].filter((part) => part !== undefined).join(" "));
  facts.add("Instance", at(detail, "resource", "instanceDetails", "instanceId"));
  addResourceFacts(facts, detail.resource);
  addGuardDutyFacts(facts, kind, service);
  const count = countOf(service);
  return {
    origin: "guardduty",
    id: arn,
    productArn: productArnOf("guardduty", place.region, place.partition),
    fromSecurityHub: false,
    problem: arn,
    kind,
    standards: [],
    accountId: place.accountId,
    region: place.region,
    severity,
    title,
    description: paragraph(detail.description, LONGEST.description),
    resources: guardDutyResources(detail.resource, at(service, "detection", "sequence"), place),
    facts: facts.facts,
    remediation: { text: GUARDDUTY_ADVICE, url: guardDutyPage(kind) },
    state: isTrue(at(service, "archived")) ? "inactive" : "active",
    sample: isSample(service) || title.startsWith("[SAMPLE]"),
    firstSeen: firstDate(at(service, "eventFirstSeen"), detail.createdAt, detail.updatedAt) ?? envelope.time,
    ...(count === undefined ? {} : { count }),
    updatedAt: firstDate(detail.updatedAt, at(service, "eventLastSeen")) ?? envelope.time,
    consoleUrl: consoleUrl("guardduty", place.region, arn),
  };
}
