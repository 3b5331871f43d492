import { mergeCidr, parseCidr } from "cidr-tools";
import type { Severity } from "../finding";
import type { Rule } from "../security-groups/rule";

/** A rule that lets in what nobody approved: those ranges; undefined if it cannot be judged. */
export interface Open {
  readonly rule: Rule;
  readonly ranges: readonly string[] | undefined;
}

/** Ports of administration and databases, which nobody means to offer to the world. */
const SENSITIVE = [22, 23, 445, 1433, 1521, 3306, 3389, 5432, 5985, 5986, 6379, 9200, 11_211, 27_017];

/** As many addresses as a /8 has; of IPv6 as a /16 has, which is more than any provider was given. */
const WORLD = { 4: 2n ** 24n, 6: 2n ** 112n } as const;

/** How grave it is that rules let in what nobody approved: by whom they let in, taken together, and by the ports. What cannot be judged is HIGH. */
export function severityOf(open: readonly Open[]): Severity {
  if (open.length === 0) return "INFORMATIONAL";
  if (isWorld(open.filter(({ rule }) => isSensitive(rule)))) return "CRITICAL";
  return isWorld(open) || open.some(({ ranges }) => ranges === undefined) ? "HIGH" : "MEDIUM";
}

/** Whether a rule opens all traffic, or a sensitive port among others. */
function isSensitive({ protocol, fromPort = -1, toPort = -1 }: Rule): boolean {
  if (protocol === "-1") return true;
  if (protocol !== "tcp" && protocol !== "udp") return false;
  return fromPort < 0 || SENSITIVE.some((port) => fromPort <= port && port <= toPort);
}

function isWorld(open: readonly Open[]): boolean {
  const parsed = mergeCidr(open.flatMap(({ ranges = [] }) => ranges)).map((range) => parseCidr(range));
  return ([4, 6] as const).some((version) => {
    const addresses = parsed.filter((range) => range.version === version).reduce((sum, { start, end }) => sum + end - start + 1n, 0n);
    return addresses >= WORLD[version];
  });
}
