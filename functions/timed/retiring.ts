import type { Alert, Ending } from "../alert";
import { isoAfter } from "../duration";
import { endAlert, owesEnd } from "../episodes/ending";
import { episodeId } from "../episodes/key";
import { LEASE } from "../episodes/lease";
import { ELSEWHERE, type EpisodeRecord } from "../episodes/record";
import { rememberedFinding } from "../episodes/remembered";
import type { EpisodeStore } from "../episodes/store";
import type { log } from "../log";
import type { Resolves } from "../routing/resolved";

export interface RetiringParts {
  readonly store: Pick<EpisodeStore, "retire" | "endAgain" | "settle">;
  /** Who can be told that an episode is over. */
  readonly resolves: Resolves;
  /** Hands over what people must be told. */
  readonly tell: (alert: Alert) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: typeof log;
}

/**
 * Closes an episode that is over, and tells those who can use it. Answers false if an event arrived meanwhile.
 * @param askedAt when it was found to be over, milliseconds since the epoch.
 */
export async function retire(parts: RetiringParts, record: EpisodeRecord, askedAt: number, ending: Ending): Promise<boolean> {
  const { store, resolves, now } = parts;
  // What is being told at this moment counts too: its channel is written down later, and has to hear of the end then.
  const concerns = (resolves.routed || resolves.channels.length > 0) && record.claim !== undefined && record.claim.by !== ELSEWHERE;
  const end = concerns ? { by: ending, until: isoAfter(now(), LEASE) } : undefined;
  const { accepted, before } = await store.retire(record, askedAt, end);
  if (!accepted || before === undefined) {
    return false;
  }
  const { key, number, accountId, region, title } = before;
  parts.log({ kind: "closed", episode: episodeId(key, number), accountId, region, title, why: ending });
  if (owesEnd(before, number, resolves)) {
    await parts.tell(endAlert(before, number, ending, rememberedFinding(before)));
  }
  return true;
}

/** What became of a closed episode that the schedule had to look at: told again, nobody left to tell, or left because another tells of it. */
export type Aftermath = "told" | "quiet" | "left";

/** Looks after a closed episode whose end may not have got to everybody: the telling was lost, or a channel took its last message after the end. */
export async function lookAfter(parts: RetiringParts, record: EpisodeRecord): Promise<Aftermath> {
  const { store, resolves, now } = parts;
  const number = record.number - 1;
  if (!owesEnd(record, number, resolves)) {
    await store.settle(record);
    return "quiet";
  }
  const by = record.end?.by ?? "";
  if (!(await store.endAgain(record, { by, until: isoAfter(now(), LEASE) }))) {
    return "left";
  }
  await parts.tell(
    endAlert(record, number, by === "no longer active" || by === "forgotten" ? by : "by its source", rememberedFinding(record)),
  );
  return "told";
}

/** Whether the schedule has to look after a closed episode now: nobody is telling of its end any more. */
export const isToBeLookedAfter = ({ status, due, end }: EpisodeRecord, now: number): boolean =>
  status === "closed" && due !== undefined && Date.parse(due) <= now && (end === undefined || Date.parse(end.until) <= now);
