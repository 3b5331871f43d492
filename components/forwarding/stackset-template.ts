import { coveredRegion, type MemberRole, memberRoles, type RegionResources } from "./member-resources";
import type { MemberSide } from "./member-side";

/** Largest template that can be handed over directly, in bytes: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const TEMPLATE_LIMIT = 51_200;

const PLACEHOLDER = /\$\{AWS::\w+\}/;

/** Account and Region of whatever stack is made from the template. */
const HERE = { account: pseudoParameter("AccountId"), region: pseudoParameter("Region") };

const HOME = "HomeRegion";
const ROLES = { forwarding: "ForwardingRole", heartbeat: "HeartbeatRole", guard: "GuardRole" } as const;

/** CloudFormation template of a member's side, the same for every account and Region. Without transforms: StackSets that deploy by themselves take none. */
export function stackSetTemplate(side: MemberSide): object {
  const { forwarding, heartbeat, guard } = memberRoles(side, HERE.account);
  const { queue, queuePolicy, rules, target, schedule } = coveredRegion(side, HERE);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: "tocsin: sends this account's events to the security account. Managed by a StackSet there.",
    // IAM knows no Region, so the roles are made in one.
    Conditions: { [HOME]: { "Fn::Equals": [{ Ref: "AWS::Region" }, side.homeRegion] } },
    Resources: {
      [ROLES.forwarding]: role(forwarding),
      [ROLES.heartbeat]: role(heartbeat),
      ...(guard && { [ROLES.guard]: role(guard) }),
      DeadLetters: {
        Type: "AWS::SQS::Queue",
        // What could not be sent is nothing that a deletion could lose for good: an account that leaves takes its events with it.
        DeletionPolicy: "Delete",
        UpdateReplacePolicy: "Delete",
        Properties: { QueueName: queue.name, MessageRetentionPeriod: queue.messageRetentionSeconds, SqsManagedSseEnabled: true },
      },
      DeadLettersPolicy: {
        Type: "AWS::SQS::QueuePolicy",
        Properties: { Queues: [{ Ref: "DeadLetters" }], PolicyDocument: policy(queuePolicy) },
      },
      ...Object.fromEntries(
        rules.map(({ name, description, pattern }) => [
          logicalId(name),
          {
            Type: "AWS::Events::Rule",
            DependsOn: ["DeadLettersPolicy"],
            Properties: { Name: name, Description: description, EventPattern: JSON.parse(pattern), Targets: [targetOf(target)] },
          },
        ]),
      ),
      ...(schedule && {
        Heartbeat: {
          Type: "AWS::Scheduler::Schedule",
          // After the rules, so that the first one is sent on.
          DependsOn: rules.map(({ name }) => logicalId(name)),
          Properties: {
            Name: schedule.name,
            Description: schedule.description,
            ScheduleExpression: schedule.scheduleExpression,
            ScheduleExpressionTimezone: schedule.scheduleExpressionTimezone,
            FlexibleTimeWindow: { Mode: "OFF" },
            Target: {
              Arn: substituted(schedule.targetArn),
              RoleArn: arnOfRole(ROLES.heartbeat, schedule.roleArn),
              Input: schedule.input,
              EventBridgeParameters: { Source: schedule.source, DetailType: schedule.detailType },
              RetryPolicy: capitalized(schedule.retryPolicy),
            },
          },
        },
      }),
    },
  };
}

const role = ({ name, description, trust, permissions }: MemberRole) => ({
  Type: "AWS::IAM::Role",
  Condition: HOME,
  Properties: {
    RoleName: name,
    Description: description,
    AssumeRolePolicyDocument: policy(trust),
    Policies: [{ PolicyName: "permissions", PolicyDocument: policy(permissions) }],
  },
});

const targetOf = ({ targetId, arn, roleArn, deadLetterArn, retryPolicy }: RegionResources["target"]) => ({
  Id: targetId,
  Arn: substituted(arn),
  RoleArn: arnOfRole(ROLES.forwarding, roleArn),
  DeadLetterConfig: { Arn: substituted(deadLetterArn) },
  RetryPolicy: capitalized(retryPolicy),
});

/** In the home Region a reference, so that the stack makes the role first; elsewhere the role is there already. */
const arnOfRole = (id: string, arn: string) => ({ "Fn::If": [HOME, { "Fn::GetAtt": [id, "Arn"] }, substituted(arn)] });

const policy = (json: string): unknown => substituted(JSON.parse(json));

/** Marks every text that names the account or Region for substitution, and leaves the others as they are. */
function substituted(value: unknown): unknown {
  if (typeof value === "string") {
    return PLACEHOLDER.test(value) ? { "Fn::Sub": value } : value;
  }
  if (Array.isArray(value)) {
    return value.map(substituted);
  }
  return typeof value === "object" && value !== null ? mapped(value, (key, inner) => [key, substituted(inner)]) : value;
}

/** CloudFormation writes the properties of the APIs with a capital letter. */
const capitalized = (value: object): object => mapped(value, (key, inner) => [`${key.charAt(0).toUpperCase()}${key.slice(1)}`, inner]);

const mapped = (value: object, change: (key: string, inner: unknown) => [string, unknown]): object =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => change(key, inner)));

/** `tocsin-forward-security-group` as `ForwardSecurityGroup`. */
const logicalId = (name: string): string =>
  name
    .split("-")
    .slice(1)
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join("");

function pseudoParameter(name: string): string {
  return `\${AWS::${name}}`;
}
