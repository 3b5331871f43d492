import type { AccountInfo, Alert } from "../alert";
import { isoAfter } from "../duration";
import type { FlushTable } from "./flush-table";
import { type Held, MOST_SINGLY } from "./held";
import type { HeldEpisodes } from "./held-episodes";
import { type FlushChannel, type Part, type StormKind, stormKey } from "./key";
import { inLines } from "./lines";
import { findingIds as findingIdsOf } from "./list";
import { singleAlert } from "./singly";
import type { Listed } from "./summary";
import type { StormTable } from "./table";
import { type TellingParts, tellPart } from "./telling";
import type { Trigger } from "./trigger";

export interface FlushingParts extends TellingParts {
  readonly counts: Pick<StormTable, "addFlushed" | "flushed">;
  readonly flushes: Pick<FlushTable, "take" | "leave" | "sealed" | "seal" | "handed">;
  readonly episodes: Pick<HeldEpisodes, "heldFor" | "release">;
  readonly accountsById: (ids: readonly string[]) => Promise<ReadonlyMap<string, AccountInfo>>;
  /** The channels that hear of a held episode; none if no route fits. */
  readonly route: (listed: Listed) => readonly FlushChannel[];
  /** Tells of one finding by itself: runs the workflow "alert", and waits until it has recorded what became of it. */
  readonly start: (alert: Alert) => Promise<void>;
}

/** Tells what a storm held until now, as one message to each channel; singly where it is not more than a few. */
export class Flushing {
  constructor(private readonly parts: FlushingParts) {}

  /** One flush. It may come again at any point of it: nobody is told twice then, and nothing is left out. Whatever it throws is worth another try. */
  async run(trigger: Trigger): Promise<void> {
    const { flushes, now } = this.parts;
    const { flushAt } = trigger;
    const storm = { origin: trigger.origin, kind: trigger.kind, sample: trigger.sample };
    if (now() < flushAt) {
      throw new Error(`the flush of ${isoAfter(flushAt, 0)} comes too early`);
    }
    const until = await flushes.take(storm, flushAt, now());
    if (until === undefined) {
      throw new Error(`the flush of ${isoAfter(flushAt, 0)} is being done by another attempt`);
    }
    try {
      await this.tellAll(storm, trigger);
    } finally {
      // If not even that works, the next attempt has to wait until this one's time is over.
      await flushes.leave(storm, flushAt, until, now()).catch(() => undefined);
    }
  }

  private async tellAll(storm: StormKind, { flushAt, windowEnds }: Trigger): Promise<void> {
    const { counts, flushes, episodes } = this.parts;
    const unrouted = new Map<string, Listed>();
    for (let number = 1; ; ) {
      const part: Part = { storm, flushAt, number };
      const sealed = await flushes.sealed(part);
      const wanted = sealed ? { only: new Set(sealed.told.keys()) } : { except: new Set(unrouted.keys()) };
      const held = await episodes.heldFor(storm, flushAt, wanted);
      if (held.length <= MOST_SINGLY && sealed === undefined) {
        // These are all that is left.
        await this.tellSingly(storm, windowEnds, held);
        break;
      }
      const listed = await this.listed(held);
      const told = sealed?.told ?? this.routed(listed, unrouted);
      if (told.size === 0) {
        continue;
      }
      if (sealed === undefined) {
        await flushes.seal(part, told);
        await counts.addFlushed(storm, windowEnds, told.size);
      }
      const own = listed.map((one) => ({ ...one, channels: told.get(one.held.record.claim.telling) ?? [] }));
      await tellPart(
        this.parts,
        part,
        own.filter(({ channels }) => channels.length > 0),
        sealed?.channels ?? new Set(),
      );
      number++;
    }
    await counts.flushed(storm, flushAt);
    this.complainOf(storm, [...unrouted.values()]);
  }

  /**
   * Tells of each by itself. The workflow records in its episode who was told, so that one whose flusher dies is not told again by the next attempt; what it could
   * tell nobody of stays held until its hour is over.
   */
  private async tellSingly(storm: StormKind, windowEnds: number, held: readonly Held[]): Promise<void> {
    const { settings, start, counts, log } = this.parts;
    const outcomes = await Promise.allSettled(held.map((one) => start(singleAlert(settings, one))));
    const failures = outcomes.filter((outcome) => outcome.status === "rejected");
    const told = held.length - failures.length;
    if (told > 0) {
      await counts.addFlushed(storm, windowEnds, told);
      log({ kind: "flush", storm: stormKey(storm), singly: told });
    }
    for (const { reason } of failures) {
      throw reason;
    }
  }

  /** What is held, with whose it is. */
  private async listed(held: readonly Held[]): Promise<readonly Listed[]> {
    const accounts = await this.parts.accountsById(held.map(({ record }) => record.accountId));
    return held.map((one) => {
      const { finding } = one;
      const account = accounts.get(finding.accountId) ?? { id: finding.accountId };
      const name = account.name ?? finding.accountName;
      return { held: one, finding, account: name === undefined ? account : { ...account, name } };
    });
  }

  /** The channels that hear of each, by its telling. Who has none is put aside. */
  private routed(listed: readonly Listed[], unrouted: Map<string, Listed>): ReadonlyMap<string, readonly FlushChannel[]> {
    const told = new Map<string, readonly FlushChannel[]>();
    for (const one of listed) {
      const { telling } = one.held.record.claim;
      const channels = this.parts.route(one);
      if (channels.length > 0) {
        told.set(telling, channels);
      } else {
        unrouted.set(telling, one);
      }
    }
    return told;
  }

  /**
   * The settings have a route for everything, so that only a fault gets here. It must not pass for told: the message comes again, and ends in its dead-letter queue
   * with an alarm, as what a single alert's workflow finds no route for.
   */
  private complainOf({ origin, kind }: StormKind, unrouted: readonly Listed[]): void {
    if (unrouted.length === 0) {
      return;
    }
    const message = `no channel is routed to for ${unrouted.length} of the ${origin} findings of kind ${kind}`;
    for (const findingIds of inLines(unrouted.flatMap(findingIdsOf))) {
      this.parts.log({ kind: "warning", message, findingIds });
    }
    throw new Error(message);
  }
}
