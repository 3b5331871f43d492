import { type Place, ServiceError } from "../../types";
import { parseArn } from "../arn";
import type { Core } from "../core";
import { type Graph, isRecord, type Recorded } from "../graph";
import { type Message, type MessageAttributes, sizeOf } from "./message";
import { Queue } from "./queue";

/** What SQS bills as one request. */
const CHUNK = 64 * 1024;

export interface Sending {
  readonly body: string;
  readonly attributes?: MessageAttributes;
  readonly sender: string;
  readonly trace: string;
  /** Milliseconds; the queue's own delay if absent. */
  readonly delay?: number;
}

/** All queues of the deployment, and which of them are dead-letter queues. */
export class Queues {
  readonly #byArn = new Map<string, Queue>();
  readonly #policies = new Map<string, unknown>();
  readonly #deadLetters = new Set<string>();
  /** Requests as SQS bills them: each 64 KB of a request. */
  requests = 0;

  constructor(private readonly core: Core) {}

  deploy(graph: Graph): void {
    for (const recorded of graph.of("aws:sqs/queue")) {
      this.#add(recorded);
    }
    for (const recorded of graph.of("aws:sqs/queuePolicy")) {
      const queue = this.byUrl(recorded.text("queueUrl"));
      this.#policies.set(queue.settings.arn, recorded.json("policy"));
    }
  }

  byUrl(url: string): Queue {
    const queue = [...this.#byArn.values()].find(({ settings }) => settings.url === url) ?? this.#byPath(url);
    if (queue === undefined) {
      throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
    }
    return queue;
  }

  byArn(arn: string): Queue | undefined {
    return this.#byArn.get(arn);
  }

  /** All queues of an account in a Region. */
  in({ account, region }: Place): Queue[] {
    return [...this.#byArn.values()].filter(({ settings: { arn } }) => {
      const place = parseArn(arn);
      return place?.account === account && place.region === region;
    });
  }

  policyOf(arn: string): unknown {
    return this.#policies.get(arn);
  }

  /** Makes a queue one whose messages are reported as dead letters. */
  markDeadLetter(arn: string | undefined): void {
    if (arn !== undefined) {
      this.#deadLetters.add(arn);
    }
  }

  /** Puts a message into a queue. The caller has checked that the sender may. */
  send(queue: Queue, sending: Sending): Message {
    const { clock, ids, metrics } = this.core;
    const attributes = sending.attributes ?? {};
    const size = sizeOf(sending.body, attributes);
    const limit = queue.settings.maximumMessageSize;
    if (size > limit) {
      throw new ServiceError(
        "InvalidParameterValue",
        `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
      );
    }
    const message: Message = {
      id: ids.uuid(),
      body: sending.body,
      attributes,
      sender: sending.sender,
      trace: sending.trace,
      sentAt: clock.now(),
      receiveCount: 0,
      visibleAt: clock.now() + (sending.delay ?? queue.settings.delay),
    };
    metrics.put({ ...metricOf(queue), name: "NumberOfMessagesSent" }, 1);
    this.#arrive(queue, message);
    return message;
  }

  /** Counts requests of so many bytes in all. */
  count(bytes: number): void {
    this.requests += Math.max(1, Math.ceil(bytes / CHUNK));
  }

  /** Moves everything back from a dead-letter queue to where it came from, or to a given queue. */
  moveBack(source: Queue, destinationArn: string | undefined): number {
    const messages = source.purge();
    for (const message of messages) {
      const target = this.#byArn.get(destinationArn ?? message.deadLetterSource ?? "");
      if (target === undefined) {
        source.add(message);
      } else {
        target.add({ ...message, receiveCount: 0, visibleAt: this.core.clock.now() });
      }
    }
    return messages.length;
  }

  #arrive(queue: Queue, message: Message): void {
    if (this.#deadLetters.has(queue.settings.arn)) {
      const { traces, tell } = this.core;
      tell.deadLetter({
        queue: queue.settings.name,
        error: errorOf(message),
        body: message.body,
        eventIds: traces.entriesOf(message.trace, message.body),
      });
    }
    queue.add(message);
  }

  #add(recorded: Recorded): void {
    if (recorded.get("fifoQueue") === true) {
      throw new Error(`${recorded.resource.urn}: the sandbox has no FIFO queues`);
    }
    const redrive = readRedrive(recorded.json("redrivePolicy"));
    this.markDeadLetter(redrive?.deadLetterArn);
    const { clock, ids, metrics } = this.core;
    const queue: Queue = new Queue(
      {
        name: recorded.text("name"),
        arn: recorded.text("arn"),
        url: recorded.text("url"),
        visibilityTimeout: recorded.number("visibilityTimeoutSeconds", 30) * 1000,
        delay: recorded.number("delaySeconds", 0) * 1000,
        retention: recorded.number("messageRetentionSeconds", 345_600) * 1000,
        receiveWait: recorded.number("receiveWaitTimeSeconds", 0) * 1000,
        // 1 MiB since August 2025, 256 KiB before: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
        maximumMessageSize: recorded.number("maxMessageSize", 1_048_576),
        ...(redrive === undefined ? {} : { redrive }),
      },
      clock,
      ids,
      (message) => {
        const target = this.#byArn.get(redrive?.deadLetterArn ?? "");
        if (target !== undefined) {
          message.deadLetterSource = queue.settings.arn;
          message.visibleAt = clock.now();
          delete message.receipt;
          this.#arrive(target, message);
        }
      },
    );
    this.#byArn.set(queue.settings.arn, queue);
    if (recorded.get("policy") !== undefined && recorded.get("policy") !== "") {
      this.#policies.set(queue.settings.arn, recorded.json("policy"));
    }
    const gauge = (name: string, highest: (from: number, to: number) => number): void =>
      metrics.gauge({ ...metricOf(queue), name }, highest);
    gauge("ApproximateNumberOfMessagesVisible", (from, to) => queue.mostVisible(from, to));
    gauge("ApproximateNumberOfMessagesNotVisible", () => queue.counts().inFlight);
    gauge("ApproximateAgeOfOldestMessage", (from, to) => queue.oldestAge(from, to));
  }

  /** The host of a URL depends on the endpoint; account and name do not. */
  #byPath(url: string): Queue | undefined {
    const [account, name] = url.split("/").slice(-2);
    return [...this.#byArn.values()].find(({ settings }) => settings.name === name && parseArn(settings.arn)?.account === account);
  }
}

/** Queues of the same name in other accounts and Regions have metrics of their own. */
const metricOf = ({ settings }: Queue) =>
  ({ place: parseArn(settings.arn), namespace: "AWS/SQS", dimensions: { QueueName: settings.name } }) as const;

function readRedrive(policy: unknown): { deadLetterArn: string; maximumReceives: number } | undefined {
  return isRecord(policy) && typeof policy.deadLetterTargetArn === "string"
    ? { deadLetterArn: policy.deadLetterTargetArn, maximumReceives: Number(policy.maxReceiveCount ?? 10) }
    : undefined;
}

/** Why a message is in a dead-letter queue: what its attributes say, else what its consumer said. */
function errorOf(message: Message): string {
  for (const name of ["error", "ERROR_MESSAGE", "ErrorMessage"]) {
    const text = message.attributes[name]?.StringValue;
    if (text !== undefined) {
      return text;
    }
  }
  return message.lastError ?? `received ${message.receiveCount} times without being deleted`;
}
