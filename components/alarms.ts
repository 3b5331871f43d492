import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnOf, type Place, physicalName } from "./names";
import { onBehalfOf, resourcePolicyDocument } from "./policies";

export interface AlarmTopicArgs {
  /** Account and Region of the alarms: a topic hears of those of its own Region only. */
  readonly place: Place;
  /** E-mail addresses that are told. Each has to confirm once. */
  readonly addresses: readonly string[];
}

/**
 * The topic that tells people when tocsin itself is in trouble. It does not go through the pipeline that it watches.
 *
 * No key of our own: CloudWatch cannot publish to a topic under the AWS managed key, a customer managed one costs money per Region, and an alarm's text holds
 * the name of a queue and a number, nothing of a finding. SNS keeps its messages on encrypted disks in any case.
 */
export class AlarmTopic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly place: Place;

  constructor(name: string, args: AlarmTopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:AlarmTopic", name, {}, opts);
    const { place, addresses } = args;
    const topicName = physicalName("alarms");
    const topic = new aws.sns.Topic(name, { name: topicName, displayName: "tocsin alarms", region: place.region }, { parent: this });
    const arn = arnOf(place, "sns", topicName);
    new aws.sns.TopicPolicy(
      name,
      {
        arn: topic.arn,
        region: place.region,
        policy: resourcePolicyDocument(arn, "sns:Publish", [
          {
            sid: "OurAlarms",
            service: "cloudwatch.amazonaws.com",
            actions: ["sns:Publish"],
            resources: [arn],
            conditions: onBehalfOf(place, arnOf(place, "cloudwatch", `alarm:${physicalName("*")}`)),
          },
        ]),
      },
      { parent: this },
    );
    for (const address of addresses) {
      new aws.sns.TopicSubscription(
        `${name}-${address}`,
        { topic: topic.arn, protocol: "email", endpoint: address, region: place.region },
        { parent: this },
      );
    }
    this.arn = topic.arn;
    this.place = place;
    this.registerOutputs({ arn: this.arn });
  }
}

export interface AlarmArgs {
  /** Short name, for example `intake-dlq-not-empty`. */
  readonly name: string;
  /** What is wrong, and what to do about it: the text that people get. */
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Minimum" | "Maximum" | "Sum";
  /** The alarm goes off above this. */
  readonly above: number;
  /** Length of a period, a multiple of 60. Default 60. */
  readonly periodSeconds?: number;
}

/** An alarm that tells the topic. Nothing measured is nothing wrong: queues that are not used report nothing. */
export function alarm(topic: AlarmTopic, args: AlarmArgs, opts: pulumi.CustomResourceOptions): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    args.name,
    {
      name: physicalName(args.name),
      alarmDescription: args.description,
      region: topic.place.region,
      namespace: args.namespace,
      metricName: args.metric,
      dimensions: { ...args.dimensions },
      statistic: args.statistic,
      period: args.periodSeconds ?? 60,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanThreshold",
      threshold: args.above,
      treatMissingData: "notBreaching",
      alarmActions: [topic.arn],
    },
    opts,
  );
}
