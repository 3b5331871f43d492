/** When the sandbox's time begins: 2026-03-01T09:00:00Z. */
export const START = Date.UTC(2026, 2, 1, 9);

/** How far `settle` runs on: 15 minutes, so that retries, visibility timeouts and timed waits come to an end. */
export const SETTLE_WINDOW = 15 * 60_000;

/** Something due at a time. */
interface TimedWork {
  readonly time: number;
  /** Order of registration: what is due at the same moment happens in this order. */
  readonly sequence: number;
  readonly held: boolean;
  readonly run: () => void;
}

export interface TimerOptions {
  /** Held work (schedules, the timeout of a wait for a person) is fired by `advanceTo` only, never by `settle`. */
  readonly held?: boolean;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Virtual time. It stands still while work is going on, and moves only to moments at which something is due. Whoever works holds a token from `begin`; when no token is held,
 * all is quiet.
 */
export class VirtualClock {
  #now: number;
  #sequence = 0;
  #busy = 0;
  #begun = 0;
  #queue: TimedWork[] = [];
  #waiting: (() => void)[] = [];
  #failure: { readonly error: unknown } | undefined;
  #moving: Promise<void> = Promise.resolve();

  constructor(start: number = START) {
    this.#now = start;
  }

  /** Virtual time in milliseconds since the epoch. */
  now(): number {
    return this.#now;
  }

  /** Number of pieces of timed work that are still to come. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Has `run` called at a time (at once by the next move of the clock, if that time has passed). Answers how to cancel it. */
  at(time: number, run: () => void, options: TimerOptions = {}): () => void {
    const work: TimedWork = { time, sequence: this.#sequence++, held: options.held ?? false, run };
    const index = this.#queue.findIndex((other) => other.time > time);
    this.#queue.splice(index === -1 ? this.#queue.length : index, 0, work);
    return () => {
      const found = this.#queue.indexOf(work);
      if (found !== -1) {
        this.#queue.splice(found, 1);
      }
    };
  }

  /** `at`, counted from now. */
  after(milliseconds: number, run: () => void, options: TimerOptions = {}): () => void {
    return this.at(this.#now + Math.max(0, milliseconds), run, options);
  }

  /** Marks work as going on until the answered function is called (once; further calls do nothing). */
  begin(): () => void {
    this.#busy += 1;
    this.#begun += 1;
    let held = true;
    return () => {
      if (held) {
        held = false;
        this.#busy -= 1;
        if (this.#busy === 0) {
          for (const wake of this.#waiting.splice(0)) {
            wake();
          }
        }
      }
    };
  }

  /** Runs something that nobody waits for as work. What it throws is thrown by the next `quiet`: a fault of the sandbox is never swallowed. */
  work(run: () => Promise<void> | void): void {
    const end = this.begin();
    const failed = (error: unknown): void => {
      this.#failure ??= { error };
    };
    try {
      Promise.resolve(run()).catch(failed).finally(end);
    } catch (error) {
      failed(error);
      end();
    }
  }

  /** Resolves when nothing is left to do at this moment. */
  async quiet(): Promise<void> {
    for (;;) {
      if (this.#busy > 0) {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
      const begun = this.#begun;
      // Work that ended may have started other work in promise reactions and in messages that arrive with the next turns of the event loop.
      await turn();
      await turn();
      if (this.#busy === 0 && this.#begun === begun) {
        break;
      }
    }
    if (this.#failure !== undefined) {
      const { error } = this.#failure;
      this.#failure = undefined;
      throw error;
    }
  }

  /** Runs on through what is due within the window from now, except held work, then stands still. */
  settle(window: number = SETTLE_WINDOW): Promise<void> {
    return this.#exclusively(async () => {
      const limit = this.#now + window;
      await this.#fireUntil(limit, (work) => !work.held);
    });
  }

  /** Moves to a time, firing everything due until then in order and waiting for quiet after each. */
  advanceTo(time: number): Promise<void> {
    return this.#exclusively(async () => {
      if (time < this.#now) {
        throw new RangeError(`the clock cannot go back from ${new Date(this.#now).toISOString()} to ${new Date(time).toISOString()}`);
      }
      await this.#fireUntil(time, () => true);
      this.#now = time;
    });
  }

  /** Drops all timed work. */
  clear(): void {
    this.#queue = [];
  }

  async #fireUntil(limit: number, fires: (work: TimedWork) => boolean): Promise<void> {
    for (;;) {
      await this.quiet();
      const index = this.#queue.findIndex(fires);
      const work = this.#queue[index];
      if (work === undefined || work.time > limit) {
        return;
      }
      this.#queue.splice(index, 1);
      this.#now = Math.max(this.#now, work.time);
      this.work(work.run);
    }
  }

  /** One movement at a time. */
  #exclusively(move: () => Promise<void>): Promise<void> {
    const moved = this.#moving.then(move);
    this.#moving = moved.catch(() => undefined);
    return moved;
  }
}
