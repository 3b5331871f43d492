import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { DeadLetterQueue } from "../../redrive/queues";

interface Kept extends Message {
  hidden: boolean;
}

/** What a test says of a message that rests. */
export type Resting = Partial<Pick<Message, "Body" | "MessageAttributes">> & {
  /** Sent by itself, or moved here by SQS. Default: sent, at the time of the table's clock. */
  readonly MessageId?: string;
};

const ARN = "arn:aws:sqs:eu-west-1:222222222222:";
const URL = "https://sqs.eu-west-1.amazonaws.com/222222222222/";

export const urlOf = (name: string): string => `${URL}tocsin-${name}`;

/** `undelivered-dlq` and its source, as a description of queues has them. */
export const aDeadLetterQueue = (overrides: Partial<DeadLetterQueue> = {}): DeadLetterQueue => ({
  name: "undelivered-dlq",
  url: urlOf("undelivered-dlq"),
  source: { name: "undelivered", url: urlOf("undelivered") },
  waiting: 0,
  ...overrides,
});

/** SQS in memory, as far as a redrive uses it. What is received stays hidden until it is shown again. */
export class MemorySqs {
  readonly queues = new Map<string, Kept[]>();
  readonly #deadLetters = new Map<string, string>();
  /** Called before each request; may throw. */
  before: (operation: string, input: object) => void = () => undefined;
  /** Called with what was sent to a queue. */
  sent: (url: string, message: Message) => void = () => undefined;
  #ids = 0;
  /** Milliseconds since the epoch. */
  now = 1_000;

  constructor(queues: Readonly<Record<string, string | undefined>> = { undelivered: "undelivered-dlq" }) {
    for (const [name, deadLetters] of Object.entries(queues)) {
      this.queues.set(urlOf(name), []);
      if (deadLetters !== undefined) {
        this.queues.set(urlOf(deadLetters), []);
        this.#deadLetters.set(urlOf(name), `${ARN}tocsin-${deadLetters}`);
      }
    }
  }

  get client(): SQSClient {
    return { send: (command: { input: object }) => this.#answer(command) } as unknown as SQSClient;
  }

  /** Lets a message rest in a queue. */
  add(name: string, { MessageId = `m${++this.#ids}`, ...message }: Resting): void {
    const Attributes = { SentTimestamp: String(++this.now), ApproximateReceiveCount: "0" };
    this.#queue(urlOf(name)).push({ MessageId, Body: "{}", ...message, Attributes, hidden: false });
  }

  /** Shows again what was received and neither deleted nor shown since. */
  showAll(): void {
    for (const message of [...this.queues.values()].flat()) message.hidden = false;
  }

  /** Bodies of what a queue holds. */
  bodies(name: string): (string | undefined)[] {
    return this.#queue(urlOf(name)).map(({ Body }) => Body);
  }

  #queue(url: string | undefined): Kept[] {
    const queue = this.queues.get(url ?? "");
    if (queue === undefined) {
      throw new Error(`there is no queue ${url}`);
    }
    return queue;
  }

  async #answer(command: { input: object }): Promise<object> {
    this.before(command.constructor.name.replace("Command", ""), command.input);
    if (command instanceof ListQueuesCommand) {
      return { QueueUrls: [...this.queues.keys()] };
    }
    if (command instanceof GetQueueAttributesCommand) {
      const url = command.input.QueueUrl ?? "";
      const deadLetterTargetArn = this.#deadLetters.get(url);
      return {
        Attributes: {
          QueueArn: ARN + url.slice(URL.length),
          ApproximateNumberOfMessages: String(this.#queue(url).length),
          ...(deadLetterTargetArn && { RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 10 }) }),
        },
      };
    }
    if (command instanceof ReceiveMessageCommand) {
      const { QueueUrl, MaxNumberOfMessages } = command.input;
      const Messages = this.#queue(QueueUrl)
        .filter(({ hidden }) => !hidden)
        .slice(0, MaxNumberOfMessages);
      for (const message of Messages) {
        message.hidden = true;
        message.ReceiptHandle = `receipt of ${message.MessageId}`;
        message.Attributes = { ApproximateFirstReceiveTimestamp: String(++this.now), ...message.Attributes };
      }
      return { Messages: Messages.map((message) => ({ ...message })) };
    }
    if (command instanceof SendMessageCommand) {
      const { QueueUrl = "", MessageBody, MessageAttributes } = command.input;
      const message: Message = { MessageId: `m${++this.#ids}`, Body: MessageBody, MessageAttributes };
      this.add(QueueUrl.slice(urlOf("").length), message);
      this.sent(QueueUrl, message);
      return { MessageId: message.MessageId };
    }
    const { QueueUrl, ReceiptHandle } = (command as DeleteMessageCommand | ChangeMessageVisibilityCommand).input;
    const queue = this.#queue(QueueUrl);
    const index = queue.findIndex((message) => message.ReceiptHandle === ReceiptHandle);
    if (command instanceof DeleteMessageCommand) {
      queue.splice(index, 1);
    } else if (command instanceof ChangeMessageVisibilityCommand && queue[index]) {
      queue[index].hidden = false;
    }
    return {};
  }
}
