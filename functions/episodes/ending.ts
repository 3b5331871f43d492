import type { Alert, Ending } from "../alert";
import type { Finding } from "../finding";
import type { Resolves } from "../routing/resolved";
import { episodeId, newTelling } from "./key";
import { type EpisodeRecord, toldIn } from "./record";

/**
 * Whether somebody has still to hear that an episode is over: a channel that was told of it and can use it, or, where a route asks for it, anybody at all.
 * @param number number of the episode.
 */
export function owesEnd(record: EpisodeRecord, number: number, { channels, routed }: Resolves): boolean {
  const told = Object.entries(record.channels).filter(([, channel]) => channel.number === number);
  const unheard = told.filter(([, { resolved }]) => !resolved);
  return unheard.some(([name]) => channels.includes(name)) || (routed && told.length > 0 && unheard.length === told.length);
}

/** What is told of the end of an episode: to those that have not heard of it yet. */
export const endAlert = (record: EpisodeRecord, number: number, ending: Ending, finding: Finding): Alert => ({
  telling: newTelling(),
  episode: episodeId(record.key, number),
  number,
  key: record.key,
  reason: "resolved",
  ending,
  finding,
  // Of an episode that was closed a while ago this is no longer known.
  seen: Math.max(1, record.seen),
  previousSeverity: record.told,
  lastDelivery: record.lastDelivery,
  told: toldIn(record, number, { exceptOfEnd: true }),
  markable: false,
  marks: [],
});
