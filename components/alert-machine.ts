import * as pulumi from "@pulumi/pulumi";
import { type AlarmTopic, alarm } from "./alarms";
import { alertDefinition } from "./alert-definition";
import type { EpisodesTable } from "./episodes-table";
import { calledBy, type HandlerFunction } from "./function";
import { functionArn, type Place, partitionOf, physicalName, tableArn } from "./names";
import { sendsTo, type WorkQueue } from "./queue";
import { stateMachine } from "./state-machine";

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

/** The state machine "alert". Express: an alert takes seconds, and at a million findings a month Standard would be most of the bill. */
export class AlertMachine extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: AlertMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:AlertMachine", name, {}, opts);
    const { place, alarms, enrich, deliver, table, undelivered, writeBack } = args;
    const machine = stateMachine(
      name,
      {
        place,
        type: "EXPRESS",
        statements: [
          {
            sid: "CallsFunctions",
            actions: ["lambda:InvokeFunction"],
            resources: ["enrich", ...Object.keys(deliver).map((kind) => `deliver-${kind}`)].map((handler) => functionArn(place, handler)),
          },
          { sid: "RecordsDeliveries", actions: ["dynamodb:UpdateItem"], resources: [tableArn(place)] },
          sendsTo(place, "undelivered", "undelivered-dlq", ...(writeBack ? ["write-back"] : [])),
        ],
        definition: pulumi
          .output({
            partition: partitionOf(place.region),
            enrich: calledBy(enrich),
            deliver: Object.fromEntries(Object.entries(deliver).map(([kind, handler]) => [kind, calledBy(handler)])),
            tableName: table.name,
            undeliveredUrl: undelivered.url,
            deadLetterUrl: undelivered.deadLetters.url,
            writeBackUrl: writeBack?.url,
          })
          .apply(alertDefinition),
      },
      this,
    );
    alarm(
      alarms,
      {
        name: `${name}-timed-out`,
        description: `An alert took longer than five minutes: somebody may not have been told yet. What was not told or queued is told again within the hour, which may repeat what was. Look at ${physicalName(name)}.`,
        namespace: "AWS/States",
        metric: "ExecutionsTimedOut",
        dimensions: { StateMachineArn: machine.arn },
        statistic: "Sum",
        above: 0,
      },
      { parent: this },
    );
    // A channel that does not take its message is no failure: the queue's alarms tell of that.
    alarm(
      alarms,
      {
        name: `${name}-failed`,
        description: `The workflow that tells people failed: what was not told or queued is told again within the hour. If this rings every hour the same alert fails for good, and somebody is not told: look at the log of ${physicalName(name)}.`,
        namespace: "AWS/States",
        metric: "ExecutionsFailed",
        dimensions: { StateMachineArn: machine.arn },
        statistic: "Sum",
        above: 0,
      },
      { parent: this },
    );
    this.arn = machine.arn;
    this.ready = machine.ready;
    this.registerOutputs({ arn: this.arn });
  }
}
