import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { CentralBus } from "../bus";
import type { HandlerFunction } from "../function";
import { arnOf, BUS_NAME, type Place, physicalName } from "../names";
import { createdAccount, heartbeat, securityGroupChange } from "../patterns/members";
import type { DeadLetterQueue, WorkQueue } from "../queue";
import { sendEvents } from "../rules";

export interface MemberEventRulesArgs {
  /** Security account and home Region. */
  readonly place: Place;
  readonly managementAccountId: string;
  readonly bus: CentralBus;
  /** Takes signs of life. */
  readonly intake: WorkQueue;
  /** Takes new accounts. */
  readonly accounts: HandlerFunction;
  /** Takes events that could not start it. */
  readonly failures: DeadLetterQueue;
  /** Takes changes of security groups; absent where nobody guards them. */
  readonly changes?: WorkQueue;
}

/** What members report, from the central bus to whoever takes it: signs of life, new accounts, and changes of security groups. */
export class MemberEventRules extends pulumi.ComponentResource {
  constructor(name: string, args: MemberEventRulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:MemberEventRules", name, {}, opts);
    const { place, managementAccountId, bus, intake, accounts, failures, changes } = args;
    const central = { region: place.region, bus: bus.name, prefix: "central-" };
    sendEvents(
      {
        ...central,
        patterns: [{ name: "heartbeat", description: "Signs of life of the members", pattern: JSON.stringify(heartbeat) }],
        target: { arn: intake.arn, deadLetterArn: intake.deadLetters.arn },
        dependsOn: [intake],
      },
      this,
    );
    if (changes) {
      const pattern = JSON.stringify(securityGroupChange);
      sendEvents(
        {
          ...central,
          patterns: [{ name: "security-group", description: "Changes of security groups", pattern }],
          target: { arn: changes.arn, deadLetterArn: changes.deadLetters.arn },
          dependsOn: [changes],
        },
        this,
      );
    }

    // Straight to the function, without a queue: there are few of these events, and should one get lost, the daily sweep finds the account.
    const startable = new aws.lambda.Permission(
      "central-accounts",
      {
        function: accounts.name,
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceAccount: place.account,
        sourceArn: arnOf(place, "events", `rule/${BUS_NAME}/${physicalName("accounts")}`),
      },
      { parent: this },
    );
    const pattern = JSON.stringify(createdAccount(managementAccountId));
    sendEvents(
      {
        ...central,
        patterns: [{ name: "accounts", description: "New accounts", pattern }],
        target: { arn: accounts.arn, deadLetterArn: failures.arn },
        dependsOn: [startable, failures, ...accounts.ready],
      },
      this,
    );
    this.registerOutputs({});
  }
}
