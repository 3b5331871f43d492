import type { Alert } from "../alert";
import { type StormKind, stormKey } from "./key";
import { entering, firstWindow, LEEWAY, type StormSettings } from "./rules";
import type { StormTable } from "./table";
import type { Trigger } from "./trigger";

export interface StormsParts {
  readonly settings: StormSettings;
  readonly table: Pick<StormTable, "begin" | "count" | "replace" | "hold">;
  /** Tells of an alert at once and by itself: starts the workflow "alert". */
  readonly start: (alert: Alert) => Promise<void>;
  /** Has those that are held told when it is time. */
  readonly trigger: (trigger: Trigger) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Tries to agree with other workers on what is going on. Each of them changes the state at most a few times. */
const ROUNDS = 20;

/**
 * Stands between a decision to tell and the telling: the first findings of a kind within a window are told singly; when there are more, their episodes are held
 * and told together by the flusher (flushing.ts).
 */
export class Storms {
  /** Kinds that storm, as far as this worker knows: until when what comes is held for which flush. */
  private readonly known = new Map<string, number>();
  /** By kind: when the last one that asked has its answer. */
  private readonly turns = new Map<string, Promise<void>>();

  constructor(private readonly parts: StormsParts) {}

  /** Tells of an alert whose episode is claimed, now or with the others of its storm. Whatever it throws is worth another try. */
  async tell(alert: Alert): Promise<void> {
    const { table, now } = this.parts;
    const { origin, kind, sample } = alert.finding;
    const flushAt = alert.reason === "resolved" ? undefined : await this.flushFor({ origin, kind, sample });
    await (flushAt === undefined ? this.parts.start(alert) : table.hold(alert, flushAt, now()));
  }

  /** When one more finding of a kind is told; undefined for at once and by itself. One after the other: what the first learns the others of a batch know. */
  private flushFor(storm: StormKind): Promise<number | undefined> {
    const key = stormKey(storm);
    const turn = (this.turns.get(key) ?? Promise.resolve()).then(() => this.inTurn(key, storm));
    const over = turn.then(
      () => undefined,
      () => undefined,
    );
    this.turns.set(key, over);
    over.then(() => this.turns.get(key) === over && this.turns.delete(key));
    return turn;
  }

  private async inTurn(key: string, storm: StormKind): Promise<number | undefined> {
    const known = this.known.get(key);
    if (known !== undefined && this.parts.now() <= known - LEEWAY) {
      return known;
    }
    this.known.delete(key);
    const flushAt = await this.enter(storm);
    if (flushAt !== undefined) {
      this.known.set(key, flushAt);
    }
    return flushAt;
  }

  private async enter(storm: StormKind): Promise<number | undefined> {
    const { settings, table, trigger } = this.parts;
    const now = this.parts.now();
    // The common case first: nothing of this kind for a while. One write.
    let seen = await table.begin(storm, firstWindow(settings, now), now);
    if (seen.accepted) {
      return undefined;
    }
    for (let round = 0; round < ROUNDS && seen.before !== undefined; round++) {
      const state = seen.before;
      const step = entering(settings, state, now);
      switch (step.kind) {
        case "hold":
          return step.flushAt;
        case "begin":
          seen = await table.replace(storm, state, step.next);
          if (seen.accepted) {
            return undefined;
          }
          break;
        case "count": {
          const { accepted, before } = await table.count(storm, now);
          const counted = before && { ...before, count: before.count + (accepted ? 1 : 0) };
          if (accepted && counted !== undefined && counted.count <= settings.over) {
            return undefined;
          }
          seen = { accepted: false, ...(counted && { before: counted }) };
          break;
        }
        case "plan":
          // First the message, then the memory of it: a second one finds nothing to do, a missing one would leave people untold.
          await trigger({ ...storm, flushAt: step.next.flushAt, windowEnds: step.next.windowEnds });
          seen = await table.replace(storm, state, step.next);
          if (seen.accepted) {
            return step.next.flushAt;
          }
      }
    }
    throw new Error(`what is going on with ${storm.origin} findings of kind ${storm.kind} changes too fast`);
  }
}
