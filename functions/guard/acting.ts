import type { PrefixLists } from "../security-groups/judge";
import { type Plan, type Step, stateOf } from "../security-groups/put-back";
import { trafficOf } from "../security-groups/rule";
import { rulesInWords } from "../security-groups/words";
import { type ActAnswer, type ActParts, answerOf, distinct, type Read, readUntil } from "./act-parts";
import { isMade, isPending, stepsInWords } from "./ec2-calls";
import { exemptGroup } from "./exempt";
import { logCalls, makeCalls } from "./make";
import type { Ec2 } from "./member";
import { planFor } from "./plan";
import { readGroup, readPrefixLists } from "./read-group";
import { type ChangeRecord, type ChangeStatus, OPEN_STATUSES, type Untouched } from "./record";
import { isGone, isRefusal, isStale, nameOf, wasRepeated } from "./refusals";

/** Calls that are tried before the group has to be looked at by another attempt: others may change it in between. */
const ATTEMPTS = 3;

/** Pause before the group is looked at again, in milliseconds. */
const PAUSE = 1_000;

/**
 * Takes back what a change added, and nothing else, after another look at the group. Safe to repeat: what is about to be done is written down first, so that an
 * attempt after a crash knows what the crashed one may have done.
 * @param by who decided it; absent: the settings.
 */
export async function putBack(parts: ActParts, id: string, by?: string): Promise<ActAnswer> {
  const known = await parts.table.change(id);
  const refused = whyNot(known);
  if (known === undefined || known.status === "put-back" || refused !== undefined) {
    return answerOf(known, refused);
  }
  const details = by === undefined ? {} : { decidedBy: by };
  const { accepted, before: record = known } = await parts.table.updateStatus(id, OPEN_STATUSES, "acting", details, ["token"]);
  if (!accepted) {
    return answerOf(record, whyNot(record));
  }
  try {
    return await act(parts, await parts.members(record.accountId, record.region, id), record);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const why = isGone(error) ? "the group is not there any more" : `EC2 refused: ${nameOf(error)}`;
    const untouched = [{ what: rulesInWords(record.offending), why }];
    return finish(parts, record, { status: isGone(error) ? "not-touched" : "failed", done: [], untouched });
  }
}

const NOT_OPEN: Readonly<Partial<Record<ChangeStatus, string>>> = {
  kept: "it was approved",
  undoing: "putting it back is being undone",
  undone: "putting it back was undone",
  closed: "what it opened was closed already",
};

/** Why a change is not put back; undefined if it may be, or was. */
function whyNot(record: ChangeRecord | undefined): string | undefined {
  if (record === undefined) return "there is no such change";
  const { status, touchable, exempt, unread, mode, found } = record;
  if (status === "put-back") return undefined;
  if (!OPEN_STATUSES.includes(status)) return exempt ?? NOT_OPEN[status];
  if (touchable) return undefined;
  if (found === "sweep") return "no event says who added it, and whether anything was added at all";
  return unread ?? (mode === "alert" ? "the settings say to tell only" : "it was made again and again");
}

async function act(parts: ActParts, ec2: Ec2, record: ChangeRecord): Promise<ActAnswer> {
  const { id, groupId } = record;
  const lists = await listsFor(ec2, record);
  let planned = record.planned ?? [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { plan, ...read } = await look(parts, ec2, record, lists);
    // Written down before and made: by an attempt that crashed, as far as anybody can tell.
    const made = planned.filter((step) => isMade(step, read.rules));
    if (plan.steps.length === 0) {
      logCalls(parts, record, made, false);
      return finish(parts, record, { status: made.length > 0 ? "put-back" : "not-touched", done: made, untouched: said(plan, made), read });
    }
    await parts.table.updateStatus(id, ["acting"], "acting", { planned: distinct([...planned, ...plan.steps]) });
    try {
      await makeCalls(parts, ec2, record, plan.steps, false);
    } catch (error) {
      if (!isStale(error)) throw error;
      planned = wasRepeated(error) ? distinct([...planned, ...plan.steps]) : planned;
      await parts.pause(PAUSE);
      continue;
    }
    const done = distinct([...made, ...plan.steps]);
    const after = await readUntil(parts, ec2, groupId, (rules) => !plan.steps.some((step) => isPending(step, rules)));
    return finish(parts, record, { status: "put-back", done, untouched: said(plan, done), read: after });
  }
  throw new Error(`group ${groupId} was changed by others all the time`);
}

