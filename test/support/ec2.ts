import type { IpPermission } from "@aws-sdk/client-ec2";
import type { Ec2 } from "../../functions/guard/member";
import { type Rule, readRule, sameTraffic } from "../../functions/security-groups/rule";

/** A group in the EC2 in memory. */
export interface MemoryGroup {
  readonly name: string;
  readonly vpcId: string;
  tags: Record<string, string>;
  rules: (Rule & { readonly id: string })[];
}

/** A call that changed a group, as CloudTrail would know it. */
export interface Made {
  readonly by: string;
  readonly operation: string;
  readonly groupId: string;
  /** Rules that it added, took away, or wrote over (as they were written). */
  readonly added: readonly Rule[];
  readonly revoked: readonly Rule[];
  readonly modified: readonly Rule[];
  readonly input: Readonly<Record<string, unknown>>;
}

type Input = Readonly<Record<string, unknown>>;

/** An error as the SDK throws it for an answer of EC2. */
export const ec2Error = (name: string, httpStatusCode = 400): Error =>
  Object.assign(new Error(`EC2 says ${name}`), { name, $metadata: { httpStatusCode, attempts: 1 } });

/**
 * EC2 in memory, as far as security groups go: rules with ids that are never given twice, and EC2's refusals (duplicates, unknown ids). A call is made as a whole or not at all.
 */
export class MemoryEc2 {
  readonly groups = new Map<string, MemoryGroup>();
  readonly vpcTags = new Map<string, Record<string, string>>();
  readonly prefixLists = new Map<string, readonly string[]>();
  /** Network interfaces as EC2 answers them, by group. */
  readonly interfaces = new Map<string, readonly object[]>();
  /** Calls that changed something. */
  readonly made: Made[] = [];
  /** Requests, by operation. */
  readonly requests: string[] = [];
  /** Called before and after each request of a client: may change something, or throw. */
  before: (operation: string) => void = () => undefined;
  after: (operation: string) => void = () => undefined;
  /** Rules of a page of DescribeSecurityGroupRules. */
  page = 1000;
  private ids = 0;

  group(id: string, given: Partial<MemoryGroup> = {}): MemoryGroup {
    const group = { name: `name of ${id}`, vpcId: "vpc-1", tags: {}, rules: [], ...given };
    this.groups.set(id, group);
    return group;
  }

  /** What a caller reaches it by. */
  client(by: string): Ec2 {
    return { send: (command: object) => this.send(by, command) } as unknown as Ec2;
  }

  /** Adds rules, and answers the call. */
  authorize(by: string, groupId: string, ...rules: readonly Omit<Rule, "id">[]): Made {
    const group = this.get(groupId);
    if (rules.some((rule) => group.rules.some((there) => sameTraffic(there, rule)))) throw ec2Error("InvalidPermission.Duplicate");
    const added = rules.map((rule) => ({ ...rule, id: `sgr-${++this.ids}` }));
    group.rules = [...group.rules, ...added];
    return this.note({ by, operation: "AuthorizeSecurityGroupIngress", groupId, added });
  }

  revoke(by: string, groupId: string, ...ids: readonly string[]): Made {
    const group = this.get(groupId);
    const revoked = ids.map((id) => this.rule(group, id));
    group.rules = group.rules.filter(({ id }) => !ids.includes(id));
    return this.note({ by, operation: "RevokeSecurityGroupIngress", groupId, revoked });
  }

  modify(by: string, groupId: string, ...updates: readonly (readonly [id: string, to: Omit<Rule, "id" | "direction">])[]): Made {
    const group = this.get(groupId);
    const modified = updates.map(([id, to]) => ({ ...to, direction: this.rule(group, id).direction, id }));
    const others = group.rules.filter(({ id }) => !modified.some((rule) => rule.id === id));
    if (modified.some((rule) => others.some((there) => sameTraffic(there, rule)))) throw ec2Error("InvalidPermission.Duplicate");
    group.rules = group.rules.map((rule) => modified.find(({ id }) => id === rule.id) ?? rule);
    return this.note({ by, operation: "ModifySecurityGroupRules", groupId, modified });
  }

  private async send(by: string, command: object): Promise<unknown> {
    const operation = command.constructor.name.replace("Command", "");
    const input = (command as { readonly input: Input }).input;
    await Promise.resolve();
    this.before(operation);
    this.requests.push(operation);
    const answer = this.answer(by, operation, input);
    this.after(operation);
    return answer;
  }

