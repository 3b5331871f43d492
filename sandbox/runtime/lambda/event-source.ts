import { parseArn } from "../arn";
import type { Core } from "../core";
import { isRecord, type Recorded } from "../graph";
import { bodyDigest, type Message, systemAttributes } from "../sqs/message";
import type { Queue } from "../sqs/queue";
import type { Queues } from "../sqs/queues";
import type { LambdaFunction } from "./function";
import { failureText } from "./functions";
import type { Outcome } from "./instance";

const POLLER_ACTIONS = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];

/** What one request to SQS takes at most. */
const REQUEST_ENTRIES = 10;

/** Takes messages from a queue, in batches, to a function. */
export class EventSource {
  readonly #batchSize: number;
  readonly #gathers: boolean;
  readonly #reportsItems: boolean;
  readonly #concurrency: number;
  #running = 0;
  #polling = false;
  #windowOpen = false;
  #allowed: boolean | undefined;

  constructor(
    private readonly core: Core,
    recorded: Recorded,
    private readonly target: LambdaFunction,
    private readonly queue: Queue,
    private readonly queues: Queues,
  ) {
    if (recorded.get("filterCriteria") !== undefined) {
      throw new Error(`${recorded.resource.urn}: the sandbox has no filters on event source mappings`);
    }
    this.#batchSize = recorded.number("batchSize", 10);
    this.#gathers = recorded.number("maximumBatchingWindowInSeconds", 0) > 0;
    const types = recorded.get("functionResponseTypes");
    this.#reportsItems = Array.isArray(types) && types.includes("ReportBatchItemFailures");
    this.#concurrency = recorded.number("scalingConfig.maximumConcurrency", 2);
    if (recorded.get("enabled") !== false) {
      queue.consume(() => this.#poke());
    }
  }

  /**
   * Messages can be received: at once, or, with a batching window, when the batch is full or nothing else is going on at this moment. A window is the longest that
   * Lambda gathers; waiting for it here would only make every message seconds older.
   */
  #poke(): void {
    if (this.#gathers && !this.queue.hasVisible(this.#batchSize)) {
      if (!this.#windowOpen) {
        this.#windowOpen = true;
        this.core.clock.after(0, () => {
          this.#windowOpen = false;
          this.#poll();
        });
      }
      return;
    }
    this.#poll();
  }

  /** Takes what lies there after the current turn, so that what comes at one moment comes in one batch. */
  #poll(): void {
    if (!this.#polling) {
      this.#polling = true;
      this.core.clock.work(async () => {
        await new Promise((resolve) => setImmediate(resolve));
        this.#polling = false;
        await this.#take();
      });
    }
  }

  async #take(): Promise<void> {
    this.#allowed ??= await this.#mayPoll();
    while (this.#allowed && this.#running < this.#concurrency) {
      const messages = this.queue.receive(this.#batchSize);
      if (messages.length === 0) {
        return;
      }
      for (let first = 0; first < messages.length; first += REQUEST_ENTRIES) {
        this.queues.count(messages.slice(first, first + REQUEST_ENTRIES).reduce((bytes, { body }) => bytes + Buffer.byteLength(body), 0));
      }
      this.#run(messages);
    }
  }

  async #mayPoll(): Promise<boolean> {
    const allowed = await Promise.all(
      POLLER_ACTIONS.map((action) =>
        this.core.permissions.allows({ principal: this.target.role, action, resource: this.queue.settings.arn }),
      ),
    );
    return allowed.every(Boolean);
  }

  #run(messages: readonly Message[]): void {
    const { clock, traces } = this.core;
    this.#running += 1;
    const receipts = new Map(messages.map((message) => [message.id, message.receipt ?? ""]));
    const event = JSON.stringify({ Records: messages.map((message) => this.#record(message)) });
    this.target.invoke(event, traces.join(messages.map(({ trace }) => trace))).then(
      (outcome) =>
        clock.work(() => {
          this.#running -= 1;
          this.#settle(messages, receipts, outcome);
          this.#poll();
        }),
      (error: unknown) =>
        clock.work(() => {
          throw error;
        }),
    );
  }

  /** Deletes what succeeded; the rest stays invisible until its visibility timeout is over. */
  #settle(messages: readonly Message[], receipts: ReadonlyMap<string, string>, outcome: Outcome): void {
    const failed = outcome.failure === undefined ? this.#failedItems(messages, outcome.payload) : new Set(messages.map(({ id }) => id));
    for (const message of messages.filter(({ id }) => failed.has(id))) {
      message.lastError =
        outcome.failure === undefined
          ? `${this.target.name} reported it as failed ${message.receiveCount} times`
          : failureText(outcome.payload);
    }
    const done = messages.filter(({ id }) => !failed.has(id));
    for (let first = 0; first < done.length; first += REQUEST_ENTRIES) {
      this.queues.count(0);
    }
    for (const { id } of done) {
      this.queue.delete(receipts.get(id) ?? "");
    }
  }

  /** Ids of the messages that a partial batch response names. An answer that makes no sense fails the whole batch. */
  #failedItems(messages: readonly Message[], payload: string): ReadonlySet<string> {
    const answer: unknown = JSON.parse(payload);
    const items = this.#reportsItems && isRecord(answer) ? answer.batchItemFailures : undefined;
    if (!Array.isArray(items)) {
      return new Set();
    }
    const ids = items.map((item) => (isRecord(item) ? item.itemIdentifier : undefined));
    const known = new Set(messages.map(({ id }) => id));
    return ids.every((id): id is string => typeof id === "string" && known.has(id)) ? new Set(ids) : known;
  }

  #record(message: Message): Readonly<Record<string, unknown>> {
    return {
      messageId: message.id,
      receiptHandle: message.receipt,
      body: message.body,
      attributes: systemAttributes(message),
      messageAttributes: Object.fromEntries(
        Object.entries(message.attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
          name,
          { dataType: DataType, stringValue: StringValue, binaryValue: BinaryValue, stringListValues: [], binaryListValues: [] },
        ]),
      ),
      md5OfBody: bodyDigest(message.body),
      eventSource: "aws:sqs",
      eventSourceARN: this.queue.settings.arn,
      awsRegion: parseArn(this.queue.settings.arn)?.region,
    };
  }
}
