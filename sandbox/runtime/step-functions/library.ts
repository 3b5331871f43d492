import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { compileFunction } from "node:vm";
import type { VirtualClock } from "../clock";
import { virtualDate } from "../virtual-date";

/** What an execution tells while it runs. */
export interface Observer {
  entered(state: string, type: string): void;
  retried(state: string): void;
}

export type TaskHandler = (input: unknown) => Promise<unknown>;

interface RunOptions {
  readonly overrides: { readonly taskResourceLocalHandlers: Readonly<Record<string, TaskHandler>> };
  readonly context: Readonly<Record<string, unknown>>;
  /** Ours: reaches the iterations of Map and the branches of Parallel as well, because the library hands all options down. */
  readonly observer: Observer;
}

interface EventLogger {
  dispatchStateEnteredEvent(state: string, type: string, input: unknown): void;
  dispatchStateRetriedEvent(state: string, ...rest: unknown[]): void;
}

interface InternalOptions {
  readonly runOptions?: Partial<RunOptions>;
  readonly eventLogger: EventLogger;
}

interface Exports {
  readonly StateMachine: {
    new (
      definition: unknown,
      options: unknown,
    ): { run(input: unknown, options: RunOptions): { readonly result: Promise<unknown>; abort(): void } };
    readonly prototype: { execute(input: unknown, options: InternalOptions, cleanup: () => void): Promise<unknown> };
  };
}

/** One execution as the library runs it. */
export interface LibraryExecution {
  /** Rejects with errors called `ExecutionError` (its `cause` is the state's error), `ExecutionTimeoutError` or `ExecutionAbortedError`. */
  readonly result: Promise<unknown>;
  abort(): void;
}

/** aws-local-stepfunctions, run on virtual time: its bundle is compiled with timers, dates and random numbers of ours. */
export class Library {
  readonly #exports: Exports;
  #holdNext = false;

  constructor(clock: VirtualClock, random: () => number) {
    const load = createRequire(__filename);
    const path = load.resolve("aws-local-stepfunctions");
    const requireFrom = createRequire(path);
    const setTimer = (run: () => void, delay = 0): (() => void) => {
      const held = this.#holdNext;
      this.#holdNext = false;
      return clock.after(delay, run, { held });
    };
    const clearTimer = (cancel: (() => void) | undefined): void => cancel?.();
    const math: Math = Object.create(Math, { random: { value: random } }) as Math;
    // What only serves calls to AWS and the validation of definitions (tests do that) need not be loaded: it takes half a second.
    const requireForIt = (name: string): unknown => (/^@aws-sdk\/|^asl-validator$/.test(name) ? {} : requireFrom(name));
    const module = { exports: {} };
    compileFunction(readFileSync(path, "utf8"), ["exports", "require", "module", "setTimeout", "clearTimeout", "Date", "Math"], {
      filename: path,
    })(
      module.exports,
      requireForIt,
      module,
      setTimer,
      clearTimer,
      virtualDate(() => clock.now()),
      math,
    );
    this.#exports = module.exports as Exports;
    this.#observe();
  }

  run(definition: unknown, input: unknown, options: RunOptions): LibraryExecution {
    const machine = new this.#exports.StateMachine(definition, { validationOptions: { noValidate: true } });
    return machine.run(input, options);
  }

  /** The timer that is set next is the time-out of a wait for a person: a task's time-out is set right after its handler was called. */
  holdNextTimer(): void {
    this.#holdNext = true;
  }

  /** The library's own event log of nested states comes late and incomplete, so each machine, nested ones too, tells our observer directly. */
  #observe(): void {
    const prototype = this.#exports.StateMachine.prototype;
    const original = prototype.execute;
    prototype.execute = function (input, options, cleanup) {
      const observer = options.runOptions?.observer;
      const { eventLogger } = options;
      const entered = eventLogger.dispatchStateEnteredEvent.bind(eventLogger);
      const retried = eventLogger.dispatchStateRetriedEvent.bind(eventLogger);
      eventLogger.dispatchStateEnteredEvent = (state, type, value) => {
        observer?.entered(state, type);
        entered(state, type, value);
      };
      eventLogger.dispatchStateRetriedEvent = (state, ...rest) => {
        observer?.retried(state);
        retried(state, ...rest);
      };
      return original.call(this, input, options, cleanup);
    };
  }
}