/** Looks at the group, and plans. Everything is asked again: a person may have taken half an hour to decide. */
async function look(
  { settings, table, now }: ActParts,
  ec2: Ec2,
  record: ChangeRecord,
  prefixLists: PrefixLists,
): Promise<Read & { plan: Plan }> {
  const { exemptTag } = settings;
  const seenAt = new Date(now()).toISOString();
  const group = await readGroup(ec2, record.groupId, exemptTag !== undefined);
  const exemption = exemptGroup({ ...(exemptTag !== undefined && { exemptTag }) }, group);
  const plan = planFor(record, settings, {
    rules: group.rules,
    exempt: exemption.exempt === true ? exemption.why : undefined,
    accepted: await table.acceptedTraffic(record, now()),
    prefixLists,
  });
  return { rules: group.rules, seenAt, plan };
}

/** The prefix lists that a rule would name again. */
async function listsFor(ec2: Ec2, { before = [], offending }: ChangeRecord): Promise<PrefixLists> {
  const ids = [...before, ...offending].flatMap(({ peer }) => (peer.kind === "prefix-list" ? [peer.id] : []));
  return ids.length === 0 ? {} : readPrefixLists(ec2, ids, isRefusal);
}

/** What was left alone, in words; what tocsin did is none of it. */
function said({ untouched }: Plan, done: readonly Step[]): readonly Untouched[] {
  const ids = new Set(done.flatMap((step) => (step.kind === "modify" ? [step.id] : [step.rule.id])));
  return untouched
    .filter(({ rule }) => rule.id === undefined || !ids.has(rule.id))
    .map(({ rule, why }) => ({ what: rulesInWords([rule]), why }));
}

interface Outcome {
  readonly status: ChangeStatus;
  readonly done: readonly Step[];
  readonly untouched: readonly Untouched[];
  /** The group after that; absent if it could not be read. */
  readonly read?: Read;
}

async function finish({ table }: ActParts, record: ChangeRecord, { status, done, untouched, read }: Outcome): Promise<ActAnswer> {
  // Before the status: a change of the same rule that comes next is put back to what is there now, and nobody looks again once the status says that it is done.
  if (read !== undefined) await table.remember(record, read);
  const after = read === undefined ? {} : { after: stateOf(read.rules) };
  await table.updateStatus(record.id, ["acting"], status, { steps: done, untouched, ...after }, ["planned"]);
  return { status, done: stepsInWords(done), untouched };
}

/** Leaves a change as it is: because somebody approved it, or because nobody answered. */
export async function keep({ table, now }: ActParts, id: string, by?: string): Promise<ActAnswer> {
  const known = await table.change(id);
  if (known === undefined || known.status === "kept") {
    return answerOf(known, known === undefined ? "there is no such change" : undefined);
  }
  if (by === undefined) {
    const { accepted, before } = await table.updateStatus(id, ["told", "asked", "acting"], "told", {}, ["token"]);
    return accepted ? { status: "told", done: "", untouched: [] } : answerOf(before, "it is no longer asked about");
  }
  const { accepted, before = known } = await table.updateStatus(id, OPEN_STATUSES, "acting", { decidedBy: by }, ["token"]);
  if (!accepted) {
    return answerOf(before, before.status === "put-back" ? "it was put back already" : NOT_OPEN[before.status]);
  }
  await table.acceptTraffic(known, known.offending.map(trafficOf), now());
  await table.updateStatus(id, ["acting"], "kept");
  return { status: "kept", done: `approved ${rulesInWords(known.offending)}`, untouched: [] };
}
