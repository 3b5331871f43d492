import type { AlertParts } from "./alert-definition";
import { OUTCOME } from "./settling";
import { type CalledFunction, caught, choice, invoke, PASSING, retry, type State, send, task } from "./states";

/**
 * How often a channel that asks to slow down is asked again at once. Functions that run for longer wait for such a channel themselves, and the waits of both
 * and of the store have to fit into the five minutes.
 */
const triesAgain = ({ timeoutSeconds }: CalledFunction): number => (timeoutSeconds > 20 ? 4 : 5);

/**
 * Tells one channel: `{alert, account, channel, of, parked}`. Answers `{outcome}`, and where it was told the `record` of that. It never fails: that would end the map,
 * and with it the telling of the other channels.
 */
export function tellChannel(parts: AlertParts): State {
  const { partition, undeliveredUrl } = parts;
  // Without a kind of channel that is deployed "enrich" routes to none; if it does, the alert must not pass for told.
  const none = Object.keys(parts.deliver).length === 0;
  return {
    StartAt: none ? "Parked?" : "Sent?",
    States: {
      ...(!none && deliver(parts)),
      "Parked?": choice({ Variable: "$.parked", BooleanEquals: true }, "Waits", "Park"),
      Waits: ended(OUTCOME.waits),
      Park: {
        ...send(partition, undeliveredUrl, {
          MessageBody: { "alert.$": "$.alert", "account.$": "$.account", "channels.$": "States.Array($.channel)", parked: true },
          DelaySeconds: 60,
        }),
        ResultPath: null,
        Catch: [caught("Lost")],
        Next: "Parked",
      },
      Parked: ended(OUTCOME.parked),
      Lost: ended(OUTCOME.lost),
    },
  };
}

const ended = (outcome: string, more: State = {}): State => ({ Type: "Pass", Parameters: { outcome, ...more }, End: true });

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
      "of.$": "$.of",
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
    ResultPath: null,
    // Up to a minute: more does not fit into the five, after a channel that asked to slow down.
    Retry: [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], MaxAttempts: 0 }, retry(["States.ALL"], 5)],
    // The episode went on without us (it was closed, or opened anew): there is nothing to record.
    Catch: [caught("Told", ["DynamoDB.ConditionalCheckFailedException"]), caught("Parked?")],
    Next: "Told",
  },
  Told: ended(OUTCOME.told, { "record.$": "$.channel.record" }),
});

/** `email` as `DeliverEmail`. */
const deliverState = (kind: string): string => `Deliver${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
