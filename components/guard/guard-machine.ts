import * as pulumi from "@pulumi/pulumi";
import { durationMilliseconds } from "../../functions/duration";
import type { Settings } from "../../settings";
import { type AlarmTopic, alarm } from "../alarms";
import { calledBy, type HandlerFunction } from "../function";
import { functionArn, guardTableArn, type Place, partitionOf, physicalName } from "../names";
import { sendsTo, type WorkQueue } from "../queue";
import { stateMachine } from "../state-machine";
import { type GuardParts, guardDefinition } from "./guard-definition";

export interface GuardMachineArgs {
  readonly place: Place;
  readonly settings: Settings;
  readonly alarms: AlarmTopic;
  readonly act: HandlerFunction;
  readonly tell: HandlerFunction;
  /** Name of the guard's table. */
  readonly tableName: pulumi.Input<string>;
  readonly queue: WorkQueue;
}

/** The state machine "guard". Standard: a person may take days to answer, and a change must not be forgotten when something breaks meanwhile. */
export class GuardMachine extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: GuardMachineArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:GuardMachine", name, {}, opts);
    const { place, settings, alarms, act, tell, tableName, queue } = args;
    const machine = stateMachine(
      name,
      {
        place,
        type: "STANDARD",
        statements: [
          {
            sid: "CallsFunctions",
            actions: ["lambda:InvokeFunction"],
            resources: ["guard-act", "guard-tell"].map((handler) => functionArn(place, handler)),
          },
          { sid: "GivesUp", actions: ["dynamodb:UpdateItem"], resources: [guardTableArn(place)] },
          sendsTo(place, "guard-dlq"),
        ],
        definition: pulumi
          .output({
            partition: partitionOf(place.region),
            act: calledBy(act),
            tell: calledBy(tell),
            tableName,
            deadLetterUrl: queue.deadLetters.url,
            approval: approvalOf(settings),
          })
          .apply(guardDefinition),
      },
      this,
    );
    alarm(
      alarms,
      {
        name: `${name}-failed`,
        description: `A change of a security group could not be handled to the end: somebody may not have been told, or what was decided not be done. Look at the failed executions of ${physicalName(name)} and at the messages of ${physicalName(`${name}-dlq`)}.`,
        namespace: "AWS/States",
        metric: "ExecutionsFailed",
        dimensions: { StateMachineArn: machine.arn },
        statistic: "Sum",
        above: 0,
      },
      { parent: this },
    );
    this.arn = machine.arn;
    this.ready = [...machine.ready, ...act.ready, ...tell.ready];
    this.registerOutputs({ arn: this.arn });
  }
}

/** How people are asked; undefined where they are not. */
function approvalOf({ securityGroupGuard, approvals }: Settings): GuardParts["approval"] {
  return securityGroupGuard?.mode === "approve" && approvals
    ? { timeoutSeconds: durationMilliseconds(approvals.timeout) / 1000, onTimeout: securityGroupGuard.onTimeout }
    : undefined;
}