  private answer(by: string, operation: string, input: Input): unknown {
    const groupId = String(input.GroupId);
    switch (operation) {
      case "DescribeSecurityGroups":
        return { SecurityGroups: this.described(input) };
      case "DescribeSecurityGroupRules":
        return this.rulesPage(input);
      case "DescribeVpcs": {
        const ids = (input.VpcIds as string[] | undefined) ?? [...this.vpcTags.keys()];
        return { Vpcs: ids.map((id) => ({ VpcId: id, Tags: tagList(this.vpcTags.get(id) ?? {}) })) };
      }
      case "DescribeNetworkInterfaces":
        return { NetworkInterfaces: this.interfaces.get(filter(input, "group-id")) ?? [] };
      case "DescribeTags":
        return { Tags: [{ ResourceId: "i-1", Key: "Name", Value: "shop" }] };
      case "GetManagedPrefixListEntries": {
        const entries = this.prefixLists.get(String(input.PrefixListId));
        if (entries === undefined) throw ec2Error("InvalidPrefixListID.NotFound");
        return { Entries: entries.map((Cidr) => ({ Cidr })) };
      }
      case "AuthorizeSecurityGroupIngress":
        this.authorize(by, groupId, ...(input.IpPermissions as IpPermission[]).flatMap(permitted));
        return {};
      case "RevokeSecurityGroupIngress":
        this.revoke(by, groupId, ...(input.SecurityGroupRuleIds as string[]));
        return {};
      case "ModifySecurityGroupRules":
        this.modify(
          by,
          groupId,
          ...(input.SecurityGroupRules as { SecurityGroupRuleId: string; SecurityGroupRule: object }[]).map(
            ({ SecurityGroupRuleId, SecurityGroupRule }) => {
              const rule = readRule(SecurityGroupRule, "ingress");
              if (rule === undefined) throw ec2Error("InvalidParameterValue");
              return [SecurityGroupRuleId, rule] as const;
            },
          ),
        );
        return {};
      default:
        throw new Error(`the EC2 in memory does not know ${operation}`);
    }
  }

  private described({ GroupIds, ...input }: Input): unknown[] {
    const ids =
      (GroupIds as string[] | undefined) ??
      [...this.groups].flatMap(([id, { name }]) =>
        input.Filters === undefined || name === filter(input as Input, "group-name") ? [id] : [],
      );
    return ids.map((id) => {
      const { name, vpcId, tags } = this.get(id);
      return { GroupId: id, GroupName: name, VpcId: vpcId, Tags: tagList(tags) };
    });
  }

  private rulesPage(input: Input): unknown {
    const id = filter(input, "group-id");
    const first = Number(input.NextToken ?? 0);
    const asked = [...this.groups].filter(([groupId]) => input.Filters === undefined || groupId === id);
    const rules = asked.flatMap(([groupId, group]) => group.rules.map((rule) => answered(groupId, rule)));
    return {
      SecurityGroupRules: rules.slice(first, first + this.page),
      ...(first + this.page < rules.length && { NextToken: String(first + this.page) }),
    };
  }

  private note(made: Partial<Made> & Pick<Made, "by" | "operation" | "groupId">): Made {
    const whole = { added: [], revoked: [], modified: [], input: {}, ...made };
    this.made.push(whole);
    return whole;
  }

  private get(id: string): MemoryGroup {
    const group = this.groups.get(id);
    if (group === undefined) throw ec2Error("InvalidGroup.NotFound");
    return group;
  }

  private rule(group: MemoryGroup, id: string): Rule {
    const rule = group.rules.find((one) => one.id === id);
    if (rule === undefined) throw ec2Error("InvalidSecurityGroupRuleId.NotFound");
    return rule;
  }
}

const tagList = (tags: Readonly<Record<string, string>>) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const filter = (input: Input, name: string): string =>
  (input.Filters as { Name: string; Values: string[] }[] | undefined)?.find(({ Name }) => Name === name)?.Values[0] ?? "";

