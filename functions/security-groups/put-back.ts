import { type Rule, sameTraffic, trafficOf } from "./rule";

/** A call on a group that changes one rule. */
export type Step =
  /** Takes the rule away, by its id. */
  | { readonly kind: "revoke"; readonly rule: Rule & { readonly id: string } }
  /** Adds a rule; EC2 gives it a new id. */
  | { readonly kind: "authorize"; readonly rule: Rule }
  /** Turns a rule into another one under the same id. */
  | { readonly kind: "modify"; readonly id: string; readonly from: Rule; readonly to: Rule };

/** What is to be done, and what is not touched, with the reason. */
export interface Plan {
  readonly steps: readonly Step[];
  readonly untouched: readonly { readonly rule: Rule; readonly why: string }[];
}

/** A group's rules at two moments. */
export interface GroupStates {
  /** Before the change, as far as it is known from earlier events and sweeps; undefined where it is not. */
  readonly former: readonly Rule[] | undefined;
  /** Now, as EC2 answers. */
  readonly current: readonly Rule[];
}

/**
 * Plans how to take back what a change added, and nothing else: a rule is touched only if it is there as the change made it. Where that is not certain it is left
 * alone, and people are told.
 * @param offending rules that the change added or, with `modified`, wrote over.
 */
export function planToPutBack(offending: readonly Rule[], modified: boolean, states: GroupStates): Plan {
  const planned = offending.map((rule) => (modified ? restoring(rule, states) : revoking(rule, states)));
  return {
    steps: planned.flatMap(({ step }) => (step === undefined ? [] : [step])),
    untouched: planned.flatMap(({ rule, why }) => (why === undefined ? [] : [{ rule, why }])),
  };
}

interface Planned {
  readonly rule: Rule;
  readonly step?: Step;
  readonly why?: string;
}

function revoking(rule: Rule, { former, current }: GroupStates): Planned {
  if (rule.direction !== "ingress") return { rule, why: "only ingress is put back" };
  const there = current.find((candidate) => (rule.id === undefined ? sameTraffic(candidate, rule) : candidate.id === rule.id));
  if (there?.id === undefined) return { rule, why: "it is gone already" };
  if (!sameTraffic(there, rule)) return { rule, why: "it was changed again since" };
  if (former?.some((known) => known.id === there.id)) return { rule, why: "it was there before this change" };
  return { rule, step: { kind: "revoke", rule: { ...there, id: there.id } } };
}

function restoring(rule: Rule, { former, current }: GroupStates): Planned {
  const there = current.find(({ id }) => id !== undefined && id === rule.id);
  if (there?.id === undefined) return { rule, why: "it is gone already" };
  if (there.direction !== "ingress") return { rule, why: "only ingress is put back" };
  if (!sameTraffic(there, { ...rule, direction: there.direction })) return { rule, why: "it was changed again since" };
  const before = former?.find(({ id }) => id === rule.id);
  if (before === undefined) return { rule, why: "what it was before is not known" };
  if (sameTraffic(before, there)) return { rule, why: "its traffic did not change" };
  return { rule, step: { kind: "modify", id: there.id, from: there, to: before } };
}

/** The calls that reverse others, last first. */
export const reversed = (steps: readonly Step[]): Step[] => steps.map(reverse).reverse();

function reverse(step: Step): Step {
  switch (step.kind) {
    case "revoke": {
      const { id: _, ...rule } = step.rule;
      return { kind: "authorize", rule };
    }
    case "authorize":
      throw new Error("a rule that is yet to be added has no id to revoke it by");
    case "modify":
      return { kind: "modify", id: step.id, from: step.to, to: step.from };
  }
}

/** All the traffic that a group lets through, as one comparable text: the same for the same rules in any order, whatever their ids are. */
export const stateOf = (rules: readonly Rule[]): string => rules.map(trafficOf).sort().join("\n");
