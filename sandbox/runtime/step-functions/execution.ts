import type { Core } from "../core";
import type { Prepared } from "./definition";
import type { Library, LibraryExecution, TaskHandler } from "./library";
import type { Tasks } from "./tasks";
import type { TaskTokens } from "./tokens";

/** A deployed state machine. */
export interface Machine {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly region: string;
  readonly roleArn: string;
  readonly type: "STANDARD" | "EXPRESS";
  readonly prepared: Prepared;
}

export type Status = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

export interface ExecutionParts {
  readonly core: Core;
  readonly library: Library;
  readonly tasks: Tasks;
  readonly tokens: TaskTokens;
}

/** One run of a state machine. */
export class Execution {
  status: Status = "RUNNING";
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  readonly start: number;
  stop: number | undefined;
  /** Names of the states entered, in order, those in Map and Parallel among them. */
  readonly path: string[] = [];
  transitions = 0;
  /** Resolves when the execution has ended, however it did. */
  readonly ended: Promise<void>;
  readonly #run: LibraryExecution;
  #stopped: { readonly error: string | undefined; readonly cause: string | undefined } | undefined;

  constructor(
    readonly machine: Machine,
    readonly name: string,
    readonly arn: string,
    readonly input: string,
    /** Of what makes it go on: of its start, later of whoever answered a task that waited. */
    private trace: string,
    private readonly parts: ExecutionParts,
  ) {
    const { core, library, tokens } = parts;
    this.start = core.clock.now();
    const startTime = new Date(this.start).toISOString();
    const state = { Name: "", EnteredTime: startTime, RetryCount: 0 };
    const identity = { Id: arn, Name: name, RoleArn: machine.roleArn, RedriveCount: 0 };
    this.#run = library.run(machine.prepared.definition, JSON.parse(input), {
      overrides: { taskResourceLocalHandlers: this.#handlers() },
      context: {
        Execution: identity,
        TopExecution: { ...identity, Input: JSON.parse(input) as unknown, StartTime: startTime },
        StateMachine: { Id: machine.arn, Name: machine.name },
        State: state,
        Task: {
          get Token() {
            return tokens.issue();
          },
        },
      },
      observer: {
        entered: (name) => {
          Object.assign(state, { Name: name, EnteredTime: new Date(core.clock.now()).toISOString(), RetryCount: 0 });
          this.path.push(name);
          this.transitions += 1;
        },
        retried: () => {
          state.RetryCount += 1;
          this.transitions += 1;
        },
      },
    });
    this.ended = this.#run.result.then(
      (output) => this.#end("SUCCEEDED", { output: JSON.stringify(output) ?? "null" }),
      (error: unknown) => this.#fail(error),
    );
  }

  /** Stops it, as StopExecution does. */
  abort(error?: string, cause?: string): void {
    this.#stopped = { error, cause };
    this.#run.abort();
  }

  #handlers(): Record<string, TaskHandler> {
    const { library, tasks } = this.parts;
    const { machine } = this;
    return Object.fromEntries(
      [...machine.prepared.tasks].map(([name, state]) => [
        name,
        (input) => {
          if (String(state.Resource).endsWith(".waitForTaskToken")) {
            library.holdNextTimer();
          }
          const resumed = (by: string | undefined): void => {
            this.trace = this.parts.core.traces.resumed(this.trace, by);
          };
          return tasks.run(state, input, { place: machine, roleArn: machine.roleArn, trace: this.trace, resumed });
        },
      ]),
    );
  }

  #fail(error: unknown): void {
    const failure = error instanceof Error ? error : new Error(String(error));
    if (failure.name === "ExecutionTimeoutError") {
      this.#end("TIMED_OUT", { error: "States.Timeout" });
    } else if (failure.name === "ExecutionAbortedError") {
      this.#end("ABORTED", this.#stopped ?? {});
    } else {
      const inner = failure.cause instanceof Error ? failure.cause : failure;
      this.#end("FAILED", { error: inner.name, cause: inner.message });
    }
  }

  #end(status: Status, result: { output?: string; error?: string | undefined; cause?: string | undefined }): void {
    const { clock, metrics, tell } = this.parts.core;
    const end = clock.begin();
    this.status = status;
    this.output = result.output;
    this.error = result.error;
    this.cause = result.cause;
    this.stop = clock.now();
    const metric = { SUCCEEDED: "Succeeded", FAILED: "Failed", TIMED_OUT: "TimedOut", ABORTED: "Aborted", RUNNING: "Started" }[status];
    metrics.put({ namespace: "AWS/States", name: `Executions${metric}`, dimensions: { StateMachineArn: this.machine.arn } }, 1);
    tell.execution({ machine: this.machine.name, status, path: this.path });
    setImmediate(end);
  }
}
