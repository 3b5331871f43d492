import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmTopic, alarm } from "../alarms";
import { type Place, physicalName, topicArn } from "../names";
import { resourcePolicyDocument } from "../policies";
import { DeadLetterQueue } from "../queue";
import type { ChannelOf } from "./configured";
import { subscriptionOptions } from "./subscription";

export interface ChannelTopicsArgs {
  readonly place: Place;
  readonly alarms: AlarmTopic;
  /** The SNS channels, by name. */
  readonly channels: readonly (readonly [string, ChannelOf<"sns">])[];
}

/** Short name of a channel's topic. Not the channel's alone: a channel may be called like another topic of ours. */
const topicName = (channel: string): string => `channel-${channel}`;

/** ARN of a channel's topic. */
export const channelTopicArn = (place: Place, channel: string): string => topicArn(place, topicName(channel));

/**
 * A topic for each SNS channel, with its subscriptions. SNS tries again by itself; what a subscriber does not take in the end is kept in one queue for all of
 * them, with an alarm.
 *
 * Encrypted under the AWS managed key. Whoever in this account may publish may use it through SNS without a permission of its own, by the key's own policy
 * (`kms:ViaService`: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service); only AWS services could not, and
 * none publishes here.
 */
export class ChannelTopics extends pulumi.ComponentResource {
  constructor(name: string, args: ChannelTopicsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:ChannelTopics", name, {}, opts);
    const { place, alarms, channels } = args;
    const { region } = place;
    const deadLetters = new DeadLetterQueue(
      `${name}-dlq`,
      {
        place,
        alarms,
        meaning: `A subscriber of an SNS channel did not take a message, for an hour or for good. Look at the messages of ${physicalName(`${name}-dlq`)}: TopicArn says whose they are.`,
        senders: [
          {
            sid: "UndeliverableMessages",
            service: "sns.amazonaws.com",
            // The ARN, which holds the account, and no more: AWS's own policy for this has no aws:SourceAccount, and nothing says that SNS sends it
            // (https://docs.aws.amazon.com/sns/latest/dg/sns-configure-dead-letter-queue.html).
            conditions: { ArnLike: { "aws:SourceArn": topicArn(place, topicName("*")) } },
          },
        ],
      },
      { parent: this },
    );
    for (const [channel, { subscriptions }] of channels) {
      const topic = new aws.sns.Topic(
        channel,
        // Text messages begin with the display name.
        { name: physicalName(topicName(channel)), displayName: "tocsin", kmsMasterKeyId: "alias/aws/sns", region },
        { parent: this },
      );
      // Allows nothing: who may publish says our own roles' policies, and no other account's can.
      new aws.sns.TopicPolicy(
        channel,
        { arn: topic.arn, region, policy: resourcePolicyDocument(channelTopicArn(place, channel), "sns:Publish", []) },
        { parent: this },
      );
      for (const subscription of subscriptions) {
        new aws.sns.TopicSubscription(
          subscriptionName(channel, subscription.protocol, subscription.endpoint),
          {
            topic: topic.arn,
            protocol: subscription.protocol,
            // The address of an integration is its key.
            endpoint: subscription.protocol === "https" ? pulumi.secret(subscription.endpoint) : subscription.endpoint,
            region,
            redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLetters.arn }),
            ...subscriptionOptions(subscription),
          },
          { parent: this, dependsOn: [deadLetters] },
        );
      }
      failureAlarm(alarms, channel, topic, this);
    }
    this.registerOutputs({});
  }
}

/** Tells subscriptions apart by a hash: an address may hold a key, and names of resources are shown everywhere. */
const subscriptionName = (channel: string, protocol: string, endpoint: string): string =>
  `${channel}-${protocol}-${createHash("sha256").update(endpoint).digest("hex").slice(0, 8)}`;

/** Above all for text messages: where the account's spending limit is reached SNS takes them and does not send them. */
const failureAlarm = (alarms: AlarmTopic, channel: string, topic: aws.sns.Topic, parent: pulumi.Resource): aws.cloudwatch.MetricAlarm =>
  alarm(
    alarms,
    {
      name: `${channel}-not-delivered`,
      description: `A subscriber of channel ${channel} did not take a message. Text messages: look at the account's spending limit and at opted-out numbers. HTTPS: SNS tries again for an hour, then it is in ${physicalName("topics-dlq")}.`,
      namespace: "AWS/SNS",
      metric: "NumberOfNotificationsFailed",
      dimensions: { TopicName: topic.name },
      statistic: "Sum",
      above: 0,
      periodSeconds: 300,
    },
    { parent },
  );
