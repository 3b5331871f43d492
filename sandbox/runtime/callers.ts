import { parentOf } from "./traces";

/** Something that makes API calls and counts as working meanwhile: an invocation of a function, a task of a workflow. */
export interface Caller {
  /** It waits for something that takes virtual time: it does not count as working until `resume`. */
  park(): void;
  resume(): void;
}

/**
 * Who is behind a call, by the parent segment of its trace. An answer that takes virtual time (a synchronous execution, a synchronous invocation that sleeps, a long poll) must not
 * hold up the clock by its caller's waiting for it.
 */
export class Callers {
  readonly #byParent = new Map<string, Caller>();

  register(trace: string, caller: Caller): () => void {
    const parent = parentOf(trace) ?? trace;
    this.#byParent.set(parent, caller);
    return () => this.#byParent.delete(parent);
  }

  /** Waits for something that itself counts as work as long as it works, with the caller parked. */
  async waiting<T>(trace: string | undefined, answer: Promise<T>): Promise<T> {
    const parent = parentOf(trace);
    const caller = parent === undefined ? undefined : this.#byParent.get(parent);
    caller?.park();
    try {
      return await answer;
    } finally {
      // It may be gone by now: a function that was stopped at its time-out.
      if (parent !== undefined && this.#byParent.get(parent) === caller) {
        caller?.resume();
      }
    }
  }
}
