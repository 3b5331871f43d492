import { closeGone, isThere } from "../guard/closing";
import type { GuardParts } from "../guard/guarding";
import type { Ec2, Members } from "../guard/member";
import { readProtects } from "../guard/protects";
import { readPrefixLists, readRules } from "../guard/read-group";
import { type ChangeRecord, type GroupPlace, isOpen, type Protects } from "../guard/record";
import { isRefusal } from "../guard/refusals";
import type { GuardSettings } from "../guard/settings";
import type { GuardTable, PlaceMemory } from "../guard/table";
import { type log, messageOf } from "../log";
import type { Rule } from "../security-groups/rule";
import { eachOf } from "../storms/each-of";
import { differing } from "./difference";
import { withoutExempt } from "./exempt";
import { foundChange } from "./found";
import { type ByGroup, listsFor, type Offence, offences, untold } from "./offences";
import { MOST_SUSPECTS, type SweptPlace, suspicion } from "./place";
import { type GroupFacts, readAllGroups, readAllRules } from "./read-place";
import { remember } from "./remember";
import { answered, Unswept } from "./unswept";

export interface SweepingParts {
  readonly settings: GuardSettings;
  readonly members: Members;
  readonly table: Pick<GuardTable, "place" | "change" | "putChange" | "openChanges" | "updateStatus" | "remember" | "forget">;
  /** Starts the workflow "guard" by this name. That it was started before is success. */
  readonly start: GuardParts["start"];
  /** Sends somebody to a place once more, after some seconds. */
  readonly again: (place: SweptPlace, seconds: number) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: typeof log;
}

/**
 * How long after the first look the second one is, in seconds. What is open in both of them and no event told of by then is told: an event takes some minutes, so that
 * most of what a first look alone would tell is told by the guard just after, with the name of who did it.
 */
export const SECOND_LOOK = 300;

/** How old a sweep may be, in milliseconds: after an outage the next one has begun, and does everything that this one left. */
const LATE = 3_600_000;

/** How long a telling is made sure of, in milliseconds: it is started under the change's name, so once more does no harm. */
const UNSURE = 3 * 3_600_000;

/** Looks at the security groups of one account and Region, and tells what nobody told of. Nothing is ever changed there. */
export class Sweeping {
  constructor(private readonly parts: SweepingParts) {}

  /**
   * One look at a place. What it throws is worth another try; a place that does not let itself be looked at is logged, and left until the next sweep.
   * @returns false for a place that should have been looked at, and was not.
   */
  async run(place: SweptPlace): Promise<boolean> {
    try {
      if (this.parts.now() - Date.parse(place.planned) > LATE) {
        throw new Unswept("it was waited for longer than an hour");
      }
      await this.look(place);
      return true;
    } catch (error) {
      if (!(error instanceof Unswept)) {
        throw error;
      }
      const { accountId, region, isNew } = place;
      this.parts.log({ kind: "unswept", accountId, region, isNew, error: error.message });
      return isNew === true;
    }
  }

  private async look(place: SweptPlace): Promise<void> {
    const { accountId, region } = place;
    const { table, members, now } = this.parts;
    // Before EC2 is asked: what the guard takes back meanwhile is then either no longer there, or known to be its business.
    const memory = await table.place(accountId, region, now());
    const changes = await this.changes(memory);
    const open = new Map([...changes].map(([groupId, all]) => [groupId, all.filter(isOpen)]));
    const seenAt = new Date(now()).toISOString();
    const ec2 = await answered(() => members(accountId, region, "sweep"));
    const rules = await answered(() => readAllRules(ec2, accountId));
    const found = untold(await this.offences(ec2, rules, memory), open);
    if (found.size > 0 || differing(rules, memory.groups).length > 0) {
      const groups = await answered(() => readAllGroups(ec2, accountId));
      await remember(table, place, { seenAt, rules, groups, memory }, now());
      await this.found(place, ec2, groups, found);
    }
    await this.close(place, ec2, rules, changes);
    await this.makeSure([...open.values()].flat());
  }

  /** The changes that are open, as far as the groups know. */
  private async changes({ open }: PlaceMemory): Promise<ByGroup<ChangeRecord>> {
    const records = new Map<string, ChangeRecord[]>();
    await eachOf([...open], async ([groupId, ids]) => {
      const known = await Promise.all(ids.map((id) => this.parts.table.change(id)));
      records.set(
        groupId,
        known.filter((change) => change !== undefined),
      );
    });
    return records;
  }

