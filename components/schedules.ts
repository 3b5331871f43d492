import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { HandlerFunction } from "./function";
import { functionArn, type Place, physicalName, SCHEDULE_GROUP } from "./names";
import { policyDocument, trustPolicyDocument } from "./policies";
import { type DeadLetterQueue, sendsTo } from "./queue";

/** When a function runs. */
export interface ScheduledFunction {
  /** Short name of the schedule and of the function. */
  readonly name: string;
  readonly description: string;
  /** `rate(1 hour)` or `cron(30 4 * * ? *)`, in UTC. */
  readonly expression: string;
  readonly handler: HandlerFunction;
}

export interface SchedulesArgs {
  readonly place: Place;
  readonly functions: readonly ScheduledFunction[];
  /** Takes the runs that Scheduler could not start. */
  readonly failures: DeadLetterQueue;
  /** Short name of that queue. */
  readonly failuresName: string;
}

/** The functions that time alone starts. A run that cannot be started is tried again for an hour, then dead-lettered. */
export class Schedules extends pulumi.ComponentResource {
  constructor(name: string, args: SchedulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:Schedules", name, {}, opts);
    const { place, functions, failures } = args;
    const group = new aws.scheduler.ScheduleGroup(name, { name: SCHEDULE_GROUP }, { parent: this });
    const role = new aws.iam.Role(
      name,
      {
        name: physicalName("schedules"),
        description: "Lets EventBridge Scheduler start tocsin's functions",
        assumeRolePolicy: trustPolicyDocument("scheduler.amazonaws.com", place),
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
            sid: "StartsFunctions",
            actions: ["lambda:InvokeFunction"],
            resources: functions.map((scheduled) => functionArn(place, scheduled.name)),
          },
          sendsTo(place, args.failuresName),
        ]),
      },
      { parent: this },
    );
    for (const { name: short, description, expression, handler } of functions) {
      new aws.scheduler.Schedule(
        short,
        {
          name: physicalName(short),
          groupName: group.name,
          description,
          scheduleExpression: expression,
          scheduleExpressionTimezone: "UTC",
          flexibleTimeWindow: { mode: "OFF" },
          target: {
            arn: handler.arn,
            roleArn: role.arn,
            deadLetterConfig: { arn: failures.arn },
            retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 },
          },
        },
        { parent: this, dependsOn: [permissions, ...handler.ready] },
      );
    }
    this.registerOutputs({});
  }
}
