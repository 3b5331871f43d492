import { excludeCidr } from "cidr-tools";
import type { Rule } from "./rule";

/** What the settings approve (`tocsin:securityGroupGuard`). */
export interface RulePolicy {
  /** Ranges that any port may be open to. */
  readonly approvedRanges: readonly string[];
  /** Ports that may be open to the world. */
  readonly publicPorts: readonly number[];
}

/** The ranges of prefix lists, by id. */
export type PrefixLists = Readonly<Record<string, readonly string[]>>;

/** What is to be said of a rule. */
export type Verdict =
  | { readonly verdict: "approved" }
  /** Addresses that nobody approved may come in: those ranges. */
  | { readonly verdict: "unapproved"; readonly ranges: readonly string[] }
  /** It cannot be judged: what it lets in could not be read. */
  | { readonly verdict: "unknown"; readonly why: string };

/**
 * Judges one rule: unapproved is an ingress rule that lets a range in which is not within the approved ones (taken together: two halves make a whole), on any port
 * outside the public ones. Ranges are compared as sets of addresses, never as text, so that `0.0.0.0/1` and `128.0.0.0/1` are as open as they are.
 * Members of another security group come in by their addresses inside a VPC, which no range opens to the world: approved. Egress is told, never judged.
 */
export function judge(rule: Rule, policy: RulePolicy, prefixLists: PrefixLists = {}): Verdict {
  if (rule.direction === "egress" || rule.peer.kind === "group" || isPublic(rule, policy.publicPorts)) {
    return { verdict: "approved" };
  }
  const ranges = rule.peer.kind === "range" ? [rule.peer.range] : prefixLists[rule.peer.id];
  if (ranges === undefined) {
    return {
      verdict: "unknown",
      why: `the ranges of prefix list ${rule.peer.kind === "prefix-list" ? rule.peer.id : ""} could not be read`,
    };
  }
  const unreadable = ranges.find((range) => !isRange(range));
  if (unreadable !== undefined) {
    return { verdict: "unknown", why: `${JSON.stringify(unreadable.slice(0, 50))} is no address range` };
  }
  const open = excludeCidr([...ranges], [...policy.approvedRanges]);
  return open.length === 0 ? { verdict: "approved" } : { verdict: "unapproved", ranges: open };
}

/** Whether the rule opens nothing but ports that may be open to the world. Only TCP and UDP have ports. */
function isPublic({ protocol, fromPort, toPort }: Rule, publicPorts: readonly number[]): boolean {
  if ((protocol !== "tcp" && protocol !== "udp") || fromPort === undefined || toPort === undefined || fromPort < 0 || toPort < fromPort) {
    return false;
  }
  // A range that is longer than the list cannot lie within it, and would take long to count through.
  return toPort - fromPort < publicPorts.length && every(fromPort, toPort, (port) => publicPorts.includes(port));
}

function every(from: number, to: number, holds: (port: number) => boolean): boolean {
  for (let port = from; port <= to; port++) {
    if (!holds(port)) return false;
  }
  return true;
}

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;
const V6 = /^[\da-f:.]{2,45}\/(\d{1,3})$/i;

/** Whether a text is an address range; the library that computes with them takes that for granted. */
export function isRange(text: string): boolean {
  const v4 = V4.exec(text);
  if (v4) {
    return v4.slice(1, 5).every((byte) => Number(byte) <= 255) && Number(v4[5]) <= 32;
  }
  const [, prefix] = V6.exec(text) ?? [];
  return prefix !== undefined && Number(prefix) <= 128 && URL.canParse(`http://[${text.slice(0, text.indexOf("/"))}]`);
}
