import { SendMessageBatchCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { type log, messageOf } from "../log";
import { eachOf } from "../storms/each-of";
import type { Planned } from "./planning";

/** Messages of one request, the most that SQS takes. */
const AT_ONCE = 10;

/** Times a message is sent before it is left. */
const ATTEMPTS = 3;

export interface SendingParts {
  readonly sqs: Pick<SQSClient, "send">;
  readonly queueUrl: string;
  /** Asked before each request. */
  readonly hasTime: () => boolean;
  readonly log: typeof log;
}

/** Sends messages, ten at a time; answers how many the queue did not take. A request that fails holds up no other. */
export async function sendPlanned(parts: SendingParts, planned: readonly Planned[]): Promise<number> {
  let left = 0;
  const batches = Array.from({ length: Math.ceil(planned.length / AT_ONCE) }, (_, index) =>
    planned.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
  await eachOf(batches, async (batch) => {
    const unsent = await sendBatch(parts, batch);
    left += unsent;
  });
  return left;
}

async function sendBatch({ sqs, queueUrl, hasTime, log }: SendingParts, batch: readonly Planned[]): Promise<number> {
  let unsent = batch;
  for (let attempt = 0; attempt < ATTEMPTS && unsent.length > 0 && hasTime(); attempt++) {
    try {
      const { Failed = [] } = await sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: unsent.map(({ place, delay }, index) => ({
            Id: String(index),
            MessageBody: JSON.stringify(place),
            DelaySeconds: delay,
          })),
        }),
      );
      const failed = new Set(Failed.map(({ Id }) => Id));
      unsent = unsent.filter((_, index) => failed.has(String(index)));
    } catch (error) {
      log({ kind: "warning", message: "could not send places to the queue of sweeps", error: messageOf(error) });
    }
  }
  return unsent.length;
}
