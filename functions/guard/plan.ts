import { opensNoMore } from "../security-groups/compare";
import { judge, type PrefixLists, type RulePolicy } from "../security-groups/judge";
import { type Plan, planToPutBack, type Step } from "../security-groups/put-back";
import { type Rule, sameTraffic, trafficOf } from "../security-groups/rule";
import type { ChangeRecord } from "./record";

/** What is known when it is planned how to put a change back. */
export interface PlanKnown {
  /** The group's rules now. */
  readonly rules: readonly Rule[];
  /** Why the group is exempt, if it is by now. */
  readonly exempt: string | undefined;
  /** Traffic that somebody approved in this group. */
  readonly accepted: ReadonlySet<string>;
  readonly prefixLists: PrefixLists;
}

/** Plans how to put a change back: by the ids of its rules alone, and never so that something is opened that nobody approved. */
export function planFor(record: Pick<ChangeRecord, "offending" | "modified" | "before">, policy: RulePolicy, known: PlanKnown): Plan {
  const { offending, modified, before } = record;
  const reasons = offending.map((rule) => ({ rule, why: whyNotTouched(rule, known) }));
  const candidates = reasons.flatMap(({ rule, why }) => (why === undefined ? [rule] : []));
  const { steps, untouched } = planToPutBack(candidates, modified, { former: before, current: known.rules });
  const judged = steps.map((step) => ({ step, why: step.kind === "modify" ? whyNotRestored(step, policy, known) : undefined }));
  return {
    steps: judged.flatMap(({ step, why }) => (why === undefined ? [step] : [])),
    untouched: [
      ...reasons.flatMap(({ rule, why }) => (why === undefined ? [] : [{ rule, why }])),
      ...untouched,
      ...judged.flatMap(({ step, why }) => (why === undefined || step.kind !== "modify" ? [] : [{ rule: step.from, why }])),
    ],
  };
}

function whyNotTouched(rule: Rule, { exempt, accepted }: PlanKnown): string | undefined {
  if (exempt !== undefined) return exempt;
  if (accepted.has(trafficOf(rule))) return "it was approved since";
  // By its contents it could be one that somebody else added later.
  return rule.id === undefined ? "it was gone already when it was looked for" : undefined;
}

/** Why a rule may not have its former contents again: these open what nobody approved and what is closed now, or EC2 would refuse them. */
function whyNotRestored(step: Extract<Step, { kind: "modify" }>, policy: RulePolicy, known: PlanKnown): string | undefined {
  const { id, from, to } = step;
  if (known.rules.some((rule) => rule.id !== id && sameTraffic(rule, to))) return "what it was before is there as another rule";
  const mayReturn =
    opensNoMore(to, from, known.prefixLists) ||
    known.accepted.has(trafficOf(to)) ||
    judge(to, policy, known.prefixLists).verdict === "approved";
  return mayReturn ? undefined : "what it was before is not approved either";
}
