import { HEARTBEAT_DETAIL_TYPE, HEARTBEAT_SOURCE } from "../../functions/heartbeat/beat";
import type { Settings } from "../../settings";
import type { NamedPattern } from "../event-patterns";
import { arnOf, BUS_NAME, partitionOf, physicalName } from "../names";
import { createdAccount, heartbeat, securityGroupChange } from "../patterns/members";
import { type GuardSide, guardSide } from "./guard-role";

/** What sends a member's events to the security account, said once: the StackSet's template and the Pulumi resources are both made from it. */
export interface MemberSide {
  /** `aws`, `aws-cn` or `aws-us-gov`: an Organization lies in one. */
  readonly partition: string;
  readonly homeRegion: string;
  /** Regions that are covered, the home Region among them. */
  readonly regions: readonly string[];
  readonly securityAccountId: string;
  readonly managementAccountId: string;
  /** The central bus. */
  readonly targetBusArn: string;
  /** Rules on the default bus in every account and Region. The names are physical ones. */
  readonly rules: readonly NamedPattern[];
  /** Role, once per account, with which the rules send to the central bus. */
  readonly roleName: string;
  /** Queue, in every Region, of what could not be sent. */
  readonly deadLetterQueueName: string;
  /** The schedule, in every Region, that sends the sign of life, and its role, once per account. */
  readonly heartbeat: {
    readonly scheduleName: string;
    readonly roleName: string;
    readonly expression: string;
    readonly source: string;
    readonly detailType: string;
  };
  /** Absent where nobody guards security groups. */
  readonly guard?: GuardSide;
  /** What the management account sends besides: new accounts. AWS Organizations reports in this one Region, covered or not. */
  readonly accounts: { readonly region: string; readonly rule: NamedPattern };
}

/** What the settings ask of every member. */
export function memberSide(settings: Settings): MemberSide {
  const { region: homeRegion, organization, securityGroupGuard } = settings;
  const { securityAccountId, managementAccountId, regions } = organization;
  const guard = guardSide(settings);
  return {
    partition: partitionOf(homeRegion),
    homeRegion,
    regions,
    securityAccountId,
    managementAccountId,
    targetBusArn: arnOf({ account: securityAccountId, region: homeRegion }, "events", `event-bus/${BUS_NAME}`),
    rules: [
      ...(securityGroupGuard === undefined ? [] : [rule("security-group", "Changes of security groups", securityGroupChange)]),
      rule("heartbeat", "Signs of life of this account and Region", heartbeat),
    ],
    roleName: physicalName("forwarding"),
    deadLetterQueueName: physicalName("forwarding-dlq"),
    heartbeat: {
      scheduleName: physicalName("heartbeat"),
      // Not the schedule's name: in the security account that is the role of the function that looks for silent members.
      roleName: physicalName("heartbeat-sender"),
      // A rate begins when the schedule is made: a new member is heard at once, and a whole Organization's heartbeats are spread over the day.
      expression: "rate(1 day)",
      source: HEARTBEAT_SOURCE,
      detailType: HEARTBEAT_DETAIL_TYPE,
    },
    ...(guard && { guard }),
    accounts: { region: organizationsRegion(homeRegion), rule: rule("accounts", "New accounts", createdAccount(managementAccountId)) },
  };
}

/** Sources of the events that every member may send to the central bus. */
export const forwardedSources = ({ rules }: MemberSide): string[] => rules.flatMap(sourcesOf);

/** Sources of an event pattern. */
export const sourcesOf = ({ pattern }: NamedPattern): string[] => (JSON.parse(pattern) as { source: string[] }).source;

const rule = (name: string, description: string, pattern: object): NamedPattern => ({
  name: physicalName(`forward-${name}`),
  description: `${description}, sent on to tocsin`,
  pattern: JSON.stringify(pattern),
});

/** Where AWS Organizations publishes its events: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html */
function organizationsRegion(homeRegion: string): string {
  const regions: Readonly<Record<string, string>> = { "aws-cn": "cn-northwest-1", "aws-us-gov": "us-gov-west-1" };
  return regions[partitionOf(homeRegion)] ?? "us-east-1";
}
