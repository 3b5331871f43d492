/** What the state machine "alert" calls. */
export interface AlertParts {
  /** Partition of the Region, for example `aws`. */
  readonly partition: string;
  readonly enrichArn: string;
  /** The deliver function of each kind of channel that is deployed. */
  readonly deliverArns: Readonly<Record<string, string>>;
  readonly tableName: string;
  /** Queue of what a channel did not take. */
  readonly undeliveredUrl: string;
  /** Where it rests when nobody is to be told by it. */
  readonly deadLetterUrl: string;
  /** Queue of findings to mark as notified; absent where nothing is written back. */
  readonly writeBackUrl?: string;
}

/** What became of a channel that accepted its message. */
const TOLD = "told";

type State = Readonly<Record<string, unknown>>;

/** Errors of Lambda itself, which are over at the next try, and of a deliver function whose channel asks it to slow down. */
const PASSING = [
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
const retry = (errors: readonly string[], attempts: number, maxDelaySeconds = 60): State => ({
  ErrorEquals: errors,
  IntervalSeconds: 2,
  BackoffRate: 2,
  MaxAttempts: attempts,
  MaxDelaySeconds: maxDelaySeconds,
  JitterStrategy: "FULL",
});

const caught = (next: string, errors: readonly string[] = ["States.ALL"]): State => ({
  ErrorEquals: errors,
  ResultPath: "$.error",
  Next: next,
});

const task = (partition: string, action: string): State => ({ Type: "Task", Resource: `arn:${partition}:states:::${action}` });

const invoke = (partition: string, functionArn: string, timeoutSeconds: number): State => ({
  ...task(partition, "lambda:invoke"),
  Parameters: { FunctionName: functionArn, "Payload.$": "$" },
  TimeoutSeconds: timeoutSeconds,
});

const send = (partition: string, queueUrl: string, message: State): State => ({
  ...task(partition, "sqs:sendMessage"),
  Parameters: { QueueUrl: queueUrl, ...message },
  Retry: [retry(["States.ALL"], 5)],
});

/**
 * Hands the claim over to the queue of undelivered ones, once it is there: nobody else takes a telling that waits in it for a lost one. If the table does not
 * answer, or a later telling has taken over, it is parked all the same.
 */
const hold = (partition: string, tableName: string, next: string): State => ({
  Type: "Task",
  Resource: `arn:${partition}:states:::dynamodb:updateItem`,
  Parameters: {
    TableName: tableName,
    Key: { pk: { "S.$": "$.alert.key" } },
    UpdateExpression: "SET claimBy = :queue, claimUntil = :never",
    ConditionExpression: "claim = :telling",
    ExpressionAttributeValues: {
      ":queue": { S: "undelivered" },
      ":never": { S: "9999-12-31T23:59:59.999Z" },
      ":telling": { "S.$": "$.alert.telling" },
    },
  },
  ResultPath: null,
  Retry: [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], MaxAttempts: 0 }, retry(["States.ALL"], 2)],
  Catch: [caught(next)],
  Next: next,
});

const choice = (test: State, then: string, otherwise: string): State => ({
  Type: "Choice",
  Choices: [{ ...test, Next: then }],
  Default: otherwise,
});

/**
 * The workflow that tells people of one thing, in Amazon States Language. Its input is `{alert}`, or, when it is run again for what was not delivered,
 * `{alert, account?, channels?, parked: true}`.
 *
 * Each channel is told by itself: one that fails is parked in a queue and tried again later, while the others go on. A message that a channel accepted is
 * recorded as a step of its own, so that a store that fails is asked again without sending the message again.
 */
