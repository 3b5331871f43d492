import { type CalledFunction, caught, choice, invoke, retry, type State, send, task } from "../states";

/** What the state machine "guard" calls. */
export interface GuardParts {
  /** Partition of the Region, for example `aws`. */
  readonly partition: string;
  readonly act: CalledFunction;
  readonly tell: CalledFunction;
  readonly tableName: string;
  /** Where what nobody could be told of comes to rest. */
  readonly deadLetterUrl: string;
  /** Present where people are asked before something is put back. */
  readonly approval?: {
    /** How long an answer is waited for. */
    readonly timeoutSeconds: number;
    /** What happens without one. */
    readonly onTimeout: "keep" | "undo";
  };
}

/** A step that people wait to hear of: a few tries, some ten seconds in all besides the runs. What it cannot do is told. */
const AT_ONCE = retry(["States.ALL"], 3, 10);

/** A step that may take its time: an hour and a half on average, so that an hour's outage loses nothing. */
const PATIENTLY = retry(["States.ALL"], 40, 300);

/** The same for a step that waits for people: that nobody answered is no error of the step. */
const PATIENTLY_ASKED = { ...PATIENTLY, ErrorEquals: ["States.TaskFailed"] };

/** What is tested first of a change that may be touched. */
const touchable = (mode: string): State => ({
  And: [
    { Variable: "$.mode", StringEquals: mode },
    { Variable: "$.touchable", BooleanEquals: true },
    { Variable: "$.repeated", NumericLessThan: 3 },
  ],
});

/**
 * The workflow of one change of a security group, in Amazon States Language. Its input is `{changeId, mode, repeated, touchable}`, or, to undo what tocsin put
 * back, `{changeId, task: "undo", by}`; then its output has what `guard-act` answered in `undone.Payload`. All else that is known of the change is in the table, and so is the token by which a person's answer comes.
 *
 * It ends in people being told, or in the dead-letter queue, which has an alarm. What cannot be put back is told like what was.
 */
