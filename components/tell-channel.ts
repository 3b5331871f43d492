import { UNDELIVERED } from "../functions/episodes/record";
import type { AlertParts } from "./alert-definition";
import { type CalledFunction, caught, choice, invoke, PASSING, retry, type State, send, task } from "./states";

/** What became of a channel that accepted its message. */
export const TOLD = "told";

/**
 * How often a channel that asks to slow down is asked again at once. Functions that run for longer wait for such a channel themselves, and the waits of both
 * and of the store have to fit into the five minutes.
 */
const triesAgain = ({ timeoutSeconds }: CalledFunction): number => (timeoutSeconds > 20 ? 4 : 5);

/**
 * Hands what is parked over to the queue of undelivered ones, once it is there: nobody else takes a telling that waits in it for a lost one. If the table does not
 * answer, or a later telling has taken over, it is parked all the same. Three states, the first of which is `<name>?`: a closed episode has no claim, but a time
 * at which the schedule would tell of its end again.
 */
export const hold = (name: string, partition: string, tableName: string, next: string): Readonly<Record<string, State>> => ({
  [`${name}?`]: choice({ Variable: "$.alert.reason", StringEquals: "resolved" }, `${name}End`, name),
  [name]: handOver(partition, tableName, next, {
    UpdateExpression: "SET claimBy = :queue, claimUntil = :never",
    ConditionExpression: "claim = :telling",
    ExpressionAttributeValues: {
      ":queue": { S: UNDELIVERED },
      ":never": { S: "9999-12-31T23:59:59.999Z" },
      ":telling": { "S.$": "$.alert.telling" },
    },
  }),
  [`${name}End`]: handOver(partition, tableName, next, {
    UpdateExpression: "SET endBy = :queue REMOVE due",
    ConditionExpression: "#status = :closed",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: { ":queue": { S: UNDELIVERED }, ":closed": { S: "closed" } },
  }),
});

const handOver = (partition: string, tableName: string, next: string, update: State): State => ({
  ...task(partition, "dynamodb:updateItem"),
  Parameters: { TableName: tableName, Key: { pk: { "S.$": "$.alert.key" } }, ...update },
  ResultPath: null,
  Retry: [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], MaxAttempts: 0 }, retry(["States.ALL"], 2)],
  Catch: [caught(next)],
  Next: next,
});

/** Tells one channel: `{alert, account, channel, parked}`. */
export function tellChannel(parts: AlertParts): State {
  const { partition, undeliveredUrl } = parts;
  // Without a kind of channel that is deployed "enrich" routes to none; if it does, the alert must not pass for told.
  const none = Object.keys(parts.deliver).length === 0;
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
        Next: "Hold?",
      },
      ...hold("Hold", partition, parts.tableName, "Parked"),
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
const deliver = ({ partition, deliver: functions, tableName }: AlertParts): State => ({
  // A second try may only have to record what was sent.
  "Sent?": choice({ Variable: "$.channel.record", IsPresent: true }, "Record", "Kind"),
  Kind: {
    Type: "Choice",
    Choices: Object.keys(functions).map((kind) => ({ Variable: "$.channel.kind", StringEquals: kind, Next: deliverState(kind) })),
    Default: "Parked?",
  },
  ...Object.fromEntries(
    Object.entries(functions).map(([kind, called]) => [
      deliverState(kind),
      {
        ...invoke(partition, called),
        ResultSelector: { "record.$": "$.Payload.record" },
        ResultPath: "$.sent",
        Retry: [retry(PASSING, triesAgain(called))],
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
