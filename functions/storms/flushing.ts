import { isoAfter } from "../duration";
import type { FlushTable } from "./flush-table";
import type { HeldEpisodes } from "./held-episodes";
import type { Part, StormKind } from "./key";
import type { StormTable } from "./table";
import { type TellingParts, tellPart } from "./telling";
import type { Trigger } from "./trigger";

export interface FlushingParts extends TellingParts {
  readonly counts: Pick<StormTable, "addFlushed" | "flushed">;
  readonly flushes: Pick<FlushTable, "take" | "leave" | "seal" | "handed">;
  readonly episodes: Pick<HeldEpisodes, "heldFor" | "release" | "handBack">;
}

/** Findings of one message at most: what it consists of has to fit into one item of the table (400 KB). */
const MOST_TOLD = 25_000;

/** Tells what a storm held until now, as one message to each channel. */
export class Flushing {
  constructor(private readonly parts: FlushingParts) {}

  /** One flush. It may come again at any point of it: nobody is told twice then, and nothing is left out. Whatever it throws is worth another try. */
  async run(trigger: Trigger): Promise<void> {
    const { flushes, now } = this.parts;
    const { flushAt } = trigger;
    const storm = { origin: trigger.origin, kind: trigger.kind };
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
    for (let number = 1; ; number++) {
      const held = await episodes.heldFor(storm, flushAt);
      if (held.length === 0) {
        break;
      }
      const part: Part = { storm, flushAt, number };
      const { made, tellings, channels } = await flushes.seal(
        part,
        held.slice(0, MOST_TOLD).map(({ record }) => record.claim.telling),
      );
      if (made) {
        await counts.addFlushed(storm, windowEnds, tellings.size);
      }
      await tellPart(
        this.parts,
        part,
        held.filter(({ record }) => tellings.has(record.claim.telling)),
        channels,
      );
    }
    await counts.flushed(storm, flushAt);
  }
}
