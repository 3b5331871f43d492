import { isoAfter } from "../../duration";
import { episodeKey, newTelling } from "../../episodes/key";
import { LEASE } from "../../episodes/lease";
import { type EpisodeRecord, toldIn } from "../../episodes/record";
import { isUndelivered } from "../../episodes/rules";
import { BY_STORM } from "../../storms/changes";
import type { ChangeRecord } from "../record";
import { aboutEpisode, messageOf, type TellingParts } from "./message";
import { isOver } from "./outcome";

/**
 * Tells what became of a change, to those who were told of it: that it is over, or, where it stays open, that somebody has to look. What it throws is worth another try.
 * @param undo name of the execution that was to undo it, if one was: a second attempt of the same goes on where the first one died.
 */
export async function tellOutcome(parts: TellingParts, change: ChangeRecord, undo?: string): Promise<void> {
  const { id, status, undoRefused } = change;
  if (undo !== undefined && status !== "undone" && undoRefused === undefined) {
    // Nothing became of it, and whoever wanted it was told why.
    return;
  }
  const key = episodeKey({ origin: "security-group", accountId: change.accountId, region: change.region, problem: change.id });
  const record = await parts.store.get(key);
  if (record === undefined) {
    return;
  }
  if (record.claim?.by === BY_STORM && isUndelivered(record)) {
    // People hear of it with many others within minutes; one by one they would be told of all of them after all.
    return;
  }
  // Each status is told of once, but of every refusal somebody waits to hear.
  const by = undo !== undefined && status !== "undone" ? undo : `change ${id} ${status}`;
  await (isOver(change) || record.status === "closed" ? tellEnd(parts, change, record, by) : tellEscalation(parts, change, record, by));
}

async function tellEnd(parts: TellingParts, change: ChangeRecord, record: EpisodeRecord, by: string): Promise<void> {
  const { store, now, tell } = parts;
  const end = { by, until: isoAfter(now(), LEASE) };
  if (record.status === "open") {
    const isKnown = record.claim !== undefined;
    const { accepted } = await store.retire(record, now(), isKnown ? end : undefined);
    if (!accepted) {
      throw new Error(`episode ${record.key} changed while it was closed`);
    }
  } else {
    const again = record.end?.by === end.by;
    if (again && record.due === undefined) {
      return;
    }
    if (again && Date.parse(record.end?.until ?? "") > now()) {
      throw new Error(`the outcome of change ${change.id} is being told by another attempt`);
    }
    if (!(await store.endAgain(record, end))) {
      throw new Error(`episode ${record.key} changed while its outcome was told`);
    }
  }
  // Those who heard of it among many others do not hear of each one's end; that somebody opens it again, they do.
  const channels = toldIn(record, 1, { exceptOfEnd: record.status === "open" && change.status !== "undone" });
  if (Object.keys(channels).length > 0) {
    const alert = { ...aboutEpisode(record.key, newTelling()), ...messageOf(change, parts, now()) };
    await tell({ ...alert, reason: "resolved", ending: "by its source", seen: Math.max(1, record.seen), told: channels, replaces: true });
  }
}

async function tellEscalation(parts: TellingParts, change: ChangeRecord, record: EpisodeRecord, by: string): Promise<void> {
  const { store, now, tell } = parts;
  if (record.claim === undefined) {
    // Muted: the schedule tells of it, or its end.
    return;
  }
  // What waits in the queue of undelivered ones is overtaken: nobody knows how long it waits.
  const left = Date.parse(record.claim.until) - now();
  if (isUndelivered(record) && left > 0 && left <= LEASE) {
    throw new Error(`change ${change.id} is being told at this moment`);
  }
  if (record.claim.by === by && !isUndelivered(record)) {
    return;
  }
  const claim = { telling: newTelling(), by, until: isoAfter(now(), LEASE), reason: "escalated" } as const;
  const message = messageOf(change, parts, now());
  if (!(await store.claim(record, claim, message.finding.severity))) {
    throw new Error(`episode ${record.key} changed while its outcome was told`);
  }
  await tell({
    ...aboutEpisode(record.key, claim.telling),
    ...message,
    reason: "escalated",
    seen: Math.max(1, record.seen),
    lastDelivery: record.lastDelivery,
    told: toldIn(record, 1),
    replaces: true,
  });
}
