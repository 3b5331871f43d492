import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { StormKind } from "./key";

/** A message of the queue "storms": those that are held until `flushAt` are to be told. Times are milliseconds since the epoch. */
export interface Trigger extends StormKind {
  readonly flushAt: number;
  /** End of the window that they belong to. */
  readonly windowEnds: number;
}

/** How long after its time a flush begins, in seconds: what was held in time is in the table and in its index by then. */
const GRACE = 15;

/** Sends the message so that it arrives when it is time. At most ten minutes ahead; SQS can delay by fifteen. */
export async function sendTrigger(sqs: SQSClient, queueUrl: string, trigger: Trigger, now: number): Promise<void> {
  const seconds = Math.max(0, Math.ceil((trigger.flushAt - now) / 1000)) + GRACE;
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(trigger), DelaySeconds: seconds }));
}