export function alertDefinition(parts: AlertParts): State {
  const { partition } = parts;
  return {
    Comment: "Tells people of one finding, channel by channel",
    StartAt: "Again?",
    TimeoutSeconds: 300,
    States: {
      // Whether this run is a second try is known from here on as `$.parked`.
      "Again?": choice({ Variable: "$.parked", IsPresent: true }, "Routed?", "FirstTry"),
      FirstTry: { Type: "Pass", Result: false, ResultPath: "$.parked", Next: "Routed?" },
      "Routed?": choice({ Variable: "$.channels", IsPresent: true }, "Tell", "Enrich"),
      Enrich: {
        ...invoke(partition, parts.enrichArn, 20),
        ResultSelector: { "account.$": "$.Payload.account", "channels.$": "$.Payload.channels" },
        ResultPath: "$.enriched",
        Retry: [retry(PASSING, 3)],
        // What no route leads anywhere can never succeed; everything else is tried again.
        Catch: [caught("NoRoute", ["NoRoute"]), caught("AlertParked?")],
        Next: "Route",
      },
      Route: {
        Type: "Pass",
        // Now that its channels are known each of them is parked by itself, also when this is a second try of the whole.
        Parameters: { "alert.$": "$.alert", "account.$": "$.enriched.account", "channels.$": "$.enriched.channels", parked: false },
        Next: "Tell",
      },
      NoRoute: {
        Type: "Pass",
        // The cause of a function's error is JSON.
        Parameters: { "alert.$": "$.alert", "cause.$": "States.StringToJson($.error.Cause)" },
        Next: "Bury",
      },
      Bury: {
        ...send(partition, parts.deadLetterUrl, {
          MessageBody: { "alert.$": "$.alert", parked: true },
          MessageAttributes: { error: { DataType: "String", "StringValue.$": "$.cause.errorMessage" } },
        }),
        End: true,
      },
      "AlertParked?": choice({ Variable: "$.parked", BooleanEquals: true }, "NotEnriched", "ParkAlert"),
      ParkAlert: {
        ...send(partition, parts.undeliveredUrl, { MessageBody: { "alert.$": "$.alert", parked: true }, DelaySeconds: 60 }),
        ResultPath: null,
        Next: "HoldAlert",
      },
      HoldAlert: hold(partition, parts.tableName, "AlertParked"),
      AlertParked: { Type: "Succeed" },
      NotEnriched: { Type: "Fail", Error: "NotEnriched", Cause: "The alert stays in the queue of undelivered ones and is tried again" },
      Tell: {
        Type: "Map",
        ItemsPath: "$.channels",
        ItemSelector: { "alert.$": "$.alert", "account.$": "$.account", "channel.$": "$$.Map.Item.Value", "parked.$": "$.parked" },
        ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, ...tellChannel(parts) },
        ResultPath: "$.outcomes",
        ...(parts.writeBackUrl === undefined ? { End: true } : { Next: "Outcome" }),
      },
      ...(parts.writeBackUrl !== undefined && {
        Outcome: {
          Type: "Pass",
          Parameters: { "alert.$": "$.alert", "told.$": `States.ArrayContains($.outcomes, '${TOLD}')` },
          Next: "WriteBack?",
        },
        // Only when somebody was told: what all channels left parked is marked by the run that delivers it.
        "WriteBack?": choice(
          {
            And: [
              { Variable: "$.alert.markable", BooleanEquals: true },
              { Variable: "$.told", BooleanEquals: true },
            ],
          },
          "WriteBack",
          "Done",
        ),
        WriteBack: {
          ...send(partition, parts.writeBackUrl, { "MessageBody.$": "States.JsonToString($.alert.marks)" }),
          // People were told. A finding that is not marked comes again and is kept quiet by its episode.
          Catch: [caught("Done")],
          Next: "Done",
        },
        Done: { Type: "Succeed" },
      }),
    },
  };
}

/** Tells one channel: `{alert, account, channel, parked}`. */
function tellChannel(parts: AlertParts): State {
  const { partition, undeliveredUrl } = parts;
  // Without a kind of channel that is deployed "enrich" routes to none; if it does, the alert must not pass for told.
  const none = Object.keys(parts.deliverArns).length === 0;
  return {
    StartAt: none ? "Parked?" : "Sent?",
    States: {
      ...(!none && deliver(parts)),
      "Parked?": choice({ Variable: "$.parked", BooleanEquals: true }, "NotDelivered", "Park"),
      Park: {
        ...send(partition, undeliveredUrl, {
          MessageBody: { "alert.$": "$.alert", "account.$": "$.account", "channels.$": "States.Array($.channel)", parked: true },
          DelaySeconds: 60,
        }),
        ResultPath: null,
        Next: "Hold",
      },
      Hold: hold(partition, parts.tableName, "Parked"),
      Parked: { Type: "Pass", Result: "parked", End: true },
      NotDelivered: {
        Type: "Fail",
        Error: "NotDelivered",
        Cause: "The channel's message stays in the queue of undelivered ones and is tried again",
      },
    },
  };
}

/** Delivers to the channel by its kind and records that it took the message. */
const deliver = ({ partition, deliverArns, tableName }: AlertParts): State => ({
  // A second try may only have to record what was sent.
  "Sent?": choice({ Variable: "$.channel.record", IsPresent: true }, "Record", "Kind"),
  Kind: {
    Type: "Choice",
    Choices: Object.keys(deliverArns).map((kind) => ({ Variable: "$.channel.kind", StringEquals: kind, Next: deliverState(kind) })),
    Default: "Parked?",
  },
  ...Object.fromEntries(
    Object.entries(deliverArns).map(([kind, arn]) => [
      deliverState(kind),
      {
        ...invoke(partition, arn, 20),
        ResultSelector: { "record.$": "$.Payload.record" },
        ResultPath: "$.sent",
        Retry: [retry(PASSING, 5)],
        Catch: [caught("Parked?")],
        Next: "Sent",
      },
    ]),
  ),
  Sent: {
    Type: "Pass",
    Parameters: {
      "alert.$": "$.alert",
      "account.$": "$.account",
      "parked.$": "$.parked",
      channel: { "name.$": "$.channel.name", "kind.$": "$.channel.kind", "record.$": "$.sent.record" },
    },
    Next: "Record",
  },
  Record: {
    ...task(partition, "dynamodb:updateItem"),
    Parameters: {
      TableName: tableName,
      "Key.$": "$.channel.record.Key",
      "UpdateExpression.$": "$.channel.record.UpdateExpression",
      "ConditionExpression.$": "$.channel.record.ConditionExpression",
      "ExpressionAttributeNames.$": "$.channel.record.ExpressionAttributeNames",
      "ExpressionAttributeValues.$": "$.channel.record.ExpressionAttributeValues",
    },
    // Up to three minutes.
    Retry: [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], MaxAttempts: 0 }, retry(["States.ALL"], 7)],
    // The episode went on without us (it was closed, or opened anew): there is nothing to record.
    Catch: [caught("Told", ["DynamoDB.ConditionalCheckFailedException"]), caught("Parked?")],
    Next: "Told",
  },
  Told: { Type: "Pass", Result: TOLD, End: true },
});

/** `email` as `DeliverEmail`. */
const deliverState = (kind: string): string => `Deliver${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
