import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { METRIC_NAMESPACE } from "../../functions/metrics";
import { SECURITY_GROUP_CALLS } from "../../functions/security-groups/calls";
import type { Settings } from "../../settings";
import { AlarmTopic, alarm } from "../alarms";
import { alarmAddresses } from "../channels/configured";
import { arnOf, physicalName } from "../names";
import { policyDocument, trustPolicyDocument } from "../policies";

export interface TrailWatchArgs {
  readonly settings: Settings;
  /** Provider of the management account, which the trail belongs to. */
  readonly management: aws.Provider;
}

/** As long as the functions' logs: what reviews of incidents look back on. The trail's files in the bucket are kept longer. */
const RETENTION_DAYS = 90;

/** Metric of the calls that change security groups. */
const CHANGES = "SecurityGroupChanges";

/**
 * The classic control as a second way to hear of changed security groups: the trail also writes to CloudWatch Logs, where a metric filter counts the calls, and an
 * alarm tells. It shares nothing with the guard: not EventBridge, not the security account, not our functions. It says that something changed and not what; the log
 * group has it all.
 *
 * It leaves with the guard: a trail that stays when the program goes then writes its files alone.
 */
export class TrailWatch extends pulumi.ComponentResource {
  /** The trail's arguments for it. */
  readonly trail: Pick<aws.cloudtrail.TrailArgs, "cloudWatchLogsGroupArn" | "cloudWatchLogsRoleArn">;
  /** What has to be there before the trail can write. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: TrailWatchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:TrailWatch", name, {}, opts);
    const { settings, management } = args;
    const { region, organization } = settings;
    const place = { account: organization.managementAccountId, region };
    const options = { parent: this, provider: management };
    const logGroupName = `/aws/cloudtrail/${physicalName(name)}`;
    const logGroup = new aws.cloudwatch.LogGroup(name, { name: logGroupName, region, retentionInDays: RETENTION_DAYS }, options);
    const role = new aws.iam.Role(
      name,
      {
        name: physicalName(name),
        description: "Lets CloudTrail write what it records to CloudWatch Logs",
        assumeRolePolicy: trustPolicyDocument("cloudtrail.amazonaws.com", place),
      },
      options,
    );
    const permissions = new aws.iam.RolePolicy(
      name,
      {
        name: "permissions",
        role: role.name,
        policy: policyDocument([
          {
            sid: "WritesLog",
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            // Their names begin with an account's or the Organization's id.
            resources: [arnOf(place, "logs", `log-group:${logGroupName}:log-stream:*`)],
          },
        ]),
      },
      options,
    );
    new aws.cloudwatch.LogMetricFilter(
      name,
      {
        name: physicalName("security-group-changes"),
        region,
        logGroupName: logGroup.name,
        pattern: changesPattern(),
        metricTransformation: { namespace: METRIC_NAMESPACE, name: CHANGES, value: "1", defaultValue: "0" },
      },
      options,
    );
    const topic = new AlarmTopic(
      `${name}-alarms`,
      { place, addresses: alarmAddresses(settings) },
      { parent: this, providers: [management] },
    );
    alarm(
      topic,
      {
        name: "security-group-changes",
        description: `Somebody changed security groups somewhere in the Organization. This is the second, independent way to hear of it: what tocsin tells of it itself says who, where and what. If it told nothing, look into log group ${logGroupName} of account ${place.account}.`,
        namespace: METRIC_NAMESPACE,
        metric: CHANGES,
        dimensions: {},
        statistic: "Sum",
        above: 0,
        periodSeconds: 300,
      },
      options,
    );
    this.trail = { cloudWatchLogsGroupArn: pulumi.interpolate`${logGroup.arn}:*`, cloudWatchLogsRoleArn: role.arn };
    this.ready = [logGroup, role, permissions];
    this.registerOutputs({});
  }
}

/**
 * The pattern of the CIS benchmark's control (https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-10), with the calls that
 * came since.
 */
export const changesPattern = (): string => `{ ${SECURITY_GROUP_CALLS.map((call) => `($.eventName = ${call})`).join(" || ")} }`;
