import { type ServiceCall, ServiceError } from "../../types";
import type { Core } from "../core";
import { isRecord } from "../graph";
import { attributesDigest, bodyDigest, type Message, readAttributes, sizeOf, systemAttributes } from "./message";
import type { Queue } from "./queue";
import type { Queues } from "./queues";

type Input = Readonly<Record<string, unknown>>;

const seconds = (value: unknown): number | undefined => (typeof value === "number" ? value * 1000 : undefined);

/** SQS's API, as the functions call it. */
export class SqsApi {
  readonly #operations: Readonly<Record<string, (input: Input, call: ServiceCall) => unknown>> = {
    SendMessage: (input, call) => this.#send(input, this.#queue(input), call),
    SendMessageBatch: (input, call) => this.#batch(input, (entry) => this.#send(entry, this.#queue(input), call)),
    ReceiveMessage: (input, call) => this.#receive(input, call),
    DeleteMessage: (input) => this.#delete(input, this.#queue(input)),
    DeleteMessageBatch: (input) => this.#batch(input, (entry) => this.#delete(entry, this.#queue(input))),
    ChangeMessageVisibility: (input) => this.#changeVisibility(input, this.#queue(input)),
    ChangeMessageVisibilityBatch: (input) => this.#batch(input, (entry) => this.#changeVisibility(entry, this.#queue(input))),
    GetQueueAttributes: (input) => this.#attributes(input),
    ListQueues: (input, call) => this.#list(input, call),
    GetQueueUrl: (input, call) => ({ QueueUrl: this.#named(input, call).settings.url }),
    PurgeQueue: (input) => {
      this.#queue(input).purge();
      return {};
    },
    StartMessageMoveTask: (input) => this.#move(input),
  };

  constructor(
    private readonly core: Core,
    private readonly queues: Queues,
  ) {}

  /** Answers a call, or `undefined` for an operation that is not ours. */
  async answer(call: ServiceCall): Promise<{ body: unknown } | undefined> {
    const operation = this.#operations[call.operation];
    if (operation === undefined) {
      return undefined;
    }
    // What is done by hand is not on the bill.
    if (!call.principal.endsWith(":root")) {
      this.queues.count(Buffer.byteLength(JSON.stringify(call.input)));
    }
    return { body: await operation(call.input, call) };
  }

  #queue(input: Input): Queue {
    return this.queues.byUrl(String(input.QueueUrl));
  }

