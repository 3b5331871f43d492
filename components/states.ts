/** Parts of state machines in Amazon States Language: https://states-language.net/spec.html */

/** A function that the state machine waits for. */
export interface CalledFunction {
  readonly arn: string;
  /** Its longest run, in seconds. */
  readonly timeoutSeconds: number;
}

/** A state, or a part of one. */
export type State = Readonly<Record<string, unknown>>;

/** Errors of Lambda itself, which are over at the next try, and of a deliver function whose channel asks it to slow down. */
export const PASSING = [
  "Lambda.ServiceException",
  "Lambda.AWSLambdaException",
  "Lambda.SdkClientException",
  "Lambda.TooManyRequestsException",
  "Throttled",
  "ThrottlingException",
  "TooManyRequestsException",
];

/**
 * Waits of at most 2, 4, 8, … seconds, spread at random so that the alerts of a storm do not come back in step. The sum is bounded: an Express execution ends after
 * five minutes, whatever it is doing.
 */
export const retry = (errors: readonly string[], attempts: number, maxDelaySeconds = 60): State => ({
  ErrorEquals: errors,
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: attempts,
  MaxDelaySeconds: maxDelaySeconds,
  JitterStrategy: "FULL",
});

/** Goes on elsewhere after an error, with `$.error`. */
export const caught = (next: string, errors: readonly string[] = ["States.ALL"]): State => ({
  ErrorEquals: errors,
  ResultPath: "$.error",
  Next: next,
});

/** A call of a service, by the action's name in Step Functions. */
export const task = (partition: string, action: string): State => ({ Type: "Task", Resource: `arn:${partition}:states:::${action}` });

/** Calls a function. @param input its parameter `Payload`; default: the whole state. */
export const invoke = (partition: string, { arn, timeoutSeconds }: CalledFunction, input: State = { "Payload.$": "$" }): State => ({
  ...task(partition, "lambda:invoke"),
  Parameters: { FunctionName: arn, ...input },
  // A little longer than the function runs: what it says about itself tells more than that it took too long.
  TimeoutSeconds: timeoutSeconds + 5,
});

/** Sends to a queue; one that fails is asked again. */
export const send = (partition: string, queueUrl: string, message: State): State => ({
  ...task(partition, "sqs:sendMessage"),
  Parameters: { QueueUrl: queueUrl, ...message },
  Retry: [retry(["States.ALL"], 5)],
});

/** One test. */
export const choice = (test: State, then: string, otherwise: string): State => ({
  Type: "Choice",
  Choices: [{ ...test, Next: then }],
  Default: otherwise,
});
