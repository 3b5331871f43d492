import type { GuardTable, PlaceMemory } from "../guard/table";
import type { Rule } from "../security-groups/rule";
import { eachOf } from "../storms/each-of";
import { isDifferent } from "./difference";
import type { ByGroup } from "./offences";
import type { SweptPlace } from "./place";
import type { GroupFacts } from "./read-place";

/** What was seen of a place, and remembered before. */
export interface Seen {
  /** When it was begun to be read (ISO 8601). */
  readonly seenAt: string;
  readonly rules: ByGroup<Rule>;
  readonly groups: ReadonlyMap<string, GroupFacts>;
  readonly memory: PlaceMemory;
}

/** How young a memory is kept although EC2 does not answer its group, in milliseconds: what EC2 answers may be a moment old. */
const YOUNG = 300_000;

/**
 * Brings what is remembered up to what was seen. What is as it was costs nothing.
 * @param now milliseconds since the epoch.
 */
export async function remember(
  table: Pick<GuardTable, "remember" | "forget">,
  { accountId, region }: Pick<SweptPlace, "accountId" | "region">,
  { seenAt, rules, groups, memory }: Seen,
  now: number,
): Promise<void> {
  await eachOf([...groups], async ([groupId, { name, vpcId }]) => {
    const known = memory.groups.get(groupId);
    const there = rules.get(groupId) ?? [];
    if (known === undefined || isDifferent(there, known.rules)) {
      const seen = { rules: there, seenAt, ...(name !== undefined && { name }), ...(vpcId !== undefined && { vpcId }) };
      await table.remember({ accountId, region, groupId }, seen, known);
    }
  });
  const gone = [...memory.groups].filter(([groupId, known]) => !groups.has(groupId) && Date.parse(known.seenAt) < now - YOUNG);
  await eachOf(gone, ([groupId]) => table.forget({ accountId, region, groupId }));
}
