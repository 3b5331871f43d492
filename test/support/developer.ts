import { changeId } from "../../functions/guard/record";
import type { Step } from "./replay";

/** What developers do with security groups, as AWS lines, and as CloudTrail tells of it. */

type Line = Step["line"];

const REGION = "eu-west-1";
const ACCOUNTS = { web: "444444444444", lab: "666666666666" } as const;

export type Account = keyof typeof ACCOUNTS;

/** A rule of TCP, as `<range> <port>`. */
export type Shorthand = `${string} ${number}`;

/** Any call of EC2. @param as what its answer is called. */
export const ec2 = (operation: string, input: object, as?: string, account: Account = "web"): Step => ({
  line: { aws: { account, region: REGION, service: "ec2", operation, input, ...(as !== undefined && { as }) } },
});

const tagged = (ResourceType: string, key: string | undefined): object =>
  key === undefined ? {} : { TagSpecifications: [{ ResourceType, Tags: [{ Key: key, Value: "" }] }] };

export const makesVpc = (as: string, tag?: string, account?: Account): Step =>
  ec2("CreateVpc", { CidrBlock: "10.0.0.0/16", ...tagged("vpc", tag) }, as, account);

/** A group, which is called as its answer is. */
export const makesGroup = (as: string, { vpc = "vpc", tag, account }: { vpc?: string; tag?: string; account?: Account } = {}): Step =>
  ec2(
    "CreateSecurityGroup",
    { GroupName: as, Description: "of a test", VpcId: `{{${vpc}.Vpc.VpcId}}`, ...tagged("security-group", tag) },
    as,
    account,
  );

const parts = (rule: Shorthand): { readonly range: string; readonly port: number } => {
  const [range = "", port] = rule.split(" ");
  return { range, port: Number(port) };
};

const permission = (rule: Shorthand): object => {
  const { range, port } = parts(rule);
  const ranges = range.includes(":") ? { Ipv6Ranges: [{ CidrIpv6: range }] } : { IpRanges: [{ CidrIp: range }] };
  return { IpProtocol: "tcp", FromPort: port, ToPort: port, ...ranges };
};

/** Somebody's call. */
export interface Opening {
  /** What the call's answer is called; CloudTrail's id of it is made of that. */
  readonly as: string;
  readonly group: string;
  readonly who?: string;
  readonly rules: readonly Shorthand[];
  readonly account?: Account;
}

/** The call itself, of which nobody tells. */
export const authorizes = ({ as, group, rules, account }: Opening): Step =>
  ec2("AuthorizeSecurityGroupIngress", { GroupId: `{{${group}.GroupId}}`, IpPermissions: rules.map(permission) }, as, account);

const template = (opening: Pick<Opening, "as">, index: number): string =>
  `{{${opening.as}.SecurityGroupRules[${index}].SecurityGroupRuleId}}`;

function event({ as, group, who = as, account = "web" }: Opening, eventName: string, more: object): object {
  return {
    source: "aws.ec2",
    "detail-type": "AWS API Call via CloudTrail",
    detail: {
      eventVersion: "1.10",
      eventID: `e-${as}`,
      eventSource: "ec2.amazonaws.com",
      eventName,
      awsRegion: REGION,
      sourceIPAddress: "203.0.113.77",
      userAgent: "aws-cli/2.31.4",
      userIdentity: {
        type: "AssumedRole",
        arn: `arn:aws:sts::${ACCOUNTS[account]}:assumed-role/developer/${who}`,
        accountId: ACCOUNTS[account],
        sessionContext: {
          sessionIssuer: { type: "Role", arn: `arn:aws:iam::${ACCOUNTS[account]}:role/developer`, userName: "developer" },
          attributes: { mfaAuthenticated: "true" },
        },
      },
      requestParameters: { groupId: `{{${group}.GroupId}}` },
      ...more,
    },
  };
}

/** CloudTrail's event of a call. */
export function toldOf(opening: Opening): object {
  const items = opening.rules.map((rule, index) => {
    const { range, port } = parts(rule);
    return {
      groupId: `{{${opening.group}.GroupId}}`,
      securityGroupRuleId: template(opening, index),
      isEgress: false,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      ...(range.includes(":") ? { cidrIpv6: range } : { cidrIpv4: range }),
    };
  });
  return event(opening, "AuthorizeSecurityGroupIngress", { responseElements: { _return: true, securityGroupRuleSet: { items } } });
}

/** Events, under the name by which a test asks what became of them. */
export const arrive = (name: string, events: readonly object[], account: Account = "web"): Step => ({
  name,
  line: { account, region: REGION, events },
});

/** A call and its event, whose name is that of the answer. */
export const opens = (opening: Opening): Step[] => [authorizes(opening), arrive(opening.as, [toldOf(opening)], opening.account)];

/** A call that writes over the first rule of an earlier one, and its event. */
export function modifies(opening: Omit<Opening, "rules">, first: string, to: Shorthand): Step[] {
  const { range, port } = parts(to);
  const rule = { IpProtocol: "tcp", FromPort: port, ToPort: port, CidrIpv4: range };
  const update = { SecurityGroupRuleId: template({ as: first }, 0), SecurityGroupRule: rule };
  const request = { ModifySecurityGroupRulesRequest: { GroupId: `{{${opening.group}.GroupId}}`, SecurityGroupRule: update } };
  const told = event({ ...opening, rules: [] }, "ModifySecurityGroupRules", {
    requestParameters: request,
    responseElements: { ModifySecurityGroupRulesResponse: { return: true } },
  });
  return [
    ec2("ModifySecurityGroupRules", { GroupId: `{{${opening.group}.GroupId}}`, SecurityGroupRules: [update] }),
    arrive(opening.as, [told]),
  ];
}

/** Asks which rules a group has now. */
export const looks = (as: string, group: string, account?: Account): Step =>
  ec2("DescribeSecurityGroupRules", { Filters: [{ Name: "group-id", Values: [`{{${group}.GroupId}}`] }] }, as, account);

/** What an answer of `looks` lets in, as `<range> <port>`, sorted. */
export function open(answer: unknown): string[] {
  const { SecurityGroupRules: rules } = answer as { SecurityGroupRules: Record<string, unknown>[] };
  return rules
    .filter(({ IsEgress }) => IsEgress === false)
    .map(({ CidrIpv4, CidrIpv6, FromPort }) => `${CidrIpv4 ?? CidrIpv6} ${FromPort}`)
    .sort();
}

/** The change's id, by which people undo it. */
export const idOf = (as: string, account: Account = "web"): string =>
  changeId({ accountId: ACCOUNTS[account], region: REGION, eventId: `e-${as}` });

/** A press of a button by somebody. */
export const press = (button: "approve" | "undo", user: string, more: Line = {}): Step => ({
  name: `${button} by ${user}`,
  line: { press: { button, user, ...more } },
});

export const undoes = (id: string, as: string): Step => ({ line: { undo: id, as } });
export const advance = (duration: string): Step => ({ line: { advance: duration } });
export const sweeps: Step = { line: { run: "sweep" } };
