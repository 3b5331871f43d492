import { createHash } from "node:crypto";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { messageOf } from "../functions/log";
import type { DeadLetterQueue } from "./queues";
import { type Reason, Reasons } from "./reasons";

/** What became of a queue's messages. */
export interface Outcome {
  readonly queue: string;
  /** Where they go back to; null if they do not come from a queue. */
  readonly source: string | null;
  /** Messages that there were. */
  readonly messages: number;
  /** Whether these are too many to look at all of them: then their number is SQS's estimate. */
  readonly more: boolean;
  readonly moved: number;
  /** Messages that failed once more while the others were moved: they stay for the next time. */
  readonly returned: number;
  /** Messages that could not be moved. */
  readonly failed: number;
  /** Why the first of those could not. */
  readonly error: string | null;
  readonly reasons: readonly Reason[];
}

/** Messages that SQS hands over at a time. */
const BATCH = 10;

/** How long a message that is looked at is hidden from others, in seconds. Who is interrupted leaves it as it was after that time. */
const HIDDEN = 120;

/** Long enough for SQS to ask all its servers, so that "nothing" is true: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html */
const WAIT = 1;

/** Messages that are looked at where nothing is moved. */
const MOST_LOOKED_AT = 1_000;

/**
 * Puts the messages of a dead-letter queue back to where they came from: at least once, each once a run, so that what fails again at once does not go round in
 * circles.
 *
 * Not by SQS's own StartMessageMoveTask. It only takes dead-letter queues of other queues
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html), whereas some of our messages were put there by functions,
 * the workflow, EventBridge or Scheduler, with a reason that has to be told before it is gone; it goes on in the background, counts roughly, and moves again what
 * comes back meanwhile.
 */
export async function redriveQueue(sqs: SQSClient, queue: DeadLetterQueue): Promise<Outcome> {
  const { name, url, source } = queue;
  if (source === undefined) {
    return lookInto(sqs, queue);
  }
  const reasons = new Reasons();
  const run = new Run();
  const held = new Map<string, string>();
  const outcome = { messages: 0, moved: 0, returned: 0, failed: 0, error: null as string | null };
  for await (const messages of batches(sqs, url)) {
    const fresh = messages.filter((message) => !held.has(message.MessageId ?? ""));
    // Whatever is shown by now was looked at before, and its time is up: it would go round in circles.
    if (fresh.length === 0) {
      keep(held, messages);
      break;
    }
    const returned = fresh.filter((message) => run.hasMoved(message));
    const waiting = fresh.filter((message) => !returned.includes(message));
    outcome.returned += returned.length;
    outcome.messages += waiting.length;
    await Promise.all(
      waiting.map(async (message) => {
        reasons.add(message);
        try {
          await move(sqs, message, { from: url, to: source.url }, run);
          outcome.moved++;
        } catch (error) {
          outcome.failed++;
          outcome.error ??= messageOf(error);
          held.set(message.MessageId ?? "", message.ReceiptHandle ?? "");
        }
      }),
    );
    // Those that were looked at before have a new receipt by now.
    keep(
      held,
      messages.filter((one) => returned.includes(one) || held.has(one.MessageId ?? "")),
    );
  }
  await release(sqs, url, held.values());
  return { queue: name, source: source.name, more: false, ...outcome, reasons: reasons.all };
}

/** Only looks at what rests in a queue. */
export async function lookInto(sqs: SQSClient, { name, url, source, waiting }: DeadLetterQueue): Promise<Outcome> {
  const reasons = new Reasons();
  const seen = new Map<string, string>();
  let more = false;
  for await (const messages of batches(sqs, url)) {
    const fresh = messages.filter(({ MessageId = "" }) => !seen.has(MessageId));
    for (const message of fresh) {
      reasons.add(message);
    }
    keep(seen, messages);
    if (fresh.length === 0) {
      break;
    }
    if (seen.size >= MOST_LOOKED_AT) {
      more = true;
      break;
    }
  }
  await release(sqs, url, seen.values());
  return {
    queue: name,
    source: source?.name ?? null,
    messages: more ? Math.max(waiting, seen.size) : seen.size,
    more,
    moved: 0,
    returned: 0,
    failed: 0,
    error: null,
    reasons: reasons.all,
  };
}

/** Remembers by what receipts messages can be shown again. */
function keep(receipts: Map<string, string>, messages: readonly Message[]): void {
  for (const { MessageId = "", ReceiptHandle = "" } of messages) {
    receipts.set(MessageId, ReceiptHandle);
  }
}

/** What a run has moved. */
class Run {
  readonly #copies = new Set<string>();
  /** When those of the same text were first received. */
  readonly #bodies = new Map<string, number>();

  /**
   * Notes that a message goes back.
   * @param copy id of the message that was sent.
   */
  note(message: Message, copy: string): void {
    this.#copies.add(copy);
    this.#bodies.set(bodyOf(message), Number(message.Attributes?.ApproximateFirstReceiveTimestamp));
  }

  /**
   * Whether a message is one that this run has moved already. What SQS itself moves keeps its id; what a function puts here has another one, but the same text,
   * and was sent after we received the first. The times are all SQS's own: the clock of this machine may be another.
   */
  hasMoved(message: Message): boolean {
    const received = this.#bodies.get(bodyOf(message));
    return this.#copies.has(message.MessageId ?? "") || (received !== undefined && Number(message.Attributes?.SentTimestamp) >= received);
  }
}

const bodyOf = ({ Body }: Message): string =>
  createHash("sha256")
    .update(Body ?? "")
    .digest("base64");

/** Sends first and deletes then: who is interrupted in between leaves a message twice, and none lost. */
async function move(
  sqs: SQSClient,
  message: Message,
  { from, to }: { readonly from: string; readonly to: string },
  run: Run,
): Promise<void> {
  const { error: _told, ...attributes } = message.MessageAttributes ?? {};
  const trace = message.Attributes?.AWSTraceHeader;
  const { MessageId = "" } = await sqs.send(
    new SendMessageCommand({
      QueueUrl: to,
      MessageBody: message.Body,
      MessageAttributes: attributes,
      ...(trace !== undefined && { MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: trace } } }),
    }),
  );
  run.note(message, MessageId);
  await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle: message.ReceiptHandle }));
}

/** Receives until nothing is left. */
async function* batches(sqs: SQSClient, url: string): AsyncGenerator<readonly Message[]> {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: BATCH,
        VisibilityTimeout: HIDDEN,
        WaitTimeSeconds: WAIT,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      }),
    );
    if (Messages.length === 0) {
      return;
    }
    yield Messages;
  }
}

/** Shows messages to others again. One whose time is up is shown already. */
async function release(sqs: SQSClient, url: string, receipts: Iterable<string>): Promise<void> {
  for (const ReceiptHandle of receipts) {
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 0 })).catch(() => undefined);
  }
}
