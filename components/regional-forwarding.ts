import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Source } from "../functions/alert-settings";
import { AlarmTopic } from "./alarms";
import type { CentralBus } from "./bus";
import { regionalPatterns } from "./event-patterns";
import { arnOf, BUS_NAME, type Place, physicalName } from "./names";
import { onBehalfOf, ourRules, policyDocument, trustPolicyDocument } from "./policies";
import { DeadLetterQueue } from "./queue";
import { sendEvents } from "./rules";

export interface RegionalForwardingArgs {
  /** Account and home Region. */
  readonly home: Place;
  /** Regions besides the home Region. */
  readonly regions: readonly string[];
  readonly sources: readonly Source[];
  readonly bus: CentralBus;
  /** E-mail addresses for alarms, which have to be in the Region of what they watch. */
  readonly addresses: readonly string[];
}

/**
 * In each other Region of the security account: GuardDuty's and Inspector's events of the whole Organization arrive on its default bus there, and go on to the
 * central bus. Security Hub's are left alone: it brings them to the home Region itself, and they would come twice. A topic in each Region hears of the alarms
 * there.
 */
export class RegionalForwarding extends pulumi.ComponentResource {
  constructor(name: string, args: RegionalForwardingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:RegionalForwarding", name, {}, opts);
    const { home, bus, addresses } = args;
    const patterns = regionalPatterns(args.sources);
    const topics = args.regions.map((region) => {
      const place = { account: home.account, region };
      return { place, alarms: new AlarmTopic(`alarms-${region}`, { place, addresses }, { parent: this }) };
    });
    if (patterns.length > 0 && topics.length > 0) {
      const { role, permissions } = forwarder(name, home, this);
      for (const { place, alarms } of topics) {
        const { region } = place;
        const deadLetters = new DeadLetterQueue(
          `forwarding-dlq-${region}`,
          {
            place,
            alarms,
            meaning: `Findings of ${region} could not be sent on to bus ${BUS_NAME} in ${home.region}. Look at ERROR_MESSAGE of the messages, then send them on.`,
            senders: [{ sid: "UndeliverableEvents", service: "events.amazonaws.com", conditions: onBehalfOf(place, ourRules(place)) }],
          },
          { parent: this },
        );
        const target = { arn: bus.arn, roleArn: role.arn, deadLetterArn: deadLetters.arn };
        sendEvents({ patterns, region, target, prefix: `${region}-`, dependsOn: [permissions, deadLetters] }, this);
      }
    }
    this.registerOutputs({});
  }
}

/** The role that may put events on the central bus, and nothing else. IAM is global: one serves all Regions. */
function forwarder(name: string, home: Place, parent: pulumi.Resource): { role: aws.iam.Role; permissions: aws.iam.RolePolicy } {
  const role = new aws.iam.Role(
    name,
    {
      // Not "forwarding": a StackSet that covers this account as well makes a role of that name.
      name: physicalName("regional-forwarding"),
      description: "Lets EventBridge send events of other Regions to the central bus",
      assumeRolePolicy: trustPolicyDocument("events.amazonaws.com", home),
    },
    { parent },
  );
  const permissions = new aws.iam.RolePolicy(
    name,
    {
      name: "permissions",
      role: role.name,
      policy: policyDocument([
        { sid: "CentralBus", actions: ["events:PutEvents"], resources: [arnOf(home, "events", `event-bus/${BUS_NAME}`)] },
      ]),
    },
    { parent },
  );
  return { role, permissions };
}
