import timers from "node:timers";
import promises from "node:timers/promises";
import { virtualDate } from "../../virtual-date";

type Callback = (...args: unknown[]) => void;

const real = { setTimeout, clearTimeout, setImmediate };

/** A timer of the function: stands in for Node's `Timeout`. */
class VirtualTimer {
  #referenced = true;

  constructor(
    private readonly clock: WorkerClock,
    readonly callback: Callback,
    readonly args: unknown[],
    readonly delay: number,
    readonly repeats: boolean,
    readonly id: number,
  ) {}

  ref(): this {
    this.#referenced = true;
    return this;
  }

  unref(): this {
    this.#referenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.#referenced;
  }

  refresh(): this {
    this.clock.set(this);
    return this;
  }

  close(): this {
    this.clock.clear(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }

  [Symbol.dispose](): void {
    this.clock.clear(this);
  }
}

/** The function's view of time: it moves only when the sandbox's clock does. */
export class WorkerClock {
  #now: number;
  #next = 1;
  readonly #due = new Map<VirtualTimer, number>();
  readonly #byId = new Map<number, VirtualTimer>();

  constructor(now: number) {
    this.#now = now;
  }

  now = (): number => this.#now;

  /** When the next timer is due, if there is one. */
  get wake(): number | undefined {
    return this.#due.size === 0 ? undefined : Math.min(...this.#due.values());
  }

  /** Moves on and calls what is due, in order. */
  moveTo(now: number): void {
    this.#now = Math.max(this.#now, now);
    const due = [...this.#due].filter(([, time]) => time <= this.#now).sort(([left, at], [right, then]) => at - then || left.id - right.id);
    for (const [timer] of due) {
      // Each in a turn of its own, so that the promise reactions of one run before the next, as in Node.
      real.setImmediate(() => this.#fire(timer));
    }
  }

  set(timer: VirtualTimer): void {
    this.#due.set(timer, this.#now + timer.delay);
    this.#byId.set(timer.id, timer);
  }

  clear(timer: unknown): void {
    const found = timer instanceof VirtualTimer ? timer : this.#byId.get(Number(timer));
    if (found !== undefined) {
      this.#due.delete(found);
      this.#byId.delete(found.id);
    }
  }

  #fire(timer: VirtualTimer): void {
    if (!this.#due.delete(timer)) {
      return;
    }
    if (timer.repeats) {
      this.set(timer);
    } else {
      this.#byId.delete(timer.id);
    }
    timer.callback(...timer.args);
  }

  #start(callback: Callback, delay: unknown, args: unknown[], repeats: boolean): VirtualTimer {
    const wanted = Number(delay);
    const milliseconds = wanted >= 1 && wanted <= 2_147_483_647 ? Math.trunc(wanted) : 1;
    const timer = new VirtualTimer(this, callback, args, milliseconds, repeats, this.#next++);
    this.set(timer);
    if (milliseconds === 1 && !repeats) {
      // The shortest delay only gives way to others; it is no wait.
      real.setImmediate(() => this.#fire(timer));
    }
    return timer;
  }

  /** Replaces Date and the timers of the whole worker. */
  install(): void {
    const start = (callback: Callback, delay?: unknown, ...args: unknown[]): VirtualTimer => this.#start(callback, delay, args, false);
    const repeat = (callback: Callback, delay?: unknown, ...args: unknown[]): VirtualTimer => this.#start(callback, delay, args, true);
    const clear = (timer: unknown): void => this.clear(timer);
    const sleep = <T>(delay?: unknown, value?: T, options?: { readonly signal?: AbortSignal }): Promise<T | undefined> =>
      new Promise((resolve, reject) => {
        const { signal } = options ?? {};
        const abort = (): void => {
          clear(timer);
          reject(new DOMException("The operation was aborted", "AbortError"));
        };
        const timer = start(() => {
          signal?.removeEventListener("abort", abort);
          resolve(value);
        }, delay);
        if (signal?.aborted === true) {
          abort();
        } else {
          signal?.addEventListener("abort", abort, { once: true });
        }
      });
    Object.defineProperty(start, Symbol.for("nodejs.util.promisify.custom"), { value: sleep });
    const replacements = { setTimeout: start, setInterval: repeat, clearTimeout: clear, clearInterval: clear };
    Object.assign(globalThis, replacements, { Date: virtualDate(this.now) });
    Object.assign(timers, replacements);
    Object.assign(promises, { setTimeout: sleep });
    Object.assign(AbortSignal, {
      timeout: (delay: number): AbortSignal => {
        const controller = new AbortController();
        start(() => controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")), delay);
        return controller.signal;
      },
    });
    Object.assign(promises.scheduler, { wait: (delay: number) => sleep(delay) });
    const realPerformance = performance.now.bind(performance);
    const began = this.#now;
    performance.now = () => realPerformance() + (this.#now - began);
  }
}

/** Timers of the real world, for the bootstrap itself. */
export const realTimeout = real.setTimeout;
export const clearRealTimeout = real.clearTimeout;
