import { excludeCidr } from "cidr-tools";
import { isRange, type PrefixLists } from "./judge";
import type { Rule } from "./rule";

/** Whether a rule lets nothing through that another one does not let through as well. Where that cannot be told: no. */
export function opensNoMore(rule: Rule, than: Rule, prefixLists: PrefixLists = {}): boolean {
  return (
    rule.direction === than.direction &&
    (than.protocol === "-1" || (rule.protocol === than.protocol && within(portsOf(rule), portsOf(than)))) &&
    peersWithin(rule, than, prefixLists)
  );
}

type Ports = readonly [from: number, to: number];

/** All ports of a protocol are written in several ways. For ICMP these are a type and a code, of which only the same or all contain each other. */
const portsOf = ({ protocol, fromPort = -1, toPort = -1 }: Rule): Ports => {
  if (protocol === "tcp" || protocol === "udp") return fromPort < 0 ? [0, 65_535] : [fromPort, toPort];
  return fromPort < 0 ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : [fromPort + toPort / 1000, fromPort + toPort / 1000];
};

const within = ([from, to]: Ports, [first, last]: Ports): boolean => first <= from && to <= last;

function peersWithin({ peer }: Rule, { peer: other }: Rule, prefixLists: PrefixLists): boolean {
  if (peer.kind !== "range" && peer.kind === other.kind && peer.id === other.id) return true;
  const [ranges, others] = [rangesOf(peer, prefixLists), rangesOf(other, prefixLists)];
  return ranges !== undefined && others !== undefined && excludeCidr([...ranges], [...others]).length === 0;
}

function rangesOf(peer: Rule["peer"], prefixLists: PrefixLists): readonly string[] | undefined {
  const ranges = peer.kind === "range" ? [peer.range] : peer.kind === "prefix-list" ? prefixLists[peer.id] : undefined;
  return ranges?.every(isRange) ? ranges : undefined;
}
