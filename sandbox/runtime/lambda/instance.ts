import { Worker } from "node:worker_threads";
import type { Caller } from "../callers";
import type { Core } from "../core";
import { workerProgram } from "./bundle";
import type { FromWorker, FunctionFailure, ToWorker, WorkerStart } from "./protocol";

/** Real time after which a function that does not come to rest is stopped: an endless loop takes no virtual time. */
const PATIENCE = 60_000;

export interface Invocation {
  /** JSON text. */
  readonly event: string;
  readonly trace: string;
  readonly requestId: string;
}

/** How an invocation ended. */
export interface Outcome {
  /** JSON text of the result or of the failure. */
  readonly payload: string;
  readonly failure?: FunctionFailure;
  /** Virtual time slept and CPU time, whole milliseconds. */
  readonly milliseconds: number;
}

export interface InstanceSettings {
  readonly name: string;
  readonly arn: string;
  /** Milliseconds. */
  readonly timeout: number;
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly start: WorkerStart;
}

interface Running extends Invocation {
  readonly since: number;
  readonly finish: (outcome: Outcome) => void;
}

/** One execution environment of a function: a worker thread that handles one invocation at a time. */
export class Instance implements Caller {
  readonly #worker: Worker;
  #running: Running | undefined;
  #reserved = false;
  #broken = false;
  #idle = false;
  #parked = 0;
  #working: (() => void) | undefined;
  #cancelWake: (() => void) | undefined;

  constructor(
    private readonly core: Core,
    private readonly settings: InstanceSettings,
    private readonly log: (text: string, trace: string) => void,
    /** Hears when it begins to rest. */
    private readonly onRest: () => void = () => undefined,
  ) {
    this.#worker = new Worker(workerProgram(), {
      eval: true,
      argv: [],
      execArgv: [],
      env: { ...settings.environment },
      workerData: settings.start,
      name: settings.name,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: settings.memory },
    });
    this.#worker.on("message", (message: FromWorker) => this.#hear(message));
    this.#worker.on("error", (error) => this.#crash("Runtime.ExitError", String(error)));
    this.#worker.on("exit", (code) =>
      this.#crash("Runtime.ExitError", `Runtime exited ${code === 0 ? "without providing a reason" : `with error: exit status ${code}`}`),
    );
  }

  get free(): boolean {
    return this.#running === undefined && !this.#reserved && !this.#broken;
  }

  /** Keeps it for the invocation that found it free, until that begins: others may look in between. */
  reserve(): this {
    this.#reserved = true;
    return this;
  }

  /** Whether its invocation sleeps, or waits for a call that takes virtual time. */
  get resting(): boolean {
    return this.#running !== undefined && ((this.#idle && this.#cancelWake !== undefined) || this.#parked > 0);
  }

  /** Whether it can never be used again. */
  get broken(): boolean {
    return this.#broken;
  }

  invoke(invocation: Invocation): Promise<Outcome> {
    const { clock, callers } = this.core;
    const since = clock.now();
    const deadline = since + this.settings.timeout;
    return new Promise((resolve) => {
      const unregister = callers.register(invocation.trace, this);
      const cancelDeadline = clock.at(deadline, () => this.#expire());
      const patience = setTimeout(() => this.#expire(), Math.max(PATIENCE, this.settings.timeout));
      const finish = (outcome: Outcome): void => {
        clearTimeout(patience);
        cancelDeadline();
        this.#cancelWake?.();
        unregister();
        this.#running = undefined;
        // Whoever waits for the outcome goes on before this invocation stops counting as work.
        setImmediate(() => this.#count());
        resolve(outcome);
      };
      this.#reserved = false;
      this.#running = { ...invocation, since, finish };
      this.#idle = false;
      this.#parked = 0;
      this.#count();
      this.#tell({ kind: "invoke", ...invocation, functionArn: this.settings.arn, now: since, deadline });
    });
  }

  park(): void {
    this.#parked += 1;
    this.#tell({ kind: "parked", calls: this.#parked, now: this.core.clock.now() });
    this.#count();
  }

  resume(): void {
    this.#parked -= 1;
    this.#wakeUp();
    this.#tell({ kind: "parked", calls: this.#parked, now: this.core.clock.now() });
  }

  async close(): Promise<void> {
    this.#broken = true;
    this.#running?.finish(this.#failed({ errorType: "Runtime.ExitError", errorMessage: "the sandbox was closed" }));
    await this.#worker.terminate();
  }

  #tell(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #hear(message: FromWorker): void {
    const running = this.#running;
    if (message.kind === "log") {
      this.log(message.text, running?.trace ?? "");
    } else if (running === undefined) {
      return;
    } else if (message.kind === "idle") {
      this.#idle = true;
      this.#cancelWake?.();
      this.#cancelWake =
        message.wake === undefined
          ? undefined
          : this.core.clock.at(message.wake, () => {
              this.#wakeUp();
              this.#tell({ kind: "wake", now: this.core.clock.now() });
            });
      this.#count();
    } else {
      if (message.broken === true) {
        this.#discard();
      }
      if (message.failure !== undefined) {
        // As Lambda's Node runtime does.
        this.log(`ERROR\tInvoke Error\t${JSON.stringify(message.failure)}`, running.trace);
      }
      const milliseconds = Math.ceil(this.core.clock.now() - running.since + message.cpu);
      running.finish(
        message.failure === undefined
          ? { payload: message.result ?? "null", milliseconds }
          : { payload: JSON.stringify(message.failure), failure: message.failure, milliseconds },
      );
    }
  }

  #wakeUp(): void {
    this.#idle = false;
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.#count();
  }

  /** Counts as work while the function does something, not while it sleeps or waits for a call that takes virtual time. */
  #count(): void {
    const works = this.#running !== undefined && !this.#idle && this.#parked === 0;
    if (works && this.#working === undefined) {
      this.#working = this.core.clock.begin();
    } else if (!works) {
      if (this.resting) {
        this.onRest();
      }
      this.#working?.();
      this.#working = undefined;
    }
  }

  #expire(): void {
    const running = this.#running;
    if (running === undefined) {
      return;
    }
    this.#idle = false;
    this.#parked = 0;
    this.#count();
    this.#discard();
    const message = `Task timed out after ${(this.settings.timeout / 1000).toFixed(2)} seconds`;
    this.log(`${running.requestId} ${message}`, running.trace);
    running.finish(this.#failed({ errorType: "Sandbox.Timedout", errorMessage: `RequestId: ${running.requestId} Error: ${message}` }));
  }

  #crash(errorType: string, reason: string): void {
    this.#broken = true;
    const running = this.#running;
    if (running !== undefined) {
      this.#parked = 0;
      this.#wakeUp();
      this.log(`RequestId: ${running.requestId} Error: ${reason}`, running.trace);
      running.finish(this.#failed({ errorType, errorMessage: `RequestId: ${running.requestId} Error: ${reason}` }));
    }
  }

  #failed(failure: FunctionFailure): Outcome {
    const since = this.#running?.since ?? this.core.clock.now();
    return { payload: JSON.stringify(failure), failure, milliseconds: Math.max(1, this.core.clock.now() - since) };
  }

  #discard(): void {
    this.#broken = true;
    void this.#worker.terminate();
  }
}
