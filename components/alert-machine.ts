import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmTopic, alarm } from "./alarms";
import { alertDefinition } from "./alert-definition";
import type { EpisodesTable } from "./episodes-table";
import type { HandlerFunction } from "./function";
import { functionArn, type Place, partitionOf, physicalName, tableArn } from "./names";
import { policyDocument, type Statement, trustPolicyDocument } from "./policies";
import { sendsTo, type WorkQueue } from "./queue";

export interface AlertMachineArgs {
  readonly place: Place;
  readonly alarms: AlarmTopic;
  readonly table: EpisodesTable;
  readonly enrich: HandlerFunction;
  /** The deliver function of each kind of channel, by the kind. */
  readonly deliver: Readonly<Record<string, HandlerFunction>>;
  readonly undelivered: WorkQueue;
  /** Absent where nothing is written back to Security Hub. */
  readonly writeBack?: WorkQueue;
}

/** Log retention in days, as for the functions. */
const RETENTION_DAYS = 90;

/** The state machine "alert". Express: an alert takes seconds, and at a million findings a month Standard would be most of the bill. */
export class AlertMachine extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: AlertMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:AlertMachine", name, {}, opts);
    const { place, alarms, enrich, deliver, table, undelivered, writeBack } = args;
    const machineName = physicalName(name);
    const logGroup = new aws.cloudwatch.LogGroup(
      name,
      // Under this prefix CloudWatch Logs needs no entry in its resource policy, which holds ten at most.
      { name: `/aws/vendedlogs/states/${machineName}`, retentionInDays: RETENTION_DAYS },
      { parent: this },
    );
    const role = new aws.iam.Role(
      name,
      {
        name: physicalName(`${name}-machine`),
        description: `What state machine ${machineName} may do`,
        assumeRolePolicy: trustPolicyDocument("states.amazonaws.com", place),
      },
      { parent: this },
    );
    const permissions = new aws.iam.RolePolicy(
      name,
      {
        name: "permissions",
        role: role.name,
        policy: policyDocument([
          {
            sid: "CallsFunctions",
            actions: ["lambda:InvokeFunction"],
            resources: ["enrich", ...Object.keys(deliver).map((kind) => `deliver-${kind}`)].map((handler) => functionArn(place, handler)),
          },
          { sid: "RecordsDeliveries", actions: ["dynamodb:UpdateItem"], resources: [tableArn(place)] },
          sendsTo(place, "undelivered", "undelivered-dlq", ...(writeBack ? ["write-back"] : [])),
          ...OBSERVABILITY,
        ]),
      },
      { parent: this },
    );
    const machine = new aws.sfn.StateMachine(
      name,
      {
        name: machineName,
        type: "EXPRESS",
        roleArn: role.arn,
        definition: pulumi
          .output({
            partition: partitionOf(place.region),
            enrich: called(enrich),
            deliver: Object.fromEntries(Object.entries(deliver).map(([kind, handler]) => [kind, called(handler)])),
            tableName: table.name,
            undeliveredUrl: undelivered.url,
            deadLetterUrl: undelivered.deadLetters.url,
            writeBackUrl: writeBack?.url,
          })
          .apply((parts) => JSON.stringify(alertDefinition(parts))),
        // Errors without the data: the alert itself is in the queue of undelivered ones, not in a log that more people read.
        loggingConfiguration: { level: "ERROR", includeExecutionData: false, logDestination: pulumi.interpolate`${logGroup.arn}:*` },
        tracingConfiguration: { enabled: true },
      },
      { parent: this, dependsOn: [permissions] },
    );
    alarm(
      alarms,
      {
        name: `${name}-timed-out`,
        description: `An alert took longer than five minutes: somebody may not have been told yet. What was claimed is told again within the hour. Look at ${machineName}.`,
        namespace: "AWS/States",
        metric: "ExecutionsTimedOut",
        dimensions: { StateMachineArn: machine.arn },
        statistic: "Sum",
        above: 0,
      },
      { parent: this },
    );
    this.arn = machine.arn;
    this.ready = [machine, permissions];
    this.registerOutputs({ arn: this.arn });
  }
}

const called = ({ arn, timeoutSeconds }: HandlerFunction) => ({ arn, timeoutSeconds });

/** Neither the delivery of logs nor X-Ray has a resource level: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const OBSERVABILITY: readonly Statement[] = [
  {
    sid: "LogDelivery",
    actions: [
      "logs:CreateLogDelivery",
      "logs:GetLogDelivery",
      "logs:UpdateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:DescribeResourcePolicies",
      "logs:DescribeLogGroups",
    ],
    resources: ["*"],
  },
  {
    sid: "Traces",
    actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"],
    resources: ["*"],
  },
];
