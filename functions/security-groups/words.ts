import type { Change } from "./change";
import type { Rule } from "./rule";

const WELL_KNOWN: Readonly<Record<number, string>> = {
  20: "FTP",
  21: "FTP",
  22: "SSH",
  23: "Telnet",
  25: "SMTP",
  53: "DNS",
  80: "HTTP",
  443: "HTTPS",
  445: "SMB",
  1433: "SQL Server",
  1521: "Oracle",
  3306: "MySQL",
  3389: "RDP",
  5432: "PostgreSQL",
  5601: "Kibana",
  5985: "WinRM",
  6379: "Redis",
  9200: "Elasticsearch",
  11211: "Memcached",
  27017: "MongoDB",
};

/** `all traffic`, `TCP 22 (SSH)`, `UDP 1000–2000`, `all TCP ports`, `ICMP`, `protocol 47`. */
export function trafficInWords({ protocol, fromPort = -1, toPort = -1 }: Rule): string {
  if (protocol === "-1") return "all traffic";
  const name = /^\d+$/.test(protocol) ? `protocol ${protocol}` : protocol.toUpperCase().replace("ICMPV6", "ICMPv6");
  if (protocol !== "tcp" && protocol !== "udp") return fromPort === -1 ? name : `${name} type ${fromPort}`;
  if (fromPort === -1 || (fromPort === 0 && toPort === 65_535)) return `all ${name} ports`;
  if (fromPort !== toPort) return `${name} ${fromPort}–${toPort}`;
  const service = WELL_KNOWN[fromPort];
  return `${name} ${fromPort}${service === undefined ? "" : ` (${service})`}`;
}

const peerInWords = ({ peer }: Rule): string => {
  switch (peer.kind) {
    case "range":
      return peer.range;
    case "group":
      return `members of ${peer.id}`;
    case "prefix-list":
      return `prefix list ${peer.id}`;
  }
};

/** `a`, `a and b`, `a, b and c`; after eight the rest is counted. */
function listed(items: readonly string[]): string {
  const unique = [...new Set(items)];
  const shown = unique.length > 8 ? [...unique.slice(0, 8), `${unique.length - 8} more`] : unique;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

/** `TCP 22 (SSH) to 0.0.0.0/0 and ::/0; UDP 53 (DNS) to 198.51.100.0/24`: rules that open the same ports together. */
export function rulesInWords(rules: readonly Rule[]): string {
  const byTraffic = Map.groupBy(rules, (rule) => `${rule.direction} ${trafficInWords(rule)}`);
  return [...byTraffic.values()]
    .map(
      (same) =>
        `${same[0] ? trafficInWords(same[0]) : ""} ${same[0]?.direction === "egress" ? "out to" : "to"} ${listed(same.map(peerInWords))}`,
    )
    .join("; ");
}

/** What a call did, in a sentence without its subject: `opens TCP 22 (SSH) to 0.0.0.0/0 and ::/0`. */
export function changeInWords({ call, added, removed, ruleIds, groupName }: Change): string {
  switch (call) {
    case "AuthorizeSecurityGroupIngress":
      return `opens ${rulesInWords(added)}`;
    case "AuthorizeSecurityGroupEgress":
      return `lets ${rulesInWords(added)}`;
    case "RevokeSecurityGroupIngress":
    case "RevokeSecurityGroupEgress":
      return `closes ${removed.length > 0 ? rulesInWords(removed) : `the rules ${listed(ruleIds)}`}`;
    case "ModifySecurityGroupRules":
      return `changes ${listed(ruleIds)} to ${rulesInWords(added)}`;
    case "CreateSecurityGroup":
      return `creates the group ${groupName ?? ""}`.trimEnd();
    case "DeleteSecurityGroup":
      return "deletes the group";
    case "UpdateSecurityGroupRuleDescriptionsIngress":
    case "UpdateSecurityGroupRuleDescriptionsEgress":
      return "describes rules anew";
  }
}
