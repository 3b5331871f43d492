import { standardTitle } from "./control";
import { readableDate } from "./dates";
import type { FactList } from "./fact-list";
import { at, list, textAt, texts } from "./read";
import type { Vulnerability } from "./vulnerability";

const MOST_RULES = 10;

/** Ingress rules of a security group, for example `tcp 5432 from 0.0.0.0/0`. */
function ingressRules(group: unknown): string[] {
  return list(at(group, "IpPermissions"))
    .slice(0, MOST_RULES)
    .map((permission) => {
      const [protocol, from, to] = [textAt(permission, "IpProtocol"), textAt(permission, "FromPort"), textAt(permission, "ToPort")];
      const ports = from === undefined || from === to || to === undefined ? from : `${from}–${to}`;
      const sources = [
        ...list(at(permission, "IpRanges"))
          .slice(0, MOST_RULES)
          .map((range) => textAt(range, "CidrIp")),
        ...list(at(permission, "Ipv6Ranges"))
          .slice(0, MOST_RULES)
          .map((range) => textAt(range, "CidrIpv6")),
      ].filter((source) => source !== undefined);
      const what = protocol === "-1" ? "all traffic" : [protocol, ports].filter((part) => part !== undefined).join(" ");
      return sources.length === 0 ? "" : `${what} from ${sources.join(", ")}`;
    });
}

/** What a control found (https://docs.aws.amazon.com/securityhub/latest/userguide/controls-findings-create-update.html). */
export function addControlFacts(facts: FactList, finding: unknown): void {
  const compliance = at(finding, "Compliance");
  const fields = at(finding, "ProductFields");
  facts.add("Compliance", at(compliance, "Status"));
  facts.add("What was found", at(fields, "aws/securityhub/annotation"));
  for (const reason of list(at(compliance, "StatusReasons")).slice(0, 5)) {
    facts.add("Reason", textAt(reason, "Description") ?? textAt(reason, "ReasonCode"));
  }
  facts.addAll("Ingress rules", ingressRules(at(finding, "Resources", 0, "Details", "AwsEc2SecurityGroup")), "; ");
  facts.addAll(
    "Standards",
    list(at(compliance, "AssociatedStandards"))
      .slice(0, 20)
      .map((one) => standardTitle(textAt(one, "StandardsId") ?? "")),
  );
  facts.addAll("Requirements", texts(at(compliance, "RelatedRequirements")));
  facts.addAll(
    "Parameters",
    list(at(compliance, "SecurityControlParameters"))
      .slice(0, 10)
      .map((one) => `${textAt(one, "Name") ?? ""}: ${texts(at(one, "Value")).join(", ")}`),
    "; ",
  );
  facts.add("AWS Config rule", at(fields, "RelatedAWSResources:0/name"));
  facts.add("Last observed", readableDate(at(finding, "LastObservedAt")));
}

/** What Inspector's copy in Security Hub tells of the vulnerability (https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Vulnerability.html). */
export function vulnerabilityOfAsff(finding: unknown): Vulnerability {
  const vulnerability = at(finding, "Vulnerabilities", 0);
  return {
    id: textAt(vulnerability, "Id"),
    score: textAt(finding, "ProductFields", "aws/inspector/inspectorScore"),
    epss: textAt(vulnerability, "EpssScore"),
    exploit: textAt(vulnerability, "ExploitAvailable"),
    fix: textAt(vulnerability, "FixAvailable"),
    packages: list(at(vulnerability, "VulnerablePackages"))
      .slice(0, 100)
      .map((one) => ({
        name: textAt(one, "Name") ?? "unnamed package",
        version: textAt(one, "Version"),
        fixed: textAt(one, "FixedInVersion"),
        command: textAt(one, "Remediation"),
      })),
  };
}
