import { UNDELIVERED } from "../functions/episodes/record";
import { caught, choice, retry, type State, task } from "./states";

/** What became of one channel, as the field `outcome` of what its part of the map answers. */
export const OUTCOME = {
  /** It accepted its message. */
  told: "told",
  /** Its message was put into the queue of undelivered ones. */
  parked: "parked",
  /** Its message stays in that queue. */
  waits: "waits",
  /** It was not told, and the queue did not take its message either. */
  lost: "lost",
} as const;

export interface SettlingParts {
  /** Partition of the Region, for example `aws`. */
  readonly partition: string;
  readonly tableName: string;
}

/**
 * What comes after the channels, beginning with `Any?`. As long as nothing of this is written the claim is the event's, and the schedule tells of it again when its
 * lease is over: an execution may die anywhere before, and no channel is forgotten for another that heard of it. It is written when each of them was told or waits
 * in the queue, and not at all if one is neither.
 * @param next the state that follows where somebody was told.
 */
export const settling = (parts: SettlingParts, next: string): Readonly<Record<string, State>> => ({
  // That a problem is over may concern nobody.
  "Any?": choice({ Variable: "$.outcomes[0]", IsPresent: true }, "Outcome", "SettleEnd"),
  Outcome: {
    Type: "Pass",
    Parameters: {
      "alert.$": "$.alert",
      "outcomes.$": "$.outcomes",
      ...Object.fromEntries(
        Object.values(OUTCOME).map((outcome) => [`${outcome}.$`, `States.ArrayContains($.outcomes[*].outcome, '${outcome}')`]),
      ),
    },
    Next: "Whole?",
  },
  "Whole?": {
    Type: "Choice",
    Choices: [
      { Variable: "$.lost", BooleanEquals: true, Next: "NotParked" },
      { Variable: "$.waits", BooleanEquals: true, Next: "NotDelivered" },
      // Whoever tells of a storm remembers by itself who heard of it.
      { Variable: "$.alert.storm", IsPresent: true, Next: "Done" },
      { ...IS_END, Next: "EndParked?" },
      { Variable: "$.told", BooleanEquals: true, Next: "Records" },
    ],
    Default: "Hold",
  },
  Records: {
    Type: "Pass",
    Parameters: { "alert.$": "$.alert", "told.$": "$.told", "records.$": `$.outcomes[?(@.outcome == '${OUTCOME.told}')].record` },
    Next: "Settled?",
  },
  // The only channel of a telling settled it as it was recorded.
  "Settled?": choice({ Variable: "$.records[0].settle", IsPresent: true }, "Settle", next),
  Settle: write(parts, next, {
    "Key.$": "$.records[0].Key",
    "UpdateExpression.$": "$.records[0].settle.UpdateExpression",
    "ConditionExpression.$": "$.records[0].settle.ConditionExpression",
    "ExpressionAttributeNames.$": "$.records[0].settle.ExpressionAttributeNames",
    "ExpressionAttributeValues.$": "$.records[0].settle.ExpressionAttributeValues",
  }),
  ...holding(parts),
  NotParked: {
    Type: "Fail",
    Error: "NotParked",
    Cause: "A channel was not told, and the queue of undelivered ones did not take its message: the reminders tell of it again",
  },
});

const IS_END = { Variable: "$.alert.reason", StringEquals: "resolved" };

/**
 * Hands what is parked over to the queue of undelivered ones, beginning with `Hold?`: nobody else takes a telling that waits in it for a lost one. If the table does
 * not answer, or a later telling has taken over, the schedule does, at the price of a second message. A closed episode has no claim, but a time at which the schedule
 * would tell of its end again.
 */
const holding = (parts: SettlingParts): Readonly<Record<string, State>> => ({
  "Hold?": choice(IS_END, "HoldEnd", "Hold"),
  Hold: write(parts, "Done", {
    Key: { pk: { "S.$": "$.alert.key" } },
    UpdateExpression: "SET claimBy = :queue, claimUntil = :never",
    ConditionExpression: "claim = :telling",
    ExpressionAttributeValues: {
      ":queue": { S: UNDELIVERED },
      ":never": { S: "9999-12-31T23:59:59.999Z" },
      ":telling": { "S.$": "$.alert.telling" },
    },
  }),
  "EndParked?": choice({ Variable: "$.parked", BooleanEquals: true }, "HoldEnd", "SettleEnd"),
  HoldEnd: writeEnd(parts, "SET endBy = :queue REMOVE due", { ":queue": { S: UNDELIVERED } }),
  SettleEnd: writeEnd(parts, "REMOVE due", {}),
});

/** Ends the looking after a closed episode, unless a channel took a late message meanwhile: that one is due to hear of the end. */
const writeEnd = (parts: SettlingParts, update: string, values: State): State =>
  write(parts, "Done", {
    Key: { pk: { "S.$": "$.alert.key" } },
    UpdateExpression: update,
    ConditionExpression: "#status = :closed AND #number = :next AND due = endUntil",
    ExpressionAttributeNames: { "#status": "status", "#number": "number" },
    ExpressionAttributeValues: {
      ...values,
      ":closed": { S: "closed" },
      ":next": { "N.$": "States.Format('{}', States.MathAdd($.alert.number, 1))" },
    },
  });

/** One write. Refused or in vain, it leaves the episode to the schedule. */
const write = ({ partition, tableName }: SettlingParts, next: string, update: State): State => ({
  ...task(partition, "dynamodb:updateItem"),
  Parameters: { TableName: tableName, ...update },
  ResultPath: null,
  Retry: [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], MaxAttempts: 0 }, retry(["States.ALL"], 3)],
  Catch: [caught(next)],
  Next: next,
});
