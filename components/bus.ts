import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { forwardedSources, type MemberSide, sourcesOf } from "./forwarding/member-side";
import { BUS_NAME } from "./names";

export interface CentralBusArgs {
  /** What members send. */
  readonly side: MemberSide;
  /** Id of the Organization, `o-…`. */
  readonly organizationId: pulumi.Input<string>;
}

/**
 * The central bus, where what happens in other accounts and Regions comes together. It is separate from the default bus so that what is sent on can never match
 * the rules that send it on. Members may put on it what our rules forward and nothing else: in particular no finding, which only the security account's own
 * rules bring. Whose event it is says the envelope's `account`, which EventBridge writes; no member can speak for another.
 */
export class CentralBus extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: CentralBusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:CentralBus", name, {}, opts);
    const bus = new aws.cloudwatch.EventBus(
      name,
      { name: BUS_NAME, description: "Events that tocsin gathers from other accounts and Regions" },
      { parent: this },
    );
    new aws.cloudwatch.EventBusPolicy(
      name,
      { eventBusName: bus.name, policy: pulumi.output(args.organizationId).apply((id) => busPolicy(args.side, id)) },
      { parent: this },
    );
    this.arn = bus.arn;
    this.name = bus.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }
}

/** JSON of the bus's policy. By Organization: a list of accounts would soon exceed its 10,240 characters. */
export function busPolicy(side: MemberSide, organizationId: string): string {
  const statement = (sid: string, principal: unknown, sources: readonly string[]) => ({
    Sid: sid,
    Effect: "Allow",
    Principal: principal,
    Action: "events:PutEvents",
    Resource: side.targetBusArn,
    Condition: {
      StringEquals: { "aws:PrincipalOrgID": organizationId },
      // A call has as many sources as entries, hence ForAllValues, which also holds for none, hence Null:
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-cross-account-custom-bus-source.html
      "ForAllValues:StringEquals": { "events:source": sources },
      Null: { "events:source": "false" },
    },
  });
  const management = { AWS: `arn:${side.partition}:iam::${side.managementAccountId}:root` };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      statement("MembersForward", "*", forwardedSources(side)),
      statement("ManagementReportsAccounts", management, sourcesOf(side.accounts.rule)),
    ],
  });
}