export function guardDefinition(parts: GuardParts): State {
  const { partition, act, tell, approval } = parts;
  const told = (what: "found" | "outcome", more: State = {}): State => ({
    ...invoke(partition, tell, { Payload: { "changeId.$": "$.changeId", what, ...more } }),
    ResultPath: null,
    Retry: [PATIENTLY],
    Catch: [caught("DeadLetter")],
    End: true,
  });
  const done = (details: State, retries: State): State => ({
    ...invoke(partition, act, { Payload: { "changeId.$": "$.changeId", ...details } }),
    ResultPath: null,
    Retry: [retries],
    Catch: [caught("DeadLetter")],
    Next: "Report",
  });
  return {
    Comment: "Tells people of one change of a security group, and puts it back where the settings or somebody say so",
    StartAt: "What?",
    States: {
      "What?": {
        Type: "Choice",
        Choices: [
          {
            And: [
              { Variable: "$.task", IsPresent: true },
              { Variable: "$.task", StringEquals: "undo" },
            ],
            Next: "Undo",
          },
          { Variable: "$.mode", StringEquals: "closed", Next: "Closed" },
          // Begun anew from the dead-letter queue, after somebody had answered.
          ...(approval ? [{ Variable: "$.answer.decision", IsPresent: true, Next: "Answer?" }] : []),
          { ...touchable("revert"), Next: "Revert" },
          ...(approval ? [{ ...touchable("approve"), Next: "Ask" }] : []),
        ],
        Default: "Tell",
      },
      Revert: decided({}),
      PutBack: {
        ...invoke(partition, act, { "Payload.$": "$.act" }),
        ResultPath: null,
        Retry: [AT_ONCE],
        Catch: [caught("GiveUp")],
        Next: "Known?",
      },
      // Not by the function, which just failed. If even this fails, people are told of the change as it is.
      GiveUp: {
        ...task(partition, "dynamodb:updateItem"),
        Parameters: {
          TableName: parts.tableName,
          Key: { pk: { "S.$": "States.Format('change#{}', $.changeId)" }, sk: { S: "change" } },
          UpdateExpression: "SET #status = :failed",
          // Else it was put back, or closed, after all.
          ConditionExpression: "#status IN (:told, :asked, :acting)",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: {
            ":failed": { S: "failed" },
            ":told": { S: "told" },
            ":asked": { S: "asked" },
            ":acting": { S: "acting" },
          },
        },
        ResultPath: null,
        Retry: [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], MaxAttempts: 0 }, AT_ONCE],
        Catch: [caught("Known?")],
        Next: "Known?",
      },
      // Who was asked knows of the change already.
      "Known?": choice({ Variable: "$.mode", StringEquals: "approve" }, "Report", "Tell"),
      ...(approval && asking(parts, approval, done)),
      // Somebody waits for it: whoever ran the command reads the answer in the execution's output. While it has not succeeded the change stays "undoing", from where it can be tried again.
      Undo: { ...done({ task: "undo", "by.$": "$.by" }, retry(["States.ALL"], 8)), ResultPath: "$.undone", Next: "ReportUndo" },
      Tell: told("found"),
      Report: told("outcome"),
      ReportUndo: told("outcome", { "undo.$": "$$.Execution.Name" }),
      // What the change opened was closed by somebody else. The record may say so a moment later.
      Closed: told("outcome", { result: { status: "closed" } }),
      DeadLetter: {
        ...send(partition, parts.deadLetterUrl, {
          // The state as well: from there it can be begun anew (functions/guard/redriven.ts).
          MessageBody: { "changeId.$": "$.changeId", "execution.$": "$$.Execution.Name", "failed.$": "$.error", "state.$": "$" },
          MessageAttributes: { error: { DataType: "String", "StringValue.$": "$.error.Error" } },
        }),
        Next: "NotTold",
      },
      NotTold: { Type: "Fail", Error: "NotTold", Cause: "What could not be done is in the dead-letter queue" },
    },
  };
}

/** Asks people, and does what they say; without an answer, what the settings say. */
function asking(
  { partition, tell }: GuardParts,
  { timeoutSeconds, onTimeout }: NonNullable<GuardParts["approval"]>,
  done: (details: State, retries: State) => State,
): Readonly<Record<string, State>> {
  return {
    Ask: {
      ...task(partition, "lambda:invoke.waitForTaskToken"),
      Parameters: { FunctionName: tell.arn, Payload: { "changeId.$": "$.changeId", what: "ask", "token.$": "$$.Task.Token" } },
      TimeoutSeconds: timeoutSeconds,
      ResultPath: "$.answer",
      Retry: [{ ErrorEquals: ["NothingToAsk"], MaxAttempts: 0 }, PATIENTLY_ASKED],
      Catch: [
        // It was closed meanwhile.
        caught("Report", ["NothingToAsk"]),
        caught(onTimeout === "undo" ? "Unanswered" : "Leave", ["States.Timeout"]),
        caught("DeadLetter"),
      ],
      Next: "Answer?",
    },
    // Only this very word makes anything happen.
    "Answer?": choice({ Variable: "$.answer.decision", StringEquals: "undo" }, "AsDecided", "Keep"),
    AsDecided: decided({ "by.$": "$.answer.by" }),
    Keep: done({ task: "keep", "by.$": "$.answer.by" }, PATIENTLY),
    ...(onTimeout === "undo" ? { Unanswered: decided({}) } : { Leave: done({ task: "keep" }, PATIENTLY) }),
  };
}

/** It is to be put back. @param by who decided; none: the settings. */
const decided = (by: State): State => ({
  Type: "Pass",
  Parameters: { "changeId.$": "$.changeId", task: "put-back", ...by },
  ResultPath: "$.act",
  Next: "PutBack",
});
