import { ServiceError } from "../../types";
import type { Core } from "../core";
import type { Graph } from "../graph";
import { prepare } from "./definition";
import { Execution, type Machine } from "./execution";
import { Library } from "./library";
import { SdkClients } from "./sdk-client";
import { type NestedEnd, PAYLOAD_LIMIT, Tasks } from "./tasks";
import { TaskTokens } from "./tokens";

/** All state machines of the deployment and their executions. */
export class Machines {
  readonly tokens: TaskTokens;
  readonly #machines = new Map<string, Machine>();
  readonly #executions = new Map<string, Execution>();
  readonly #clients: SdkClients;
  readonly #tasks: Tasks;
  #library: Library | undefined;
  #express = 0;

  constructor(private readonly core: Core) {
    this.tokens = new TaskTokens(core);
    this.#clients = new SdkClients(core.cloud);
    this.#tasks = new Tasks(core, this.#clients, this.tokens, (arn) => this.#nestedEnd(arn));
  }

  /** Express executions started, and states entered (and retried) in Standard ones: what Step Functions bills. */
  get counters(): { express: number; standardTransitions: number } {
    const standard = [...this.#executions.values()].filter(({ machine }) => machine.type === "STANDARD");
    return { express: this.#express, standardTransitions: standard.reduce((sum, { transitions }) => sum + transitions, 0) };
  }

  deploy(graph: Graph): void {
    for (const recorded of graph.of("aws:sfn/stateMachine")) {
      const name = recorded.text("name");
      const type = recorded.optionalText("type") === "EXPRESS" ? "EXPRESS" : "STANDARD";
      const arn = recorded.text("arn");
      this.#machines.set(arn, {
        ...recorded.place,
        name,
        arn,
        type,
        roleArn: recorded.text("roleArn"),
        prepared: prepare(recorded.text("definition"), type, name),
      });
    }
  }

  has(arn: string): boolean {
    return this.#machines.has(arn);
  }

  /** A machine by ARN. Throws as the API does. */
  get(arn: string): Machine {
    const machine = this.#machines.get(arn);
    if (machine === undefined) {
      throw new ServiceError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
    }
    return machine;
  }

  execution(arn: string): Execution {
    const execution = this.#executions.get(arn);
    if (execution === undefined) {
      throw new ServiceError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
    }
    return execution;
  }

  /** Starts an execution. In Standard machines a name can be used once: again with the same input while it runs, it answers the same execution. */
  start(machineArn: string, input: string, trace: string, name: string = this.core.ids.uuid()): Execution {
    const machine = this.get(machineArn);
    check(name, input);
    const standard = machine.type === "STANDARD";
    const prefix = machineArn.replace(":stateMachine:", standard ? ":execution:" : ":express:");
    const arn = standard ? `${prefix}:${name}` : `${prefix}:${name}:${this.core.ids.uuid()}`;
    const known = this.#executions.get(arn);
    if (known !== undefined) {
      if (known.status === "RUNNING" && known.input === input) {
        return known;
      }
      throw new ServiceError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
    }
    const { core } = this;
    this.#library ??= new Library(core.clock, () => Number.parseInt(core.ids.hex(8), 16) / 2 ** 32);
    core.metrics.put({ namespace: "AWS/States", name: "ExecutionsStarted", dimensions: { StateMachineArn: machineArn } }, 1);
    this.#express += standard ? 0 : 1;
    const parts = { core, library: this.#library, tasks: this.#tasks, tokens: this.tokens };
    // The library takes its first steps in promise reactions.
    const end = core.clock.begin();
    const execution = new Execution(machine, name, arn, input, core.traces.child(trace), parts);
    setImmediate(end);
    this.#executions.set(arn, execution);
    return execution;
  }

  async close(): Promise<void> {
    for (const execution of this.#executions.values()) {
      if (execution.status === "RUNNING") {
        execution.abort();
      }
    }
    await this.#clients.close();
  }

  async #nestedEnd(arn: string): Promise<NestedEnd> {
    const execution = this.execution(arn);
    await execution.ended;
    const { machine, name, status, output, error, cause, input, start, stop } = execution;
    const description = JSON.stringify({
      ExecutionArn: arn,
      StateMachineArn: machine.arn,
      Name: name,
      Status: status,
      StartDate: start,
      StopDate: stop,
      Input: input,
      Output: output,
      Error: error,
      Cause: cause,
    });
    return { status, output, description };
  }
}

function check(name: string, input: string): void {
  if (!/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u.test(name)) {
    throw new ServiceError("InvalidName", `Invalid Name: '${name}'`);
  }
  if (Buffer.byteLength(input) > PAYLOAD_LIMIT) {
    throw new ServiceError(
      "ValidationException",
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${PAYLOAD_LIMIT}`,
    );
  }
  try {
    JSON.parse(input);
  } catch {
    throw new ServiceError("InvalidExecutionInput", "Invalid State Machine Execution Input: 'input is not valid JSON'");
  }
}
