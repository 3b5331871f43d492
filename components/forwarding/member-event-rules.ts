import * as pulumi from "@pulumi/pulumi";
import type { CentralBus } from "../bus";
import { createdAccount, heartbeat } from "../patterns/members";
import type { WorkQueue } from "../queue";
import { sendEvents } from "../rules";

export interface MemberEventRulesArgs {
  /** Home Region. */
  readonly region: string;
  readonly managementAccountId: string;
  readonly bus: CentralBus;
  readonly intake: WorkQueue;
}

/** What members report about themselves goes from the central bus to the intake queue: signs of life, and new accounts. Nobody is told of either. */
export class MemberEventRules extends pulumi.ComponentResource {
  constructor(name: string, args: MemberEventRulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:MemberEventRules", name, {}, opts);
    const { region, managementAccountId, bus, intake } = args;
    const patterns = [
      { name: "heartbeat", description: "Signs of life of the members", pattern: JSON.stringify(heartbeat) },
      { name: "accounts", description: "New accounts", pattern: JSON.stringify(createdAccount(managementAccountId)) },
    ];
    const target = { arn: intake.arn, deadLetterArn: intake.deadLetters.arn };
    sendEvents({ patterns, region, bus: bus.name, target, prefix: "central-", dependsOn: [intake] }, this);
    this.registerOutputs({});
  }
}
