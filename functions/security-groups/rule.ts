import { at, list, number, textAt } from "../normalize/read";

/** Whom a rule lets in (or where it lets traffic go). */
export type Peer =
  /** IPv4 or IPv6 addresses, for example `0.0.0.0/0`. */
  | { readonly kind: "range"; readonly range: string }
  /** The members of another security group. */
  | { readonly kind: "group"; readonly id: string }
  /** The ranges of a prefix list. */
  | { readonly kind: "prefix-list"; readonly id: string };

/** One rule of a security group. EC2 knows each by an id of its own since 2021, whatever form it was added in. */
export interface Rule {
  /** `sgr-…`; absent where an event names the rule by its contents only. */
  readonly id?: string;
  readonly direction: "ingress" | "egress";
  /** `tcp`, `udp`, `icmp`, `icmpv6`, `-1` for all, else a protocol number. */
  readonly protocol: string;
  /** First and last port (for ICMP: type and code); absent or -1: all. */
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly peer: Peer;
  readonly description?: string;
}

const NUMBERS: Readonly<Record<string, string>> = { "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", all: "-1" };

/** A protocol as EC2 answers it: names for the four that it knows by name. */
export function protocolName(given: string | undefined): string {
  const protocol = (given ?? "-1").toLowerCase();
  return NUMBERS[protocol] ?? protocol;
}

/** What the rule's fields are called, by who writes them: CloudTrail's answers and requests in camel case, EC2's API and ModifySecurityGroupRules with capitals. */
const SPELLINGS = [
  {
    id: "securityGroupRuleId",
    protocol: "ipProtocol",
    from: "fromPort",
    to: "toPort",
    v4: "cidrIpv4",
    v6: "cidrIpv6",
    list: "prefixListId",
    group: ["referencedGroupInfo", "groupId"],
    flatGroup: "referencedGroupId",
    description: "description",
    egress: "isEgress",
  },
  {
    id: "SecurityGroupRuleId",
    protocol: "IpProtocol",
    from: "FromPort",
    to: "ToPort",
    v4: "CidrIpv4",
    v6: "CidrIpv6",
    list: "PrefixListId",
    group: ["ReferencedGroupInfo", "GroupId"],
    flatGroup: "ReferencedGroupId",
    description: "Description",
    egress: "IsEgress",
  },
] as const; // prettier-ignore

/**
 * A rule that is an object of its own: in an answer of EC2, in CloudTrail's `securityGroupRuleSet`, or in a request of ModifySecurityGroupRules.
 * @param direction if the object does not say it.
 * @returns undefined if it names nobody that it lets in.
 */
export function readRule(value: unknown, direction?: Rule["direction"]): Rule | undefined {
  const spelling = SPELLINGS.find(({ protocol }) => textAt(value, protocol) !== undefined) ?? SPELLINGS[0];
  const field = (name: string): string | undefined => textAt(value, name);
  const peer = peerOf({
    range: field(spelling.v4) ?? field(spelling.v6),
    group: textAt(value, ...spelling.group) ?? field(spelling.flatGroup),
    list: field(spelling.list),
  });
  const egress = field(spelling.egress);
  const known = egress === undefined ? direction : egress.toLowerCase() === "true" ? "egress" : "ingress";
  if (peer === undefined || known === undefined) return undefined;
  const [id, description] = [field(spelling.id), field(spelling.description)];
  return {
    ...(id !== undefined && { id }),
    direction: known,
    protocol: protocolName(field(spelling.protocol)),
    ...ports(at(value, spelling.from), at(value, spelling.to)),
    peer,
    ...(description !== undefined && { description }),
  };
}

function peerOf(named: { readonly range?: string; readonly group?: string; readonly list?: string }): Peer | undefined {
  if (named.range !== undefined) return { kind: "range", range: named.range };
  if (named.group !== undefined) return { kind: "group", id: named.group };
  return named.list === undefined ? undefined : { kind: "prefix-list", id: named.list };
}

function ports(from: unknown, to: unknown): Pick<Rule, "fromPort" | "toPort"> {
  const [fromPort, toPort] = [number(from), number(to)];
  return { ...(fromPort !== undefined && { fromPort }), ...(toPort !== undefined && { toPort }) };
}

/** CloudTrail writes lists as `{items: […]}`, SDKs as lists. */
const items = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : list(at(value, "items")));

/**
 * The rules of a request to authorize or revoke, in either of its forms: nested (`ipPermissions`) or flat (`cidrIp`, `fromPort`, … beside each other).
 */
export function readRequest(parameters: unknown, direction: Rule["direction"]): Rule[] {
  const nested = items(at(parameters, "ipPermissions"));
  const permissions = nested.length > 0 ? nested : [parameters];
  return permissions.flatMap((permission) => {
    const peers = [
      ...items(at(permission, "ipRanges")).map((range) => ({ range: textAt(range, "cidrIp") })),
      ...items(at(permission, "ipv6Ranges")).map((range) => ({ range: textAt(range, "cidrIpv6") })),
      ...items(at(permission, "groups")).map((group) => ({ group: textAt(group, "groupId") ?? textAt(group, "groupName") })),
      ...items(at(permission, "prefixListIds")).map((prefixes) => ({ list: textAt(prefixes, "prefixListId") })),
      { range: textAt(permission, "cidrIp"), group: textAt(permission, "sourceSecurityGroupName") },
    ];
    return peers.flatMap((named) => {
      const peer = peerOf(named);
      const rule = {
        direction,
        protocol: protocolName(textAt(permission, "ipProtocol")),
        ...ports(at(permission, "fromPort"), at(permission, "toPort")),
      };
      return peer === undefined ? [] : [{ ...rule, peer }];
    });
  });
}

/** Whether two rules let the same traffic through, whatever they are called. EC2 keeps no two such rules in a group. */
export function sameTraffic(one: Rule, other: Rule): boolean {
  return trafficOf(one) === trafficOf(other);
}

/** A rule's traffic as one comparable text. */
export function trafficOf({ direction, protocol, fromPort, toPort, peer }: Rule): string {
  const [from, to] = protocol === "-1" ? [-1, -1] : [fromPort ?? -1, toPort ?? -1];
  return [direction, protocol, from, to, peer.kind, peer.kind === "range" ? peer.range.toLowerCase() : peer.id].join("|");
}
