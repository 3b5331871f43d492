import { reversed, type Step, stateOf } from "../security-groups/put-back";
import { type Rule, trafficOf } from "../security-groups/rule";
import { rulesInWords } from "../security-groups/words";
import { type ActAnswer, type ActParts, answerOf, readNow, readUntil } from "./act-parts";
import { isMade, isPending, stepsInWords } from "./ec2-calls";
import { logCalls, makeCalls } from "./make";
import type { Ec2 } from "./member";
import type { ChangeRecord } from "./record";
import { isGone, isRefusal, isStale, nameOf } from "./refusals";

/** Calls that are tried before somebody has to try again: others may change the group in between. */
const ATTEMPTS = 3;

/** Pause before the group is looked at again, in milliseconds. */
const PAUSE = 1_000;

/**
 * Undoes what tocsin did: gives the group exactly the rules that it had, if nothing else happened to it since. What is restored is accepted from then on, so that
 * nobody takes it back once more. Safe to repeat: an attempt after a crash does the rest.
 * @param by who wants it: a Slack user or an ARN.
 */
export async function undo(parts: ActParts, id: string, by: string): Promise<ActAnswer> {
  const known = await parts.table.change(id);
  const refused = whyNot(known, parts.now());
  if (known === undefined || refused !== undefined) {
    return answerOf(known, refused);
  }
  const { accepted, before: record = known } = await parts.table.updateStatus(id, ["put-back", "undoing"], "undoing", { undoneBy: by });
  if (!accepted) {
    return answerOf(record, whyNot(record, parts.now()));
  }
  const restored = reversed(record.steps);
  try {
    return await restore(parts, await parts.members(record.accountId, record.region, id), record, restored);
  } catch (error) {
    // What is accepted may be another change's, which somebody undid: it is not touched where this one never got so far.
    if (error instanceof Refused) return giveUp(parts, record, error.message);
    if (!isRefusal(error)) throw error;
    await parts.table.withdrawTraffic(record, restored.map(trafficRestored));
    return giveUp(parts, record, isGone(error) ? "the group is not there any more" : `EC2 refused: ${nameOf(error)}`);
  }
}

/** Why nothing is undone. */
class Refused extends Error {}

function whyNot(record: ChangeRecord | undefined, now: number): string | undefined {
  if (record === undefined) return "there is no such change";
  if (record.status === "undone") return `it was undone already${record.undoneBy === undefined ? "" : ` by ${record.undoneBy}`}`;
  if (record.status !== "put-back" && record.status !== "undoing") return "tocsin changed nothing that could be undone";
  return now > Date.parse(record.undoUntil) ? `it could be undone until ${record.undoUntil}` : undefined;
}

async function restore(parts: ActParts, ec2: Ec2, record: ChangeRecord, steps: readonly Step[]): Promise<ActAnswer> {
  const { id, groupId, after = "", undoneBy } = record;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { rules } = await readNow(parts, ec2, groupId);
    // Only an attempt that went before can have made them; else somebody else changed the group.
    const made = record.status === "undoing" || attempt > 0 ? steps.filter((step) => isMade(step, rules)) : [];
    if (made.length === steps.length) {
      logCalls(parts, record, made, true);
      return finish(parts, ec2, record, steps);
    }
    if (stateOf(rules) !== stateAfter(after, made)) {
      throw new Refused(`the group has changed since: ${difference(rules, stateAfter(after, made))}`);
    }
    const missing = steps.filter((step) => !made.includes(step));
    if (missing.some((step) => step.kind === "modify" && !isPending(step, rules))) {
      throw new Refused("the group has changed since: a rule was replaced by another one for the same traffic");
    }
    // Before the rules are there: neither guard nor sweep may find them without.
    await parts.table.acceptTraffic(record, steps.map(trafficRestored), parts.now());
    try {
      await makeCalls(parts, ec2, record, missing, true);
    } catch (error) {
      if (!isStale(error)) throw error;
      await parts.pause(PAUSE);
      continue;
    }
    return finish(parts, ec2, record, steps);
  }
  throw new Error(`group ${groupId} was changed by others all the time while change ${id} was undone for ${undoneBy}`);
}

async function finish(parts: ActParts, ec2: Ec2, record: ChangeRecord, steps: readonly Step[]): Promise<ActAnswer> {
  const read = await readUntil(parts, ec2, record.groupId, (rules) => !steps.some((step) => isPending(step, rules)));
  await parts.table.remember(record, read);
  await parts.table.updateStatus(record.id, ["undoing"], "undone", {}, ["undoRefused"]);
  return { status: "undone", done: stepsInWords(steps), untouched: [] };
}

/** The change stays put back; once the group is again as it was right after that, it can be undone all the same. */
async function giveUp({ table }: ActParts, record: ChangeRecord, why: string): Promise<ActAnswer> {
  await table.updateStatus(record.id, ["undoing"], "put-back", { undoRefused: why });
  return { status: "put-back", done: "", untouched: [], refused: why };
}

const restoredRule = (step: Step): Rule => (step.kind === "modify" ? step.to : step.rule);

const trafficRestored = (step: Step): string => trafficOf(restoredRule(step));

/** A group's state (`stateOf()`) after steps that restore something. */
function stateAfter(state: string, made: readonly Step[]): string {
  const traffic = state === "" ? [] : state.split("\n");
  for (const step of made) {
    const from = step.kind === "modify" ? traffic.indexOf(trafficOf(step.from)) : -1;
    if (from >= 0) traffic.splice(from, 1);
    traffic.push(trafficRestored(step));
  }
  return traffic.sort().join("\n");
}

/** What is there that was not, and how much is missing, in words. */
function difference(rules: readonly Rule[], expected: string): string {
  const traffic = expected.split("\n");
  const more = rules.filter((rule) => !traffic.includes(trafficOf(rule)));
  const there = new Set(rules.map(trafficOf));
  const missing = traffic.filter((one) => one !== "" && !there.has(one)).length;
  const said = [
    ...(more.length > 0 ? [`it has ${rulesInWords(more)}`] : []),
    ...(missing > 0 ? [`${missing} ${missing === 1 ? "rule is" : "rules are"} gone`] : []),
  ];
  return said.join(", and ") || "its rules are others";
}