  #send(input: Input, queue: Queue, call: ServiceCall): Input {
    if (typeof input.MessageBody !== "string" || input.MessageBody === "") {
      throw new ServiceError("MissingParameter", "The request must contain the parameter MessageBody.");
    }
    const system = readAttributes(input.MessageSystemAttributes);
    const delay = seconds(input.DelaySeconds);
    if (delay !== undefined && (delay < 0 || delay > 900_000)) {
      throw new ServiceError(
        "InvalidParameterValue",
        `Value ${delay / 1000} for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.`,
      );
    }
    const message = this.queues.send(queue, {
      body: input.MessageBody,
      attributes: readAttributes(input.MessageAttributes),
      sender: call.principal,
      trace: system.AWSTraceHeader?.StringValue ?? call.trace ?? this.core.traces.begin("event"),
      ...(delay === undefined ? {} : { delay }),
    });
    const digest = attributesDigest(message.attributes);
    return {
      MessageId: message.id,
      MD5OfMessageBody: bodyDigest(message.body),
      ...(digest === undefined ? {} : { MD5OfMessageAttributes: digest }),
    };
  }

  async #receive(input: Input, call: ServiceCall): Promise<Input> {
    const queue = this.#queue(input);
    const take = (): Message[] =>
      queue.receive(typeof input.MaxNumberOfMessages === "number" ? input.MaxNumberOfMessages : 1, seconds(input.VisibilityTimeout));
    let messages = take();
    const wait = seconds(input.WaitTimeSeconds) ?? queue.settings.receiveWait;
    if (messages.length === 0 && wait > 0) {
      messages = await this.core.callers.waiting(call.trace, this.#longPoll(queue, take, wait));
    }
    return messages.length === 0 ? {} : { Messages: messages.map((message) => received(message, input)) };
  }

  /** The queues of an account in a Region, by the beginning of their names. */
  #list({ QueueNamePrefix = "" }: Input, { account, region }: ServiceCall): Input {
    const urls = this.queues.in({ account, region }).filter(({ settings }) => settings.name.startsWith(String(QueueNamePrefix)));
    return urls.length === 0 ? {} : { QueueUrls: urls.map(({ settings }) => settings.url) };
  }

  #named({ QueueName, QueueOwnerAWSAccountId }: Input, { account, region }: ServiceCall): Queue {
    const owner = { account: typeof QueueOwnerAWSAccountId === "string" ? QueueOwnerAWSAccountId : account, region };
    const queue = this.queues.in(owner).find(({ settings }) => settings.name === QueueName);
    if (queue === undefined) {
      throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
    }
    return queue;
  }

  #longPoll(queue: Queue, take: () => Message[], wait: number): Promise<Message[]> {
    return new Promise((resolve) => {
      let stop = (): void => undefined;
      const done = (messages: Message[]): void => {
        cancel();
        stop();
        const end = this.core.clock.begin();
        resolve(messages);
        setImmediate(end);
      };
      const cancel = this.core.clock.after(wait, () => done([]));
      stop = queue.consume(() => {
        const messages = take();
        if (messages.length > 0) {
          done(messages);
        }
      });
    });
  }

  #delete(input: Input, queue: Queue): Input {
    queue.delete(String(input.ReceiptHandle));
    return {};
  }

  #changeVisibility(input: Input, queue: Queue): Input {
    const timeout = seconds(input.VisibilityTimeout) ?? 0;
    if (timeout < 0 || timeout > 43_200_000) {
      throw new ServiceError(
        "InvalidParameterValue",
        `Value ${timeout / 1000} for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200.`,
      );
    }
    if (!queue.changeVisibility(String(input.ReceiptHandle), timeout)) {
      throw new ServiceError(
        "InvalidParameterValue",
        "Value for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.",
      );
    }
    return {};
  }

  #attributes(input: Input): Input {
    const { settings, counts } = ((queue) => ({ settings: queue.settings, counts: queue.counts() }))(this.#queue(input));
    const all: Record<string, string> = {
      QueueArn: settings.arn,
      ApproximateNumberOfMessages: String(counts.visible),
      ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
      ApproximateNumberOfMessagesDelayed: String(counts.delayed),
      VisibilityTimeout: String(settings.visibilityTimeout / 1000),
      DelaySeconds: String(settings.delay / 1000),
      MessageRetentionPeriod: String(settings.retention / 1000),
      MaximumMessageSize: String(settings.maximumMessageSize),
      ReceiveMessageWaitTimeSeconds: String(settings.receiveWait / 1000),
      ...(settings.redrive === undefined
        ? {}
        : {
            RedrivePolicy: JSON.stringify({
              deadLetterTargetArn: settings.redrive.deadLetterArn,
              maxReceiveCount: settings.redrive.maximumReceives,
            }),
          }),
    };
    const names = Array.isArray(input.AttributeNames) ? input.AttributeNames.map(String) : [];
    return { Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name))) };
  }

  #move(input: Input): Input {
    const source = this.queues.byArn(String(input.SourceArn));
    if (source === undefined) {
      throw new ServiceError("ResourceNotFoundException", "The resource that you specified for the SourceArn parameter doesn't exist.");
    }
    this.queues.moveBack(source, typeof input.DestinationArn === "string" ? input.DestinationArn : undefined);
    return { TaskHandle: this.core.ids.hex(32) };
  }

  /** Runs the entries of a batch request one by one; each succeeds or fails by itself. */
  #batch(input: Input, run: (entry: Input) => Input): Input {
    const entries = Array.isArray(input.Entries) ? input.Entries.filter(isRecord) : [];
    if (entries.length === 0) {
      throw new ServiceError("EmptyBatchRequest", "There should be at least one entry in the request.");
    }
    if (entries.length > 10) {
      throw new ServiceError(
        "TooManyEntriesInBatchRequest",
        `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
      );
    }
    if (new Set(entries.map(({ Id }) => Id)).size !== entries.length) {
      throw new ServiceError("BatchEntryIdsNotDistinct", "Id not distinct.");
    }
    const size = entries.reduce((sum, entry) => sum + sizeOf(String(entry.MessageBody ?? ""), readAttributes(entry.MessageAttributes)), 0);
    if (size > 1_048_576) {
      throw new ServiceError("BatchRequestTooLong", `Batch requests cannot be longer than 1048576 bytes. You have sent ${size} bytes.`);
    }
    const Successful: Input[] = [];
    const Failed: Input[] = [];
    for (const entry of entries) {
      try {
        Successful.push({ Id: entry.Id, ...run(entry) });
      } catch (error) {
        if (!(error instanceof ServiceError) || error.code === "QueueDoesNotExist") {
          throw error;
        }
        Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
      }
    }
    return { Successful, Failed };
  }
}

/** A received message, with the attributes that were asked for. */
function received(message: Message, input: Input): Input {
  const asked = (...fields: readonly string[]): ((name: string) => boolean) => {
    const names = fields.flatMap((field) => (Array.isArray(input[field]) ? (input[field] as unknown[]).map(String) : []));
    return (name) =>
      names.some((one) => one === "All" || one === ".*" || one === name || (one.endsWith(".*") && name.startsWith(one.slice(0, -2))));
  };
  const only = <T>(all: Readonly<Record<string, T>>, wanted: (name: string) => boolean): Record<string, T> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => wanted(name)));
  const system = only(systemAttributes(message), asked("AttributeNames", "MessageSystemAttributeNames"));
  const attributes = only(message.attributes, asked("MessageAttributeNames"));
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    MD5OfBody: bodyDigest(message.body),
    Body: message.body,
    ...(Object.keys(system).length > 0 && { Attributes: system }),
    ...(Object.keys(attributes).length > 0 && { MessageAttributes: attributes, MD5OfMessageAttributes: attributesDigest(attributes) }),
  };
}
