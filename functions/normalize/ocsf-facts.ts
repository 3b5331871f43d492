import type { Origin } from "../finding";
import { standardTitle } from "./control";
import { readableDate } from "./dates";
import type { FactList } from "./fact-list";
import { address, tacticOf } from "./guardduty-facts";
import { at, list, textAt, texts } from "./read";
import { addVulnerabilityFacts, type Vulnerability } from "./vulnerability";

const MOST_EVIDENCES = 5;

/** What an OCSF vulnerability finding tells (https://schema.ocsf.io/1.6.0/classes/vulnerability_finding). */
export function vulnerabilityOfOcsf(finding: unknown): Vulnerability {
  const vulnerability = at(finding, "vulnerabilities", 0);
  return {
    id: textAt(vulnerability, "cve", "uid"),
    score: textAt(vulnerability, "cve", "cvss", 0, "base_score"),
    epss: textAt(vulnerability, "cve", "epss", "score"),
    exploit: textAt(vulnerability, "is_exploit_available"),
    fix: textAt(vulnerability, "is_fix_available"),
    packages: list(at(vulnerability, "affected_packages"))
      .slice(0, 100)
      .map((one) => ({
        name: textAt(one, "name") ?? "unnamed package",
        version: textAt(one, "version"),
        fixed: textAt(one, "fixed_in_version"),
        command: textAt(one, "remediation", "desc"),
      })),
  };
}

function addControl(facts: FactList, finding: unknown): void {
  const compliance = at(finding, "compliance");
  facts.add("Compliance", at(compliance, "status"));
  for (const assessment of list(at(compliance, "assessments")).slice(0, 5)) {
    facts.add("Reason", textAt(assessment, "desc") ?? textAt(assessment, "name"));
  }
  facts.addAll("Standards", texts(at(compliance, "standards")).map(standardTitle));
  facts.addAll("Requirements", texts(at(compliance, "requirements")));
  facts.addAll(
    "Parameters",
    list(at(compliance, "control_parameters"))
      .slice(0, 10)
      .map((one) => `${textAt(one, "name") ?? ""}: ${texts(at(one, "values")).join(", ")}`),
    "; ",
  );
  facts.add("AWS Config rule", at(finding, "finding_info", "analytic", "name"));
}

const isOutbound = (evidence: unknown): boolean => textAt(evidence, "connection_info", "direction")?.toLowerCase() === "outbound";

function endpointAddress(endpoint: unknown): string | undefined {
  const system = at(endpoint, "autonomous_system");
  const asn = textAt(system, "number");
  return address(textAt(endpoint, "ip") ?? textAt(endpoint, "domain") ?? textAt(endpoint, "hostname"), [
    textAt(endpoint, "location", "city"),
    textAt(endpoint, "location", "country"),
    [textAt(system, "name"), asn === undefined ? undefined : `AS${asn}`].filter((part) => part !== undefined).join(" ") || undefined,
  ]);
}

/** What GuardDuty's evidence tells, as OCSF writes it (https://schema.ocsf.io/1.6.0/objects/evidences). */
function addThreat(facts: FactList, finding: unknown, kind: string): void {
  const evidences = list(at(finding, "evidences")).slice(0, MOST_EVIDENCES);
  const attacks = list(at(finding, "finding_info", "attacks")).slice(0, 20);
  const named = (part: string): (string | undefined)[] => attacks.map((attack) => textAt(attack, part, "name"));
  const outbound = evidences.filter(isOutbound);
  const others = evidences.filter((evidence) => !isOutbound(evidence));
  facts.addAll(
    "Remote address",
    outbound.map((evidence) => endpointAddress(at(evidence, "dst_endpoint"))),
    "; ",
  );
  facts.addAll(
    "Actor address",
    others.map((evidence) => endpointAddress(at(evidence, "src_endpoint"))),
    "; ",
  );
  facts.addAll(
    "User",
    evidences.map((evidence) => textAt(evidence, "actor", "user", "name")),
  );
  facts.addAll(
    "API call",
    evidences.map((evidence) => {
      const [operation, service] = [textAt(evidence, "api", "operation"), textAt(evidence, "api", "service", "name")];
      return operation === undefined || service === undefined ? operation : `${operation} ${service}`;
    }),
  );
  facts.addAll(
    "Connection",
    evidences.map((evidence) => {
      const [direction, protocol] = [
        textAt(evidence, "connection_info", "direction"),
        textAt(evidence, "connection_info", "protocol_name"),
      ];
      const port = textAt(evidence, "dst_endpoint", "port");
      return [direction?.toLowerCase(), protocol?.toUpperCase(), port === undefined ? undefined : `port ${port}`]
        .filter((part) => part !== undefined)
        .join(" ");
    }),
  );
  facts.addAll(
    "Domain",
    evidences.map((evidence) => textAt(evidence, "query", "hostname")),
  );
  facts.addAll(
    "Process",
    evidences.map((evidence) => textAt(evidence, "process", "file", "path") ?? textAt(evidence, "actor", "process", "file", "path")),
  );
  facts.addAll("MITRE ATT&CK tactics", [...named("tactic"), tacticOf(kind)]);
  facts.addAll("MITRE ATT&CK techniques", named("technique"));
  facts.addAll(
    "Signals",
    list(at(finding, "finding_info", "related_events"))
      .slice(0, 20)
      .map((event) => textAt(event, "title")),
  );
}

/** The facts of an OCSF finding. */
export function addOcsfFacts(facts: FactList, finding: unknown, origin: Origin, kind: string, vulnerability: Vulnerability): void {
  const info = at(finding, "finding_info");
  if (origin === "guardduty") addThreat(facts, finding, kind);
  else if (origin === "inspector") addVulnerabilityFacts(facts, vulnerability);
  else addControl(facts, finding);
  facts.add("Last seen", readableDate(at(info, "last_seen_time_dt") ?? at(info, "last_seen_time")));
}
