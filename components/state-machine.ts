import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Place, physicalName } from "./names";
import { policyDocument, type Statement, trustPolicyDocument } from "./policies";
import type { State } from "./states";

export interface StateMachineArgs {
  readonly place: Place;
  readonly type: "EXPRESS" | "STANDARD";
  /** What it may do besides writing its log and traces. */
  readonly statements: readonly Statement[];
  readonly definition: pulumi.Input<State>;
}

/** Log retention in days, as for the functions. */
const RETENTION_DAYS = 90;

/** A state machine with a role and a log of its own, traced; and what has to be there before it works. */
export function stateMachine(
  name: string,
  { place, type, statements, definition }: StateMachineArgs,
  parent: pulumi.Resource,
): { readonly arn: pulumi.Output<string>; readonly ready: readonly pulumi.Resource[] } {
  const machineName = physicalName(name);
  // A function may have the same short name.
  const ours = `${name}-machine`;
  const logGroup = new aws.cloudwatch.LogGroup(
    ours,
    // Under this prefix CloudWatch Logs needs no entry in its resource policy, which holds ten at most.
    { name: `/aws/vendedlogs/states/${machineName}`, retentionInDays: RETENTION_DAYS },
    { parent },
  );
  const role = new aws.iam.Role(
    ours,
    {
      name: physicalName(ours),
      description: `What state machine ${machineName} may do`,
      assumeRolePolicy: trustPolicyDocument("states.amazonaws.com", place),
    },
    { parent },
  );
  const permissions = new aws.iam.RolePolicy(
    ours,
    { name: "permissions", role: role.name, policy: policyDocument([...statements, ...OBSERVABILITY]) },
    { parent },
  );
  const machine = new aws.sfn.StateMachine(
    name,
    {
      name: machineName,
      type,
      roleArn: role.arn,
      definition: pulumi.output(definition).apply((states) => JSON.stringify(states)),
      // Errors without the data: what it is about is in tables and queues, not in a log that more people read.
      loggingConfiguration: { level: "ERROR", includeExecutionData: false, logDestination: pulumi.interpolate`${logGroup.arn}:*` },
      tracingConfiguration: { enabled: true },
    },
    { parent, dependsOn: [permissions] },
  );
  return { arn: machine.arn, ready: [machine, permissions] };
}

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
