import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { log, messageOf } from "./log";

/**
 * Seconds until a failed message is tried again: 30 s, doubling up to 15 minutes. With ten receives that is 75 minutes before the dead-letter queue,
 * so that an hour's outage of whatever a function needs loses and dead-letters nothing.
 */
const backoffSeconds = (receiveCount: number): number => Math.min(900, 30 * 2 ** (receiveCount - 1));

/** Puts one message back for a while. A failure to do so is no harm: the queue's own visibility timeout brings it back. */
async function postpone(client: SQSClient, queueUrl: string, record: SQSRecord): Promise<void> {
  try {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: record.receiptHandle,
        VisibilityTimeout: backoffSeconds(Number(record.attributes.ApproximateReceiveCount)),
      }),
    );
  } catch (error) {
    log({ kind: "warning", message: `could not postpone message ${record.messageId}`, error: messageOf(error) });
  }
}

/** Answers a batch: what failed is logged, put back with a growing delay, and reported as failed, the rest is done. */
export async function answerBatch(
  client: SQSClient,
  queueUrl: string,
  failures: ReadonlyMap<SQSRecord, unknown>,
): Promise<SQSBatchResponse> {
  await Promise.all(
    [...failures].map(([record, error]) => {
      log({
        kind: "retry",
        message: record.messageId,
        receives: Number(record.attributes.ApproximateReceiveCount),
        error: messageOf(error),
      });
      return postpone(client, queueUrl, record);
    }),
  );
  return { batchItemFailures: [...failures.keys()].map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** Handles each message of a batch by itself; one that fails does not hold up the others. */
export async function eachMessage(
  client: SQSClient,
  queueUrl: string,
  event: SQSEvent,
  handle: (record: SQSRecord) => Promise<void>,
): Promise<SQSBatchResponse> {
  const failures = new Map<SQSRecord, unknown>();
  await Promise.all(
    event.Records.map(async (record) => {
      try {
        await handle(record);
      } catch (error) {
        failures.set(record, error);
      }
    }),
  );
  return answerBatch(client, queueUrl, failures);
}
