import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Approver } from "../../functions/buttons/approvers";
import type { Settings } from "../../settings";
import { HandlerFunction } from "../function";
import type { Place } from "../names";
import { answersWorkflows, readsSecrets, startsGuard, usesGuardTable } from "../permissions";
import type { GuardMachine } from "./guard-machine";

type Approvals = NonNullable<Settings["approvals"]>;

export interface ButtonsArgs {
  readonly place: Place;
  readonly approvals: Approvals;
  readonly machine: GuardMachine;
  /** Name of the guard's table. */
  readonly guardTableName: pulumi.Input<string>;
}

/**
 * Runs at the same moment. The address is open to the Internet: a flood of requests can neither cost more than these nor take from the other functions of the account,
 * and their presses can take none from people's. For that Lambda sets five aside, and refuses where fewer than 100 would be left: accounts have 1,000, new ones
 * 10 until AWS raises it (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html).
 */
const AT_ONCE = 5;

/** What Slack calls when somebody presses a button: a function with an address of its own. Who calls is told by Slack's signature, in the function. */
export class Buttons extends pulumi.ComponentResource {
  /** Goes into the Slack app as the Request URL of "Interactivity & Shortcuts". */
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: ButtonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tocsin:index:Buttons", name, {}, opts);
    const { place, approvals, machine, guardTableName } = args;
    const handler = new HandlerFunction(
      "buttons",
      {
        place,
        description: "Answers Slack when somebody presses a button",
        timeoutSeconds: 10,
        // More than its work needs, for the processor that comes with it: Slack waits for three seconds, a cold start included.
        memoryMegabytes: 1024,
        reservedConcurrency: AT_ONCE,
        statements: [
          usesGuardTable(place, "GetItem", "UpdateItem", "DeleteItem"),
          readsSecrets(place, [approvals.signingSecretName]),
          answersWorkflows,
          startsGuard(place),
        ],
        environment: {
          GUARD_TABLE: guardTableName,
          MACHINE_ARN: machine.arn,
          APPROVERS: JSON.stringify(approversOf(approvals)),
          SIGNING_SECRET_NAME: approvals.signingSecretName,
        },
      },
      { parent: this },
    );
    const { functionUrl } = new aws.lambda.FunctionUrl(
      name,
      { functionName: handler.name, authorizationType: "NONE", invokeMode: "BUFFERED" },
      { parent: this, dependsOn: [...handler.ready, ...everybodyMayCall(name, handler, this)] },
    );
    this.url = functionUrl;
    this.registerOutputs({ url: this.url });
  }
}

/**
 * Both, since October 2025: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html. The second holds for calls by the address only, not for those of Lambda's own API.
 */
const everybodyMayCall = (name: string, handler: HandlerFunction, parent: pulumi.Resource): aws.lambda.Permission[] => [
  new aws.lambda.Permission(
    `${name}-url`,
    { function: handler.name, action: "lambda:InvokeFunctionUrl", principal: "*", functionUrlAuthType: "NONE" },
    { parent },
  ),
  new aws.lambda.Permission(
    `${name}-url-function`,
    { function: handler.name, action: "lambda:InvokeFunction", principal: "*", invokedViaFunctionUrl: true },
    { parent },
  ),
];

/** Those who may decide, with what they are called in AWS as far as that is known. */
const approversOf = ({ approvers, identities }: Approvals): Approver[] =>
  approvers.map((user) => {
    const names = identities[user];
    return names === undefined ? user : { user, identities: names };
  });