  private async offences(ec2: Ec2, rules: ByGroup<Rule>, { accepted }: PlaceMemory): Promise<ByGroup<Offence>> {
    const policy = this.parts.settings;
    const found = offences({ rules, accepted, policy });
    const lists = listsFor(found);
    if (lists.length === 0) {
      return found;
    }
    const prefixLists = await readPrefixLists(ec2, lists, isRefusal);
    return offences({ rules, accepted, policy, prefixLists });
  }

  /** Has what was found looked at once more, or, if this is the second look, tells it. */
  private async found(place: SweptPlace, ec2: Ec2, groups: ReadonlyMap<string, GroupFacts>, found: ByGroup<Offence>): Promise<void> {
    const guarded = await withoutExempt(this.parts.settings, ec2, groups, found);
    if (place.suspects === undefined) {
      const suspects = [...guarded].flatMap(([groupId, all]) => all.map(({ rule }) => suspicion(groupId, rule)));
      if (suspects.length > 0) {
        await this.parts.again({ ...place, suspects: suspects.slice(0, MOST_SUSPECTS) }, SECOND_LOOK);
      }
      return;
    }
    const suspects = new Set(place.suspects);
    await eachOf([...guarded], async ([groupId, all]) => {
      const confirmed = all.filter(({ rule }) => suspects.has(suspicion(groupId, rule)));
      const facts = groups.get(groupId);
      if (confirmed.length > 0 && facts !== undefined) {
        await this.tell(place, ec2, { groupId, facts, offences: confirmed });
      }
    });
  }

  private async tell(
    { accountId, region, planned }: SweptPlace,
    ec2: Ec2,
    { groupId, facts, offences: all }: { readonly groupId: string; readonly facts: GroupFacts; readonly offences: readonly Offence[] },
  ): Promise<void> {
    const { settings, table, now } = this.parts;
    const group: GroupPlace = { accountId, region, groupId };
    const protects = await this.protects(ec2, groupId);
    const change = foundChange({ group, facts, offences: all, protects, planned, now: now() }, settings);
    if (await table.putChange(change)) {
      const { id, judged, severity, episode } = change;
      this.parts.log({ kind: "found", change: id, ...group, judged, severity, episode });
      await this.start(change);
    }
  }

  /** What is behind the group is worth knowing, but without it people are told all the same. */
  private async protects(ec2: Ec2, groupId: string): Promise<Protects | undefined> {
    try {
      return await readProtects(ec2, groupId);
    } catch (error) {
      this.parts.log({ kind: "warning", message: `could not read what is behind group ${groupId}`, error: messageOf(error) });
      return undefined;
    }
  }

  /** Only told, whatever the mode is: no event says that somebody added the rule just now, and what else depends on it nobody knows. */
  private async start({ id, repeated, touchable }: ChangeRecord): Promise<void> {
    await this.parts.start(id, { changeId: id, mode: "alert", repeated, touchable });
  }

  /** Closes the open changes of which nothing is left: the event of that was missed. The group is read by itself before, because a list in pages may have missed something. */
  private async close({ accountId, region }: SweptPlace, ec2: Ec2, rules: ByGroup<Rule>, changes: ByGroup<ChangeRecord>): Promise<void> {
    for (const [groupId, all] of changes) {
      const isGone = (change: ChangeRecord): boolean => change.offending.length > 0 && !isThere(change, rules.get(groupId) ?? []);
      // What is not open any more only has to be cleared away.
      if (all.some((change) => !isOpen(change) || isGone(change))) {
        await closeGone(this.parts, { accountId, region, groupId }, await answered(() => readRules(ec2, groupId)), "");
      }
    }
  }

  /** Starts the telling of what a sweep found lately once more: whoever wrote it down may have died before. */
  private async makeSure(open: readonly ChangeRecord[]): Promise<void> {
    const unsure = open.filter(
      ({ found, status, at }) => found === "sweep" && status === "told" && Date.parse(at) > this.parts.now() - UNSURE,
    );
    await eachOf(unsure, (change) => this.start(change));
  }
}
