import { type ServiceAnswer, type ServiceCall, ServiceError } from "../../types";
import type { Core } from "../core";
import type { Execution } from "./execution";
import type { Machines } from "./machines";

type Input = Readonly<Record<string, unknown>>;

const text = (value: unknown, otherwise = ""): string => (typeof value === "string" ? value : otherwise);
const optional = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const seconds = (milliseconds: number): number => milliseconds / 1000;

/** Step Functions' API, as functions and state machines call it. */
export class StatesApi {
  readonly #operations: Readonly<Record<string, (input: Input, call: ServiceCall) => unknown>> = {
    StartExecution: (input, call) => {
      const { arn, start } = this.#start(input, call);
      return { executionArn: arn, startDate: seconds(start) };
    },
    StartSyncExecution: (input, call) => this.#startSync(input, call),
    DescribeExecution: (input) => this.#describe(text(input.executionArn)),
    StopExecution: async (input) => {
      const execution = this.machines.execution(text(input.executionArn));
      execution.abort(optional(input.error), optional(input.cause));
      await execution.ended;
      return { stopDate: seconds(execution.stop ?? execution.start) };
    },
    SendTaskSuccess: (input, { trace }) => {
      try {
        JSON.parse(text(input.output));
      } catch {
        throw new ServiceError("InvalidOutput", "Invalid Output: 'output is not valid JSON'");
      }
      this.machines.tokens.succeed(text(input.taskToken), text(input.output), trace);
      return {};
    },
    SendTaskFailure: (input, { trace }) => {
      this.machines.tokens.fail(text(input.taskToken), text(input.error, "States.TaskFailed"), text(input.cause), trace);
      return {};
    },
    SendTaskHeartbeat: (input) => {
      this.machines.tokens.heartbeat(text(input.taskToken));
      return {};
    },
  };

  constructor(
    private readonly core: Core,
    private readonly machines: Machines,
  ) {}

  /** Answers a call, or `undefined` for an operation that is not ours. */
  async answer(call: ServiceCall): Promise<ServiceAnswer | undefined> {
    const operation = this.#operations[call.operation];
    return operation === undefined ? undefined : { body: await operation(call.input, call) };
  }

  #start(input: Input, call: ServiceCall): Execution {
    const trace = optional(input.traceHeader) ?? call.trace ?? this.core.traces.begin("event");
    return this.machines.start(text(input.stateMachineArn), text(input.input, "{}"), trace, optional(input.name));
  }

  async #startSync(input: Input, call: ServiceCall): Promise<Input> {
    if (this.machines.get(text(input.stateMachineArn)).type !== "EXPRESS") {
      throw new ServiceError("StateMachineTypeNotSupported", "This operation is not supported by this type of state machine");
    }
    const execution = this.#start(input, call);
    await this.core.callers.waiting(call.trace, execution.ended);
    const billed = Math.max(100, Math.ceil(((execution.stop ?? execution.start) - execution.start) / 100) * 100);
    return {
      executionArn: execution.arn,
      stateMachineArn: execution.machine.arn,
      ...facts(execution),
      billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: billed },
    };
  }

  #describe(arn: string): Input {
    const execution = this.machines.execution(arn);
    if (execution.machine.type === "EXPRESS") {
      throw new ServiceError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
    }
    return {
      executionArn: arn,
      stateMachineArn: execution.machine.arn,
      ...facts(execution),
      redriveCount: 0,
      redriveStatus: "NOT_REDRIVABLE",
    };
  }
}

const facts = ({ name, status, start, stop, input, output, error, cause }: Execution): Input => ({
  name,
  status,
  startDate: seconds(start),
  ...(stop === undefined ? {} : { stopDate: seconds(stop) }),
  input,
  inputDetails: { included: true },
  ...(output === undefined ? {} : { output, outputDetails: { included: true } }),
  ...(error === undefined ? {} : { error }),
  ...(cause === undefined ? {} : { cause }),
});
