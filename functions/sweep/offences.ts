import type { ChangeRecord } from "../guard/record";
import type { Open } from "../guard/severity";
import { judge, type PrefixLists, type RulePolicy, type Verdict } from "../security-groups/judge";
import { type Rule, sameTraffic, trafficOf } from "../security-groups/rule";

/** A rule that lets in what nobody approved, or that cannot be judged, and why not. */
export interface Offence extends Open {
  readonly why?: string;
}

/** Something for each of several groups, by their ids. */
export type ByGroup<T> = ReadonlyMap<string, readonly T[]>;

export interface Judged {
  readonly rules: ByGroup<Rule>;
  /** Traffic that somebody approved, by group. */
  readonly accepted: ReadonlyMap<string, ReadonlySet<string>>;
  readonly policy: RulePolicy;
  readonly prefixLists?: PrefixLists;
}

/** Judges all rules, also those that are as they were: the guard judges what an event added and remembers the rest unseen, and what the settings approve changes, too. */
export function offences({ rules, accepted, policy, prefixLists = {} }: Judged): ByGroup<Offence> {
  const known = new Map<string, Verdict>();
  const verdictOn = (rule: Rule, traffic: string): Verdict => {
    const verdict = known.get(traffic) ?? judge(rule, policy, prefixLists);
    known.set(traffic, verdict);
    return verdict;
  };
  return filled(rules, (rule, groupId) => {
    const traffic = trafficOf(rule);
    const verdict = accepted.get(groupId)?.has(traffic) === true ? undefined : verdictOn(rule, traffic);
    switch (verdict?.verdict) {
      case "unapproved":
        return { rule, ranges: verdict.ranges };
      case "unknown":
        return { rule, ranges: undefined, why: verdict.why };
      default:
        return undefined;
    }
  });
}

/** The prefix lists without which rules cannot be judged. */
export const listsFor = (found: ByGroup<Offence>): readonly string[] => [
  ...new Set([...found.values()].flat().flatMap(({ rule }) => (rule.peer.kind === "prefix-list" ? [rule.peer.id] : []))),
];

/** What no open change is about: nobody was told of it. */
export const untold = (found: ByGroup<Offence>, open: ByGroup<ChangeRecord>): ByGroup<Offence> =>
  filled(found, (offence, groupId) => (open.get(groupId)?.some((change) => isAbout(change, offence.rule)) ? undefined : offence));

const isAbout = ({ offending }: ChangeRecord, there: Rule): boolean =>
  offending.some((rule) => (rule.id === undefined || rule.id === there.id) && sameTraffic(rule, there));

/** What is made of each item, without groups of which nothing is. */
function filled<From, To>(all: ByGroup<From>, make: (item: From, groupId: string) => To | undefined): ByGroup<To> {
  const made = new Map<string, readonly To[]>();
  for (const [groupId, items] of all) {
    const some = items.flatMap((item) => make(item, groupId) ?? []);
    if (some.length > 0) made.set(groupId, some);
  }
  return made;
}
