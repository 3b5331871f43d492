import { type Rule, sameTraffic } from "../security-groups/rule";
import type { GuardParts } from "./guarding";
import type { ChangeRecord, ChangeStatus, GroupPlace } from "./record";
import type { GuardTable } from "./table";

/** Where nobody is at work on a change: who is asked, or has decided, ends it themselves. */
const AT_REST: readonly ChangeStatus[] = ["told", "not-touched", "failed"];

/** Whether a group's rules still let through what a change opened. */
export const isThere = ({ offending }: Pick<ChangeRecord, "offending">, rules: readonly Rule[]): boolean =>
  offending.some((rule) => rules.some((there) => (rule.id === undefined || rule.id === there.id) && sameTraffic(there, rule)));

/**
 * Closes the open changes of a group whose rules are gone, and has those told of it who were told of the change.
 * @param rules the group's rules, read before this is called: what tocsin takes back itself is by then no longer at rest.
 * @param but id of the change that is being looked at.
 */
export async function closeGone(
  { table, start, log }: Pick<GuardParts, "start" | "log"> & { readonly table: Pick<GuardTable, "openChanges" | "updateStatus"> },
  place: GroupPlace,
  rules: readonly Rule[],
  but: string,
): Promise<void> {
  for (const record of await table.openChanges(place)) {
    const { id, repeated, offending } = record;
    if (id === but || offending.length === 0 || !AT_REST.includes(record.status) || isThere(record, rules)) {
      continue;
    }
    // First, so that whoever dies in between tells it again, under a name that is taken.
    await start(`${id}-closed`, { changeId: id, mode: "closed", repeated, touchable: false });
    await table.updateStatus(id, AT_REST, "closed");
    log({ kind: "closed", change: id, groupId: place.groupId });
  }
}