/** A rule as EC2's API answers it. */
function answered(GroupId: string, { id, direction, protocol, fromPort = -1, toPort = -1, peer, description }: Rule): object {
  return {
    GroupId,
    SecurityGroupRuleId: id,
    IsEgress: direction === "egress",
    IpProtocol: protocol,
    FromPort: fromPort,
    ToPort: toPort,
    ...(peer.kind === "range" && (peer.range.includes(":") ? { CidrIpv6: peer.range } : { CidrIpv4: peer.range })),
    ...(peer.kind === "group" && { ReferencedGroupInfo: { GroupId: peer.id } }),
    ...(peer.kind === "prefix-list" && { PrefixListId: peer.id }),
    ...(description !== undefined && { Description: description }),
  };
}

/** The rules that a permission of a request stands for. */
function permitted({ IpProtocol = "-1", FromPort, ToPort, ...peers }: IpPermission): Omit<Rule, "id">[] {
  const ports = { ...(FromPort !== undefined && { fromPort: FromPort }), ...(ToPort !== undefined && { toPort: ToPort }) };
  const rule = (peer: Rule["peer"], description: string | undefined): Omit<Rule, "id"> => ({
    direction: "ingress",
    protocol: IpProtocol,
    ...ports,
    peer,
    ...(description !== undefined && { description }),
  });
  return [
    ...(peers.IpRanges ?? []).map(({ CidrIp = "", Description }) => rule({ kind: "range", range: CidrIp }, Description)),
    ...(peers.Ipv6Ranges ?? []).map(({ CidrIpv6 = "", Description }) => rule({ kind: "range", range: CidrIpv6 }, Description)),
    ...(peers.PrefixListIds ?? []).map(({ PrefixListId = "", Description }) =>
      rule({ kind: "prefix-list", id: PrefixListId }, Description),
    ),
    ...(peers.UserIdGroupPairs ?? []).map(({ GroupId = "", Description }) => rule({ kind: "group", id: GroupId }, Description)),
  ];
}

/** An answer of the SDK with its names as CloudTrail writes them. */
const lowered = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(lowered)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.charAt(0).toLowerCase() + key.slice(1), lowered(inner)]))
      : value;

/** What CloudTrail's event of a call looks like when it arrives on the central bus. */
export function cloudTrailEvent(
  made: Made,
  at: number,
  given: { readonly id: string; readonly roleArn?: string },
): Record<string, unknown> {
  const time = `${new Date(at).toISOString().slice(0, 19)}Z`;
  const updates = made.modified.map(({ id, ...rule }) => ({ SecurityGroupRuleId: id, SecurityGroupRule: requested(rule) }));
  const modify = { GroupId: made.groupId, SecurityGroupRule: updates.length === 1 ? updates[0] : updates };
  return {
    id: `event-${given.id}`,
    account: "444444444444",
    region: "eu-west-1",
    time,
    source: "aws.ec2",
    "detail-type": "AWS API Call via CloudTrail",
    detail: {
      eventID: given.id,
      eventTime: time,
      eventSource: "ec2.amazonaws.com",
      eventName: made.operation,
      sourceIPAddress: "198.51.100.7",
      userAgent: "aws-cli/2.31",
      userIdentity: {
        type: "AssumedRole",
        arn: `arn:aws:sts::444444444444:assumed-role/${given.roleArn?.split("/").at(-1) ?? "Developer"}/${made.by}`,
        sessionContext: {
          sessionIssuer: { type: "Role", arn: given.roleArn ?? "arn:aws:iam::444444444444:role/Developer" },
          attributes: { mfaAuthenticated: "false" },
        },
      },
      requestParameters:
        made.operation === "ModifySecurityGroupRules" ? { ModifySecurityGroupRulesRequest: modify } : { groupId: made.groupId },
      responseElements: {
        _return: true,
        ...(made.added.length > 0 && {
          securityGroupRuleSet: { items: made.added.map((rule) => lowered({ ...answered(made.groupId, rule) })) },
        }),
      },
    },
  };
}

const requested = ({ protocol, fromPort = -1, toPort = -1, peer }: Rule): object => ({
  IpProtocol: protocol,
  FromPort: fromPort,
  ToPort: toPort,
  ...(peer.kind === "range" && (peer.range.includes(":") ? { CidrIpv6: peer.range } : { CidrIpv4: peer.range })),
  ...(peer.kind === "prefix-list" && { PrefixListId: peer.id }),
});
