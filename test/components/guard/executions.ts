import { setTimeout as pause } from "node:timers/promises";
import { StateMachine } from "aws-local-stepfunctions";
import { type GuardParts, guardDefinition } from "../../../components/guard/guard-definition";

export const PARTS: GuardParts = {
  partition: "aws",
  act: { arn: "arn:aws:lambda:eu-west-1:222222222222:function:tocsin-guard-act", timeoutSeconds: 60 },
  tell: { arn: "arn:aws:lambda:eu-west-1:222222222222:function:tocsin-guard-tell", timeoutSeconds: 30 },
  tableName: "tocsin-guard",
  deadLetterUrl: "https://sqs.eu-west-1.amazonaws.com/222222222222/tocsin-guard-dlq",
};
/** With approvals. */
export const asking = (onTimeout: "keep" | "undo"): GuardParts => ({ ...PARTS, approval: { timeoutSeconds: 1800, onTimeout } });

export interface DefinedState {
  readonly Type: string;
  readonly Resource?: string;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
}

/** The states of the workflow, by name. */
export const statesOf = (parts: GuardParts): Readonly<Record<string, DefinedState>> =>
  (guardDefinition(parts) as { States: Readonly<Record<string, DefinedState>> }).States;

/** What tasks answer, by the state's name; a function that throws fails. Default: an empty answer. */
export type Answers = Readonly<Record<string, (input: unknown) => unknown>>;

/** One run of the workflow, as far as anybody outside can see it. */
export interface Run {
  readonly status: "succeeded" | "failed";
  /** Tasks in order, with the payload of each call of a function. A task that was tried again is there once. */
  readonly tasks: readonly (readonly [state: string, payload: unknown])[];
  /** Absent if it failed. */
  readonly output?: unknown;
}

/** An error as a function's caller in the workflow sees it. */
export const failure = (name: string): Error => Object.assign(new Error(`${name} happened`), { name });

/** Runs the workflow in an interpreter of Amazon States Language, without waiting between tries. */
export async function run(parts: GuardParts, input: unknown, answers: Answers = {}): Promise<Run> {
  const states = statesOf(parts);
  const tasks: [string, unknown][] = [];
  const names = Object.keys(states).filter((name) => states[name]?.Type === "Task");
  const handler = (name: string) => async (input: unknown) => {
    const given = input as { readonly Payload?: unknown; readonly MessageBody?: unknown };
    if (tasks.at(-1)?.[0] !== name) {
      tasks.push([name, given.Payload ?? given.MessageBody ?? {}]);
    }
    await pause(0);
    return answers[name]?.(given) ?? {};
  };
  const machine = new StateMachine(JSON.parse(JSON.stringify(guardDefinition(parts))), {
    validationOptions: { noValidate: true },
  });
  const { result } = machine.run(input as never, {
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(names.map((name) => [name, handler(name) as never])),
      retryIntervalOverrides: Object.fromEntries(names.map((name) => [name, 0])),
    },
    context: { Execution: { Id: "the-execution", Name: "the-execution" }, Task: { Token: "the-token" } } as never,
  });
  return result.then(
    (output) => ({ status: "succeeded", tasks, output }),
    () => ({ status: "failed", tasks }),
  );
}
