import type { Place } from "../../types";
import type { Core } from "../core";
import { isRecord } from "../graph";
import type { State } from "./definition";
import { parseResource, type TaskResource } from "./resource";
import type { SdkClients } from "./sdk-client";
import { TaskError } from "./task-error";
import type { TaskTokens } from "./tokens";

/** Largest input or output of a state, in bytes. */
export const PAYLOAD_LIMIT = 256 * 1024;

/** On whose behalf a task runs. */
export interface TaskScope {
  readonly place: Place;
  readonly roleArn: string;
  readonly trace: string;
  /** Hears that a wait for somebody's answer is over: the trace of whoever answered; "timer" if nobody did in time. */
  readonly resumed: (by: string | "timer" | undefined) => void;
}

/** How a nested execution ended. */
export interface NestedEnd {
  readonly status: string;
  readonly output: string | undefined;
  /** What DescribeExecution answers, as JSON text. */
  readonly description: string;
}

/** Runs the tasks of state machines. */
export class Tasks {
  constructor(
    private readonly core: Core,
    private readonly clients: SdkClients,
    private readonly tokens: TaskTokens,
    /** Waits for the end of an execution by its ARN. */
    private readonly ended: (executionArn: string) => Promise<NestedEnd>,
  ) {}

  /** Runs a task with its processed input. Throws `TaskError`. */
  async run(state: State, input: unknown, scope: TaskScope): Promise<unknown> {
    const resource = parseResource(String(state.Resource));
    if (resource === undefined) {
      throw new TaskError("States.Runtime", `the sandbox cannot call ${String(state.Resource)}`);
    }
    const token = resource.pattern === "token" ? this.tokens.find(input) : undefined;
    if (resource.pattern === "token" && token === undefined) {
      throw new TaskError("States.Runtime", "the parameters contain no task token ($$.Task.Token)");
    }
    // Waits from before the call: the answer may come while the call is still going on.
    const answer =
      token === undefined
        ? undefined
        : this.tokens.wait(token, {
            heartbeat: milliseconds(state.HeartbeatSeconds),
            timeout: milliseconds(state.TimeoutSeconds),
            answered: scope.resumed,
            expired: () => scope.resumed("timer"),
          });
    answer?.catch(() => undefined);
    let result: unknown;
    try {
      result = await this.#call(resource, state, input, scope);
    } catch (error) {
      if (token !== undefined) {
        this.tokens.drop(token);
      }
      throw error;
    }
    return limited(answer === undefined ? await this.#afterCall(resource, result) : await answer);
  }

  /** Makes the call as work that steps back when its answer takes virtual time. */
  async #call(resource: TaskResource, state: State, input: unknown, scope: TaskScope): Promise<unknown> {
    const { callers, clock, traces } = this.core;
    const trace = traces.child(scope.trace);
    let end = clock.begin();
    const unregister = callers.register(trace, {
      park: () => end(),
      resume: () => {
        end = clock.begin();
      },
    });
    try {
      const parameters = resource.kind === "function" ? { FunctionName: state.Resource, Payload: input } : input;
      const answer = await this.clients.call(resource, scope.roleArn, scope.place, parameters, trace);
      return resource.service === "lambda" && resource.operation === "invoke" ? lambdaResult(resource, answer) : resultOf(resource, answer);
    } finally {
      unregister();
      // The library goes on to the next state before this task stops counting as work.
      setImmediate(() => end());
    }
  }

  /** `.sync`: the task ends with the execution that it started. */
  async #afterCall(resource: TaskResource, result: unknown): Promise<unknown> {
    if ((resource.pattern !== "sync" && resource.pattern !== "sync:2") || !isRecord(result)) {
      return result;
    }
    const { status, output, description } = await this.ended(String(result.ExecutionArn));
    if (status !== "SUCCEEDED") {
      throw new TaskError("States.TaskFailed", description);
    }
    return { ...(JSON.parse(description) as object), Output: resource.pattern === "sync" ? output : JSON.parse(output ?? "null") };
  }
}

const milliseconds = (seconds: unknown): number | undefined => (typeof seconds === "number" ? seconds * 1000 : undefined);

/** A function's result, or its error under its own name. */
function lambdaResult(resource: TaskResource, answer: Readonly<Record<string, unknown>>): unknown {
  const payload = typeof answer.Payload === "string" && answer.Payload !== "" ? answer.Payload : "null";
  const value: unknown = JSON.parse(payload);
  if (answer.FunctionError !== undefined) {
    const type = isRecord(value) && typeof value.errorType === "string" && value.errorType !== "" ? value.errorType : "Lambda.Unknown";
    throw new TaskError(type, payload);
  }
  return resource.kind === "function" ? value : resource.kind === "sdk" ? answer : { ...withMetadata(answer), Payload: value };
}

const resultOf = (resource: TaskResource, answer: Readonly<Record<string, unknown>>): unknown =>
  resource.kind === "optimized" ? withMetadata(answer) : answer;

const withMetadata = (answer: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  ...answer,
  SdkHttpMetadata: { HttpStatusCode: 200 },
  SdkResponseMetadata: {},
});

function limited(result: unknown): unknown {
  if (Buffer.byteLength(JSON.stringify(result) ?? "null") > PAYLOAD_LIMIT) {
    throw new TaskError(
      "States.DataLimitExceeded",
      "The state/task returned a result with a size exceeding the maximum number of bytes service limit.",
    );
  }
  return result;
}
