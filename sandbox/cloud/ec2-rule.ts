import { isIPv4, isIPv6 } from "node:net";
import { normalizeCidr } from "cidr-tools";
import { ServiceError } from "../types";
import { list, text, type Values, values } from "./ec2-emulator";

/** Whom a rule lets in or out: exactly one of these. */
export type Peer =
  | { readonly cidrIpv4: string }
  | { readonly cidrIpv6: string }
  | { readonly prefixListId: string }
  | { readonly referencedGroupInfo: { readonly groupId: string; readonly userId: string } };

/** What a rule says, whichever group it is in. Ports are -1 where they mean nothing. */
export interface RuleBody {
  readonly ipProtocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly peer: Peer;
  readonly description?: string;
}

/** A rule of a group. */
export interface GroupRule extends RuleBody {
  readonly id: string;
  readonly isEgress: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

const invalid = (message: string): ServiceError => new ServiceError("InvalidParameterValue", message);

const PROTOCOLS: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", all: "-1" };

function protocolOf(given: string): string {
  const name = PROTOCOLS[given.toLowerCase()] ?? given.toLowerCase();
  if (!/^(?:-1|tcp|udp|icmp|icmpv6|\d{1,3})$/.test(name) || Number(name) > 255)
    throw invalid(`Invalid value '${given}' for IP protocol. Unknown protocol.`);
  return name;
}

function portsOf(protocol: string, from: unknown, to: unknown): { readonly fromPort: number; readonly toPort: number } {
  if (protocol === "icmp" || protocol === "icmpv6") return { fromPort: Number(from ?? -1), toPort: Number(to ?? -1) };
  if (protocol !== "tcp" && protocol !== "udp") return { fromPort: -1, toPort: -1 };
  if (from === undefined || to === undefined)
    throw invalid("Invalid value for portRange. Must specify both from and to ports with TCP/UDP.");
  const [fromPort, toPort] = [Number(from), Number(to)];
  if (!(fromPort >= 0 && toPort <= 65_535 && fromPort <= toPort)) throw invalid(`Invalid TCP/UDP port range (${fromPort}:${toPort})`);
  return { fromPort, toPort };
}

/** A range as EC2 keeps it: the bits of hosts are dropped. */
function cidrOf(given: string, isAddress: (address: string) => boolean): string {
  const [address = "", bits = ""] = given.split("/");
  if (!isAddress(address) || !/^\d{1,3}$/.test(bits) || Number(bits) > (isAddress === isIPv4 ? 32 : 128))
    throw invalid(`CIDR block ${given} is malformed`);
  return normalizeCidr(given);
}
const ipv4 = (given: string): Peer => ({ cidrIpv4: cidrOf(given, isIPv4) });
const ipv6 = (given: string): Peer => ({ cidrIpv6: cidrOf(given, isIPv6) });

const said = (description: unknown): { readonly description?: string } =>
  text(description) === "" ? {} : { description: text(description) };

/** The rules that `IpPermissions`, or the flat fields of older requests, ask for. @param account of the caller */
export function rulesOfRequest(input: Values, account: string): readonly RuleBody[] {
  const permissions = list(input.IpPermissions).map(values);
  return (permissions.length > 0 ? permissions : [flat(input)]).flatMap((permission) => {
    const ipProtocol = protocolOf(text(permission.IpProtocol));
    const traffic = { ipProtocol, ...portsOf(ipProtocol, permission.FromPort, permission.ToPort) };
    const each = (name: string, peer: (one: Values) => Peer): RuleBody[] =>
      list(permission[name]).map((one) => ({ ...traffic, peer: peer(values(one)), ...said(values(one).Description) }));
    return [
      ...each("IpRanges", ({ CidrIp }) => ipv4(text(CidrIp))),
      ...each("Ipv6Ranges", ({ CidrIpv6 }) => ipv6(text(CidrIpv6))),
      ...each("Groups", ({ GroupId, UserId }) => ({ referencedGroupInfo: { groupId: text(GroupId), userId: text(UserId) || account } })),
      ...each("PrefixListIds", ({ PrefixListId }) => ({ prefixListId: text(PrefixListId) })),
    ];
  });
}

const flat = ({ IpProtocol, FromPort, ToPort, CidrIp }: Values): Values => ({
  IpProtocol: IpProtocol ?? "-1",
  FromPort,
  ToPort,
  IpRanges: CidrIp === undefined ? [] : [{ CidrIp }],
});

/** What ModifySecurityGroupRules turns a rule into. The kind of peer stays what it was. */
export function modified(rule: GroupRule, request: Values, account: string): GroupRule {
  const { CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupId } = request;
  const peers: Peer[] = [
    ...(CidrIpv4 === undefined ? [] : [ipv4(text(CidrIpv4))]),
    ...(CidrIpv6 === undefined ? [] : [ipv6(text(CidrIpv6))]),
    ...(PrefixListId === undefined ? [] : [{ prefixListId: text(PrefixListId) }]),
    ...(ReferencedGroupId === undefined ? [] : [{ referencedGroupInfo: { groupId: text(ReferencedGroupId), userId: account } }]),
  ];
  const [peer] = peers;
  if (peer === undefined)
    throw new ServiceError(
      "MissingParameter",
      "The request must contain exactly one of: cidrIp, cidrIpv6, prefixListId, or referencedGroupId",
    );
  if (peers.length > 1)
    throw new ServiceError(
      "InvalidParameterCombination",
      "Only one of cidrIp, cidrIpv6, prefixListId, or referencedGroupId can be specified",
    );
  const [kind, former] = [peer, rule.peer].map((one) => Object.keys(one)[0]);
  if (kind !== former)
    throw invalid(
      `Invalid rule type for security group rule '${rule.id}'. You may not specify ${kind} for an existing rule with ${former}.`,
    );
  if (request.IpProtocol === undefined)
    throw invalid("Invalid value 'null' for protocol. VPC security group rules must specify protocols explicitly.");
  const ipProtocol = protocolOf(text(request.IpProtocol));
  const { id, isEgress, tags } = rule;
  return { id, isEgress, tags, ipProtocol, ...portsOf(ipProtocol, request.FromPort, request.ToPort), peer, ...said(request.Description) };
}

/** What makes two rules of a group and direction the same one. */
export const trafficOf = ({ ipProtocol, fromPort, toPort, peer }: RuleBody): string =>
  JSON.stringify([ipProtocol, fromPort, toPort, ...(Object.entries(peer)[0] ?? [])]);

/** As EC2's error messages name a rule. */
export function ruleInWords({ ipProtocol, fromPort, toPort, peer }: RuleBody): string {
  const [who] = Object.values(peer) as (string | { readonly groupId: string })[];
  const ports = fromPort === -1 ? "" : `, from port: ${fromPort}, to port: ${toPort}`;
  return `peer: ${typeof who === "object" ? who.groupId : who}, ${ipProtocol === "-1" ? "ALL" : ipProtocol.toUpperCase()}${ports}, ALLOW`;
}
