import { createHash } from "node:crypto";
import { type ChangeRecord, changeId, episodeOf, type GroupPlace, type Protects, timesOf } from "../guard/record";
import type { GuardSettings } from "../guard/settings";
import { severityOf } from "../guard/severity";
import { trafficOf } from "../security-groups/rule";
import { rulesInWords } from "../security-groups/words";
import type { Offence } from "./offences";
import type { GroupFacts } from "./read-place";

/** What a sweep found in one group. */
export interface Found {
  readonly group: GroupPlace;
  readonly facts: GroupFacts;
  readonly offences: readonly Offence[];
  readonly protects: Protects | undefined;
  /** When the sweep began (ISO 8601). */
  readonly planned: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Makes a change of what is open without anybody having said who opened it. Its id is the same however often the same sweep finds it; a later one finds the open
 * change, or, if that was closed in between, something new.
 */
export function foundChange(
  { group, facts, offences, protects, planned, now }: Found,
  { mode }: Pick<GuardSettings, "mode">,
): ChangeRecord {
  const offending = offences.map(({ rule }) => rule);
  const traffic = [...new Set(offending.map(trafficOf))].sort();
  const what = createHash("sha256")
    .update(JSON.stringify([group.groupId, traffic]))
    .digest("base64url");
  const eventId = `sweep ${planned} ${what}`;
  const id = changeId({ ...group, eventId });
  const unread = [...new Set(offences.flatMap(({ why }) => why ?? []))].join("; ");
  return {
    id,
    eventId,
    at: new Date(now).toISOString(),
    accountId: group.accountId,
    region: group.region,
    groupId: group.groupId,
    ...(facts.name !== undefined && { groupName: facts.name }),
    ...(facts.vpcId !== undefined && { vpcId: facts.vpcId }),
    found: "sweep",
    offending,
    modified: false,
    judged: `lets in ${rulesInWords(offending)}`,
    severity: severityOf(offences),
    ...(protects && { protects }),
    ...(unread !== "" && { unread }),
    mode,
    repeated: 1,
    // No event added these rules, so nobody can say that they may be taken away.
    touchable: false,
    status: "told",
    steps: [],
    episode: episodeOf({ id, ...group }),
    ...timesOf(now),
  };
}
