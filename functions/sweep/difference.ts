import type { GroupMemory } from "../guard/memory";
import { type Rule, trafficOf } from "../security-groups/rule";
import type { ByGroup } from "./offences";

/** Ids of the groups whose rules are not as they are remembered: changed, new, or gone. */
export const differing = (rules: ByGroup<Rule>, memory: ReadonlyMap<string, GroupMemory>): readonly string[] =>
  [...new Set([...rules.keys(), ...memory.keys()])].filter((groupId) => {
    const known = memory.get(groupId);
    return known === undefined || isDifferent(rules.get(groupId) ?? [], known.rules);
  });

/** Whether rules differ in anything that is remembered of them; their order counts for nothing. */
export const isDifferent = (one: readonly Rule[], other: readonly Rule[]): boolean =>
  one.length !== other.length || textOf(one) !== textOf(other);

const textOf = (rules: readonly Rule[]): string =>
  JSON.stringify(rules.map((rule) => [rule.id, trafficOf(rule), rule.description ?? ""].join("|")).sort());
