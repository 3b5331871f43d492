import type { Alert, TellReason } from "../alert";
import { endOf, type Mute } from "../mutes/mutes";
import type { EpisodeRecord, MutedBy } from "./record";

/** `<end>|<reasons>|<owner>`: one short attribute. */
export const mutedText = (mute: Mute): string => [endOf(mute), mute.when.reasons?.join() ?? "", mute.owner].join("|");

/** Reads what `mutedText` wrote; undefined of anything else. */
export function mutedOf(text: string | undefined): MutedBy | undefined {
  const [until, reasons, ...owner] = text?.split("|") ?? [];
  if (until === undefined || reasons === undefined || owner.length === 0) {
    return undefined;
  }
  return { until, owner: owner.join("|"), ...(reasons !== "" && { reasons: reasons.split(",") }) };
}

/** For the first telling of an episode: how long nobody was told, and who muted it. Undefined where people were told before, or at once. */
export function waitedSince(record: EpisodeRecord | undefined, reason: TellReason): Alert["waited"] {
  if (record?.since === undefined || record.deliveredTelling !== undefined || (reason !== "new" && reason !== "reopened")) {
    return undefined;
  }
  const { since, mutedBy } = record;
  const isMeant = mutedBy !== undefined && (mutedBy.reasons?.includes(reason) ?? true);
  return { since, ...(isMeant && { muted: { owner: mutedBy.owner, until: mutedBy.until } }) };
}
