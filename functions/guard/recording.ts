import type { Change } from "../security-groups/change";
import type { Assessment } from "./assess";
import type { Exemption } from "./exempt";
import type { Looked } from "./look";
import { type ChangeRecord, episodeOf, type GroupPlace, type Protects, timesOf } from "./record";
import { MOST_REPEATS } from "./repeats";
import type { GuardSettings } from "./settings";

/** What is known of a change when it is written down. */
export interface Found {
  readonly id: string;
  /** EventBridge's id of the event. */
  readonly envelopeId: string;
  readonly place: GroupPlace;
  readonly change: Change;
  readonly looked: Pick<Looked, "now" | "unread">;
  readonly assessment: Assessment;
  readonly exemption: Exemption;
  readonly protects: Protects | undefined;
  readonly repeated: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Whether a change opened nothing that is not approved. What could not be judged is not harmless. */
export const isHarmless = ({ offending, unread }: Assessment): boolean => offending.length === 0 && unread === undefined;

/** Whether people are told of a change that was written down. */
export const isTold = ({ exempt }: Pick<ChangeRecord, "exempt">): boolean => exempt === undefined;

/** The record of a new change. */
export function newRecord(found: Found, { mode }: Pick<GuardSettings, "mode">): ChangeRecord {
  const { id, envelopeId, place, change, looked, assessment, exemption, protects, repeated, now } = found;
  const { offending, modified, judged, severity, before } = assessment;
  const isOffence = !isHarmless(assessment) && exemption.exempt !== true;
  const unknown = [looked.unread, assessment.unread, exemption.exempt === "unknown" ? exemption.why : undefined];
  const unread = isOffence ? unknown.filter((why) => why !== undefined).join("; ") : "";
  const groupName = looked.now?.name ?? change.groupName;
  const vpcId = looked.now?.vpcId ?? change.vpcId;
  return {
    id,
    eventId: change.id,
    envelopeId,
    at: change.at,
    ...place,
    ...(groupName !== undefined && { groupName }),
    ...(vpcId !== undefined && { vpcId }),
    actor: change.actor,
    call: change.call,
    found: "event",
    offending,
    modified,
    judged,
    severity,
    ...(before !== undefined && { before }),
    ...(protects !== undefined && { protects }),
    ...(!isHarmless(assessment) && exemption.exempt === true && { exempt: exemption.why }),
    ...(unread !== "" && { unread }),
    mode,
    repeated,
    touchable: isOffence && unread === "" && mode !== "alert" && repeated < MOST_REPEATS,
    status: isOffence ? "told" : "kept",
    steps: [],
    episode: episodeOf({ id, ...place }),
    ...timesOf(now),
  };
}
