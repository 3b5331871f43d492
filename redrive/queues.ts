import { GetQueueAttributesCommand, ListQueuesCommand, type ListQueuesCommandOutput, type SQSClient } from "@aws-sdk/client-sqs";
import { physicalName } from "../components/names";
import { UsageError } from "../sandbox/usage-error";

/** A queue where messages come to rest. */
export interface DeadLetterQueue {
  /** Short name, for example `undelivered-dlq`. */
  readonly name: string;
  readonly url: string;
  /** The queue whose messages come to rest here; absent where it is not a queue that they come from. */
  readonly source?: { readonly name: string; readonly url: string };
  /** Messages in it, as far as SQS knows at the moment. */
  readonly waiting: number;
}

/** A queue as SQS describes it. */
interface Described {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  /** ARN of its dead-letter queue. */
  readonly deadLetters?: string;
  readonly waiting: number;
}

const PREFIX = physicalName("");

/** tocsin's dead-letter queues in the account and Region of the client, by name: what the queues themselves say, so that one that is added later is found, too. */
export async function deadLetterQueues(sqs: SQSClient): Promise<readonly DeadLetterQueue[]> {
  const queues: Described[] = [];
  for await (const url of urls(sqs)) {
    queues.push(await describe(sqs, url));
  }
  const sources = new Map(queues.flatMap((queue) => (queue.deadLetters === undefined ? [] : [[queue.deadLetters, queue] as const])));
  return queues
    .filter(({ name, arn }) => sources.has(arn) || /-dlq\b/.test(name))
    .map(({ name, url, arn, waiting }) => {
      const source = sources.get(arn);
      return { name, url, waiting, ...(source && { source: { name: source.name, url: source.url } }) };
    })
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

/** The queue that is asked for, by its own name or that of its source, with or without our prefix; all if none is. @throws UsageError */
export function chosen(queues: readonly DeadLetterQueue[], asked: string | undefined): readonly DeadLetterQueue[] {
  if (asked === undefined) {
    return queues;
  }
  const name = asked.startsWith(PREFIX) ? asked.slice(PREFIX.length) : asked;
  const found = queues.filter((queue) => queue.name === name || queue.source?.name === name || queue.name === `${name}-dlq`);
  if (found.length === 0) {
    throw new UsageError(`there is no dead-letter queue "${asked}"; there are ${queues.map((queue) => queue.name).join(", ")}`);
  }
  return found;
}

async function* urls(sqs: SQSClient): AsyncGenerator<string> {
  let next: string | undefined;
  do {
    const page: ListQueuesCommandOutput = await sqs.send(
      new ListQueuesCommand({ QueueNamePrefix: PREFIX, MaxResults: 1000, NextToken: next }),
    );
    yield* page.QueueUrls ?? [];
    next = page.NextToken;
  } while (next !== undefined);
}

async function describe(sqs: SQSClient, url: string): Promise<Described> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ["QueueArn", "RedrivePolicy", "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
  );
  const { QueueArn: arn = "", RedrivePolicy: policy, ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes;
  return {
    name: arn.slice(arn.lastIndexOf(":") + 1).slice(PREFIX.length),
    url,
    arn,
    deadLetters: policy && (JSON.parse(policy) as { deadLetterTargetArn?: string }).deadLetterTargetArn,
    waiting: Number(ApproximateNumberOfMessages ?? 0) + Number(ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}
