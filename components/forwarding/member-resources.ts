import type { NamedPattern } from "../event-patterns";
import { EVENT_RETRIES, LONGEST_RETENTION } from "../limits";
import type { Place } from "../names";
import { onBehalfOf, policyDocument, resourcePolicyDocument, trustPolicyDocument } from "../policies";
import { guardRole } from "./guard-role";
import type { MemberSide } from "./member-side";

/*
 * What exists in a member, as plain values. A place may also be made of CloudFormation's pseudo parameters, which turns these values into those of a template:
 * so the template and the Pulumi resources cannot differ but in spelling.
 */

/** A role of an account. Policies are JSON. */
export interface MemberRole {
  readonly name: string;
  readonly description: string;
  readonly trust: string;
  readonly permissions: string;
}

/** What is in one Region of an account. */
export interface RegionResources {
  readonly queue: { readonly name: string; readonly messageRetentionSeconds: number };
  /** JSON. */
  readonly queuePolicy: string;
  readonly rules: readonly NamedPattern[];
  /** Target of each rule. */
  readonly target: {
    readonly targetId: string;
    readonly arn: string;
    readonly roleArn: string;
    readonly deadLetterArn: string;
    readonly retryPolicy: RetryPolicy;
  };
  /** Absent where only new accounts are reported. */
  readonly schedule?: {
    readonly name: string;
    readonly description: string;
    readonly scheduleExpression: string;
    readonly scheduleExpressionTimezone: string;
    readonly targetArn: string;
    readonly roleArn: string;
    /** `detail` of the event, JSON. */
    readonly input: string;
    readonly source: string;
    readonly detailType: string;
    readonly retryPolicy: RetryPolicy;
  };
}

export interface RetryPolicy {
  readonly maximumEventAgeInSeconds: number;
  readonly maximumRetryAttempts: number;
}

/** The roles of an account: IAM knows no Region, so there is one of each. */
export interface MemberRoles {
  readonly forwarding: MemberRole;
  readonly heartbeat: MemberRole;
  /** Absent where nobody guards security groups. */
  readonly guard?: MemberRole;
}

export function memberRoles(side: MemberSide, account: string): MemberRoles {
  const everyRegion = (service: string, resource: string): string => arn(side, { account, region: "*" }, service, resource);
  return {
    forwarding: {
      name: side.roleName,
      description: "Lets EventBridge send events of this account to the bus of tocsin in the security account",
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
      trust: trustPolicyDocument("events.amazonaws.com", { account }, everyRegion("events", "rule/tocsin-forward-*")),
      permissions: policyDocument([{ sid: "CentralBus", actions: ["events:PutEvents"], resources: [side.targetBusArn] }]),
    },
    heartbeat: {
      name: side.heartbeat.roleName,
      description: "Lets EventBridge Scheduler put tocsin's sign of life on the default bus",
      // By the schedule's group, as advised: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      trust: trustPolicyDocument("scheduler.amazonaws.com", { account }, everyRegion("scheduler", "schedule-group/default")),
      permissions: policyDocument([
        {
          sid: "SignsOfLife",
          actions: ["events:PutEvents"],
          resources: side.regions.map((region) => defaultBusArn(side, { account, region })),
          conditions: { "ForAllValues:StringEquals": { "events:source": side.heartbeat.source }, Null: { "events:source": "false" } },
        },
      ]),
    },
    ...(side.guard && { guard: guardRole(side.guard, account) }),
  };
}

/** What is in a covered Region of an account. */
export const coveredRegion = (side: MemberSide, place: Place): RegionResources => ({
  ...sending(side, place, side.rules),
  schedule: {
    name: side.heartbeat.scheduleName,
    description: "Once a day, shows tocsin that events of this account and Region reach it",
    scheduleExpression: side.heartbeat.expression,
    scheduleExpressionTimezone: "UTC",
    targetArn: defaultBusArn(side, place),
    roleArn: roleArn(side, place, side.heartbeat.roleName),
    input: JSON.stringify({ purpose: "a daily sign of life; nobody is told of it" }),
    source: side.heartbeat.source,
    detailType: side.heartbeat.detailType,
    // An hour: with it the longest time between two is still less than what counts as silence.
    retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 20 },
  },
});

/** What the management account has in the Region where AWS Organizations reports new accounts. */
export function accountsRegion(side: MemberSide): RegionResources {
  const { region, rule } = side.accounts;
  const place = { account: side.managementAccountId, region };
  if (side.regions.includes(region)) {
    const covered = coveredRegion(side, place);
    return { ...covered, rules: [...covered.rules, rule] };
  }
  return sending(side, place, [rule]);
}

/**
 * Rules that send to the central bus, with a queue for what cannot be sent. The queue has no alarm: at ten cents for each account and Region that would be most of the
 * bill of a large Organization. The heartbeat takes the same way, and tells when it is blocked.
 */
function sending(side: MemberSide, place: Place, rules: readonly NamedPattern[]): RegionResources {
  const queueArn = arn(side, place, "sqs", side.deadLetterQueueName);
  return {
    queue: { name: side.deadLetterQueueName, messageRetentionSeconds: LONGEST_RETENTION },
    queuePolicy: resourcePolicyDocument(queueArn, "sqs:*", [
      {
        sid: "UndeliverableEvents",
        service: "events.amazonaws.com",
        actions: ["sqs:SendMessage"],
        resources: [queueArn],
        conditions: onBehalfOf(place, arn(side, place, "events", "rule/tocsin-forward-*")),
      },
    ]),
    rules,
    target: {
      targetId: "tocsin",
      arn: side.targetBusArn,
      roleArn: roleArn(side, place, side.roleName),
      deadLetterArn: queueArn,
      retryPolicy: EVENT_RETRIES,
    },
  };
}

const arn = ({ partition }: MemberSide, { account, region }: Place, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

const roleArn = (side: MemberSide, { account }: Place, name: string): string => arn(side, { account, region: "" }, "iam", `role/${name}`);

const defaultBusArn = (side: MemberSide, place: Place): string => arn(side, place, "events", "event-bus/default");
