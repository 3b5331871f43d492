import { createHash } from "node:crypto";
import { type Rule, trafficOf } from "../security-groups/rule";
import type { GroupPlace } from "./record";

/** How often the same traffic was opened in the same group. */
export interface Repeats {
  /** Ids of the changes, the first one first; the last few of them. */
  readonly changes: readonly string[];
  /** When the last of them was counted (ISO 8601). */
  readonly lastAt: string;
}

/** Time within which the same change again is a repetition, in milliseconds. */
export const REPEATS_WITHIN = 3_600_000;

/** From this repetition on nothing is put back: two who put back each other's changes must not go on for ever. */
export const MOST_REPEATS = 3;

/** Key of a change's repetitions: the traffic that it opens in its group, whatever the rules' ids are. */
export function repeatKey({ accountId, region, groupId }: GroupPlace, offending: readonly Rule[]): string {
  const traffic = [...new Set(offending.map(trafficOf))].sort();
  return createHash("sha256")
    .update(JSON.stringify([accountId, region, groupId, traffic]))
    .digest("base64url");
}

/**
 * Counts a change; an hour after the last one counting begins anew. A change that is counted already is not counted again.
 * @param now milliseconds since the epoch.
 */
export function counted(known: Repeats | undefined, change: string, now: number): Repeats {
  if (known?.changes.includes(change)) {
    return known;
  }
  const fresh = known !== undefined && Date.parse(known.lastAt) > now - REPEATS_WITHIN ? known.changes : [];
  // Those at the end would all be the third one; a loop over days must not grow the item.
  return {
    changes: [...fresh.slice(0, MOST_REPEATS - 1), ...fresh.slice(MOST_REPEATS - 1).slice(-20), change],
    lastAt: new Date(now).toISOString(),
  };
}

/** Which repetition a counted change is: 1 for the first, at most 3. */
export const repetition = ({ changes }: Repeats, change: string): number => Math.min(changes.indexOf(change) + 1, MOST_REPEATS);
