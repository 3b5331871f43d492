import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmTopic, alarm } from "./alarms";
import { LONGEST_RETENTION } from "./limits";
import { type Place, physicalName, queueArn } from "./names";
import { type ResourceStatement, resourcePolicyDocument, type Statement } from "./policies";

export interface DeadLetterQueueArgs {
  readonly place: Place;
  /** Told as soon as there is a message. */
  readonly alarms: AlarmTopic;
  /** What a message here means and what to do about it, for the alarm's text. */
  readonly meaning: string;
  /** AWS services that put messages here themselves. Default: none; functions and queues need no statement. */
  readonly senders?: readonly QueueSender[];
}

/** A service that may send to a queue. */
export type QueueSender = Pick<ResourceStatement, "sid" | "service" | "conditions">;

/** A queue where messages come to rest that nobody could handle: kept for 14 days, with an alarm on the first. */
export class DeadLetterQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: DeadLetterQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:DeadLetterQueue", name, {}, opts);
    const { place } = args;
    const queue = encryptedQueue(name, place, { messageRetentionSeconds: LONGEST_RETENTION }, this);
    queuePolicy(name, place, queue, args.senders ?? [], this);
    alarm(
      args.alarms,
      {
        name: `${name}-not-empty`,
        description: args.meaning,
        namespace: "AWS/SQS",
        metric: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: queue.name },
        statistic: "Maximum",
        above: 0,
      },
      { parent: this },
    );
    this.arn = queue.arn;
    this.url = queue.url;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }
}

export interface WorkQueueArgs {
  readonly place: Place;
  readonly alarms: AlarmTopic;
  /** What messages are, for the alarms' texts, for example "findings that wait for triage". */
  readonly holds: string;
  /** How long a message that somebody works on is hidden from others, in seconds. Not shorter than the function that reads it may run. */
  readonly visibilitySeconds: number;
  /** An alarm tells when a message waits longer than this, in seconds. */
  readonly lateAfterSeconds: number;
  /** AWS services that send to the queue. Default: none. */
  readonly senders?: readonly QueueSender[];
}

/**
 * How often a message is tried before it is dead-lettered. With the growing delays between tries (30 s, doubling, up to 15 minutes) that is 75 minutes: an
 * hour's outage of whatever a function needs dead-letters nothing.
 */
const MAX_RECEIVES = 10;

/** A queue of work, its dead-letter queue `…-dlq`, and alarms on both. */
export class WorkQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  readonly deadLetters: DeadLetterQueue;

  constructor(name: string, args: WorkQueueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:WorkQueue", name, {}, opts);
    const { place, alarms, senders = [] } = args;
    this.deadLetters = new DeadLetterQueue(
      `${name}-dlq`,
      {
        place,
        alarms,
        meaning: `Could not be handled: ${args.holds}. Look at the messages of ${physicalName(`${name}-dlq`)}, then redrive them to ${physicalName(name)}.`,
        senders,
      },
      { parent: this },
    );
    const queue = encryptedQueue(
      name,
      place,
      {
        visibilityTimeoutSeconds: args.visibilitySeconds,
        messageRetentionSeconds: LONGEST_RETENTION,
        redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: this.deadLetters.arn, maxReceiveCount: MAX_RECEIVES }),
      },
      this,
    );
    new aws.sqs.RedriveAllowPolicy(
      name,
      {
        queueUrl: this.deadLetters.url,
        region: place.region,
        redriveAllowPolicy: JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [queueArn(place, name)] }),
      },
      { parent: this },
    );
    queuePolicy(name, place, queue, senders, this);
    alarm(
      alarms,
      {
        name: `${name}-late`,
        description: `Waiting for more than ${args.lateAfterSeconds / 60} minutes: ${args.holds}. Look at the log of the function that reads ${physicalName(name)}.`,
        namespace: "AWS/SQS",
        metric: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: queue.name },
        statistic: "Maximum",
        above: args.lateAfterSeconds,
      },
      { parent: this },
    );
    this.arn = queue.arn;
    this.url = queue.url;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }
}

/** What a function needs to read a queue and to put a message back for a while. */
export const readsQueue = (place: Place, name: string): Statement => ({
  sid: "ReadsQueue",
  actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"],
  resources: [queueArn(place, name)],
});

/** What somebody needs to send to queues. */
export const sendsTo = (place: Place, ...names: readonly string[]): Statement => ({
  sid: "SendsToQueues",
  actions: ["sqs:SendMessage"],
  resources: names.map((name) => queueArn(place, name)),
});

/** Encrypted with SQS's own key: it costs nothing, and EventBridge can send to it. */
const encryptedQueue = (name: string, { region }: Place, args: aws.sqs.QueueArgs, parent: pulumi.Resource): aws.sqs.Queue =>
  new aws.sqs.Queue(name, { name: physicalName(name), region, sqsManagedSseEnabled: true, ...args }, { parent });

function queuePolicy(name: string, place: Place, queue: aws.sqs.Queue, senders: readonly QueueSender[], parent: pulumi.Resource): void {
  const arn = queueArn(place, name);
  const statements = senders.map((sender) => ({ ...sender, actions: ["sqs:SendMessage"], resources: [arn] }));
  new aws.sqs.QueuePolicy(
    name,
    { queueUrl: queue.url, region: place.region, policy: resourcePolicyDocument(arn, "sqs:*", statements) },
    { parent },
  );
}
