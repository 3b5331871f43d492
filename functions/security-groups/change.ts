import { line } from "../normalize/bounds";
import { firstDate } from "../normalize/dates";
import { NotAFinding } from "../normalize/not-a-finding";
import { accountId, regionName } from "../normalize/place";
import { at, isTrue, list, object, text, textAt } from "../normalize/read";
import { SECURITY_GROUP_CALLS } from "./calls";
import { type Rule, readRequest, readRule } from "./rule";

export type SecurityGroupCall = (typeof SECURITY_GROUP_CALLS)[number];

/** Who made a call, as CloudTrail says it. */
export interface Actor {
  /** ARN of the user, the assumed role's session, or the account's root. */
  readonly arn: string;
  /** What people know them by: the user's name, or the session's, which single sign-on makes the person's e-mail address. */
  readonly name: string;
  /** ARN of the role, for sessions. */
  readonly roleArn?: string;
  readonly type: string;
  /** Whether they proved themselves by a second factor; undefined where CloudTrail does not say. */
  readonly mfa?: boolean;
  readonly sourceAddress: string;
  readonly userAgent: string;
  /** The AWS service that called on somebody's behalf (CloudFormation, Auto Scaling, …). */
  readonly via?: string;
}

/** A call that changed a security group. Texts are hostile: bounded, not escaped. */
export interface Change {
  /** CloudTrail's id of the call: the same in every copy of the event. */
  readonly id: string;
  readonly accountId: string;
  readonly region: string;
  /** When the call was made (ISO 8601). */
  readonly at: string;
  readonly call: SecurityGroupCall;
  readonly actor: Actor;
  /** Absent in old requests that name the group by its name. */
  readonly groupId?: string;
  readonly groupName?: string;
  readonly vpcId?: string;
  /** What the call added to, or wrote into, the group's rules. Of ModifySecurityGroupRules: the new state, with the rules' ids. */
  readonly added: readonly Rule[];
  /** What it took away. */
  readonly removed: readonly Rule[];
  /** Rules that it removed or described by id alone. */
  readonly ruleIds: readonly string[];
}

const LONGEST_NAME = 256;

/** Reads CloudTrail's event of a call (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html). @throws NotAFinding */
export function readChange(event: unknown): Change {
  const detail = at(event, "detail");
  const call = SECURITY_GROUP_CALLS.find((name) => name === at(detail, "eventName"));
  if (call === undefined || object(detail) === undefined) throw new NotAFinding("The event is no call that changes a security group.");
  // The envelope's account is written by EventBridge, the detail by whoever may put events there.
  const [account, region] = [accountId(at(event, "account")), regionName(at(event, "region"))];
  if (account === undefined || region === undefined) throw new NotAFinding("The event names no account and Region.");
  const request = at(detail, "requestParameters");
  const rules = rulesOf(call, request, at(detail, "responseElements"));
  const [groupId, groupName, vpcId] = [
    groupIdOf(call, request, detail, rules.groupId),
    textAt(request, "groupName"),
    textAt(request, "vpcId"),
  ];
  return {
    id: line(at(detail, "eventID"), LONGEST_NAME) || line(at(event, "id"), LONGEST_NAME),
    accountId: account,
    region,
    at: firstDate(at(detail, "eventTime"), at(event, "time")) ?? new Date(0).toISOString(),
    call,
    actor: actorOf(detail),
    ...(groupId !== undefined && { groupId: line(groupId, LONGEST_NAME) }),
    ...(groupName !== undefined && { groupName: line(groupName, LONGEST_NAME) }),
    ...(vpcId !== undefined && { vpcId: line(vpcId, LONGEST_NAME) }),
    added: rules.added,
    removed: rules.removed,
    ruleIds: rules.ids,
  };
}

/** Whether CloudTrail says that the call was refused: nothing changed. */
export const wasRefused = (event: unknown): boolean => text(at(event, "detail", "errorCode")) !== undefined;

interface Rules {
  readonly added: readonly Rule[];
  readonly removed: readonly Rule[];
  readonly ids: readonly string[];
  /** The group that the answer names. */
  readonly groupId?: string;
}

function rulesOf(call: SecurityGroupCall, request: unknown, response: unknown): Rules {
  const direction = call.endsWith("Egress") ? "egress" : "ingress";
  switch (call) {
    case "AuthorizeSecurityGroupIngress":
    case "AuthorizeSecurityGroupEgress": {
      // The answer knows the rules' ids, by which they can be revoked; requests do not.
      const answered = list(at(response, "securityGroupRuleSet", "items"));
      const added = answered.flatMap((rule) => readRule(rule, direction) ?? []);
      return {
        added: added.length > 0 ? added : readRequest(request, direction),
        removed: [],
        ids: [],
        groupId: textAt(answered[0], "groupId"),
      };
    }
    case "RevokeSecurityGroupIngress":
    case "RevokeSecurityGroupEgress":
      return { added: [], removed: readRequest(request, direction), ids: namedRules(request) };
    case "ModifySecurityGroupRules": {
      const modify = at(request, "ModifySecurityGroupRulesRequest");
      const given = at(modify, "SecurityGroupRule");
      const updates = Array.isArray(given) ? given : given === undefined ? [] : [given];
      // EC2 does not say the direction: it is that of the rule before. The guard replaces it by what it knows of the rule; ingress is what has to be judged.
      const added = updates.flatMap((update) => {
        const rule = readRule(at(update, "SecurityGroupRule"), "ingress");
        const id = textAt(update, "SecurityGroupRuleId");
        return rule === undefined || id === undefined ? [] : [{ ...rule, id }];
      });
      return {
        added,
        removed: [],
        ids: updates.flatMap((update) => textAt(update, "SecurityGroupRuleId") ?? []),
        groupId: textAt(modify, "GroupId"),
      };
    }
    default:
      return { added: [], removed: [], ids: namedRules(request) };
  }
}

const namedRules = (request: unknown): string[] =>
  list(at(request, "securityGroupRuleIds", "items")).flatMap((item) => textAt(item, "securityGroupRuleId") ?? text(item) ?? []);

function groupIdOf(call: SecurityGroupCall, request: unknown, detail: unknown, answered: string | undefined): string | undefined {
  const created = call === "CreateSecurityGroup" ? textAt(detail, "responseElements", "groupId") : undefined;
  return created ?? textAt(request, "groupId") ?? answered;
}

function actorOf(detail: unknown): Actor {
  const identity = at(detail, "userIdentity");
  const issuer = at(identity, "sessionContext", "sessionIssuer");
  const mfa = at(identity, "sessionContext", "attributes", "mfaAuthenticated");
  const arn = line(at(identity, "arn"), LONGEST_NAME) || line(at(identity, "invokedBy"), LONGEST_NAME) || "unknown";
  const [role, via] = [textAt(issuer, "arn"), textAt(identity, "invokedBy")];
  return {
    arn,
    name: line(at(identity, "userName"), LONGEST_NAME) || line(arn.split("/").slice(1).at(-1), LONGEST_NAME) || arn,
    ...(role !== undefined && at(issuer, "type") === "Role" && { roleArn: line(role, LONGEST_NAME) }),
    type: line(at(identity, "type"), 64),
    ...(mfa !== undefined && { mfa: isTrue(mfa) }),
    sourceAddress: line(at(detail, "sourceIPAddress"), 128),
    userAgent: line(at(detail, "userAgent"), LONGEST_NAME),
    ...(via !== undefined && { via: line(via, LONGEST_NAME) }),
  };
}
