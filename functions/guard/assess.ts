import type { Severity } from "../finding";
import type { Change } from "../security-groups/change";
import { opensNoMore } from "../security-groups/compare";
import { judge, type PrefixLists, type RulePolicy } from "../security-groups/judge";
import { type Rule, sameTraffic, trafficOf } from "../security-groups/rule";
import { changeInWords, rulesInWords } from "../security-groups/words";
import { type GroupMemory, ruleBefore, ruleBeforeWriting } from "./memory";
import { type Open, severityOf } from "./severity";

/** What is known when a change is judged. */
export interface Known {
  /** The group's rules now; undefined if they could not be read. */
  readonly rules: readonly Rule[] | undefined;
  /** What was remembered of the group. */
  readonly memory: GroupMemory | undefined;
  /** Traffic that somebody approved in this group. */
  readonly accepted: ReadonlySet<string>;
  readonly prefixLists: PrefixLists;
}

/** What is to be said of a change. */
export interface Assessment {
  /** Rules that let in what nobody approved, or that could not be judged. None: the change is harmless. */
  readonly offending: readonly Rule[];
  readonly modified: boolean;
  /** The rules that it touched as they were before; undefined if that is not known. */
  readonly before: readonly Rule[] | undefined;
  /** In words, without a subject. */
  readonly judged: string;
  readonly severity: Severity;
  /** Why it could not be judged. */
  readonly unread?: string;
}

/** The ingress rules that a change added or wrote over, with their ids as far as these are known. */
export interface Touched {
  readonly rules: readonly Rule[];
  /** Why not all of them could be read. */
  readonly unread?: string;
}

/** Judges what a change added or wrote over. What it made narrower, or left open as it was, is no offence of its own. */
export function assess(change: Change, policy: RulePolicy, known: Known): Assessment {
  const { rules, unread } = touchedBy(change, known);
  const modified = change.call === "ModifySecurityGroupRules";
  const verdicts = rules
    .filter((rule) => !known.accepted.has(trafficOf(rule)) && !(modified && isNarrower(rule, change, known)))
    .map((rule) => ({ rule, verdict: judge(rule, policy, known.prefixLists) }))
    .filter(({ verdict }) => verdict.verdict !== "approved");
  const open: Open[] = verdicts.map(({ rule, verdict }) => ({
    rule,
    ranges: verdict.verdict === "unapproved" ? verdict.ranges : undefined,
  }));
  const offending = verdicts.map(({ rule }) => rule);
  const reasons = [...new Set([unread, ...verdicts.map(({ verdict }) => (verdict.verdict === "unknown" ? verdict.why : undefined))])];
  const why = reasons.filter((reason) => reason !== undefined).join("; ");
  return {
    offending,
    modified,
    before: beforeOf(offending, change, known.memory),
    judged: inWords(change, offending, known),
    severity: unread !== undefined && offending.length === 0 ? "HIGH" : severityOf(open),
    ...(why !== "" && { unread: why }),
  };
}

/** Finds the ingress rules that a change added or wrote over. */
export function touchedBy(change: Change, { rules, memory }: Pick<Known, "rules" | "memory">): Touched {
  switch (change.call) {
    case "AuthorizeSecurityGroupIngress": {
      const added = change.added.filter(({ direction }) => direction === "ingress");
      const named = added.map((rule) => withId(rule, rules));
      return { rules: named, ...(change.added.length === 0 && { unread: "the event does not say what was added" }) };
    }
    case "ModifySecurityGroupRules": {
      const found = change.ruleIds.map((id) => writtenOver(id, change, rules, memory));
      const isIncomplete = found.length === 0 || found.includes(undefined);
      return {
        rules: found.filter((rule) => rule?.direction === "ingress") as Rule[],
        ...(isIncomplete && { unread: "the event does not say what was changed" }),
      };
    }
    default:
      return { rules: [] };
  }
}

/** Requests name rules by their contents, of which a group has each at most once. */
function withId(rule: Rule, rules: readonly Rule[] | undefined): Rule {
  const id = rule.id ?? rules?.find((there) => sameTraffic(there, rule))?.id;
  return id === undefined ? rule : { ...rule, id };
}

/** A rule as it was written over: as the event says, in the direction that it has. */
function writtenOver(id: string, { added }: Change, rules: readonly Rule[] | undefined, memory: GroupMemory | undefined): Rule | undefined {
  const there = rules?.find((rule) => rule.id === id);
  const direction = (there ?? memory?.rules.find((rule) => rule.id === id))?.direction;
  const written = added.find((rule) => rule.id === id);
  return written === undefined ? there : { ...written, direction: direction ?? written.direction };
}

function isNarrower(rule: Rule, { at }: Change, { memory, prefixLists }: Known): boolean {
  const former = rule.id === undefined ? undefined : ruleBeforeWriting(memory, rule.id, rule, at);
  return former !== undefined && opensNoMore(rule, former, prefixLists);
}

/**
 * What the offending rules were before. An event says itself that it added a rule, and EC2 gives no id twice: only what was read before that time can contradict it.
 */
function beforeOf(offending: readonly Rule[], { at, call }: Change, memory: GroupMemory | undefined): readonly Rule[] | undefined {
  const modified = call === "ModifySecurityGroupRules";
  const known = offending.flatMap((rule) => {
    if (rule.id === undefined) return [];
    return (modified ? ruleBeforeWriting(memory, rule.id, rule, at) : ruleBefore(memory, rule.id, at)) ?? [];
  });
  return modified && known.length === 0 ? undefined : known;
}

function inWords(change: Change, offending: readonly Rule[], { memory }: Known): string {
  if (offending.length === 0) return changeInWords(change);
  const said = changeInWords({ ...change, added: offending, ruleIds: offending.flatMap(({ id }) => id ?? []) });
  const before = change.call === "ModifySecurityGroupRules" ? (beforeOf(offending, change, memory) ?? []) : [];
  return before.length === 0 ? said : `${said} (before: ${rulesInWords(before)})`;
}
