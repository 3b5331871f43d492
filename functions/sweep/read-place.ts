import {
  DescribeSecurityGroupRulesCommand,
  type DescribeSecurityGroupRulesCommandOutput,
  DescribeSecurityGroupsCommand,
  type DescribeSecurityGroupsCommandOutput,
  DescribeVpcsCommand,
  type DescribeVpcsCommandOutput,
} from "@aws-sdk/client-ec2";
import type { Ec2 } from "../guard/member";
import { LONGEST, line } from "../normalize/bounds";
import { type Rule, readRule } from "../security-groups/rule";

/** What EC2 says of a group besides its rules. */
export interface GroupFacts {
  readonly name?: string;
  readonly vpcId?: string;
  /** Keys of its tags. */
  readonly tags: readonly string[];
}

/** The largest page of all three. */
const PAGE = 1000;

type Page<Item> = { readonly items: readonly Item[] | undefined; readonly next: string | undefined };

/** Items page by page. Throws whatever EC2 refuses: half a Region is none. */
async function* paged<Item>(ask: (next: string | undefined) => Promise<Page<Item>>): AsyncGenerator<Item> {
  let next: string | undefined;
  do {
    const page = await ask(next);
    yield* page.items ?? [];
    next = page.next;
  } while (next);
}

/** All rules of an account's groups in a Region, by the groups' ids; groups without rules are absent. Groups that others share with the account are theirs to look after. */
export async function readAllRules(ec2: Ec2, accountId: string): Promise<ReadonlyMap<string, readonly Rule[]>> {
  const rules = new Map<string, Rule[]>();
  const answered = paged(async (next) => {
    const page: DescribeSecurityGroupRulesCommandOutput = await ec2.send(
      new DescribeSecurityGroupRulesCommand({ MaxResults: PAGE, NextToken: next }),
    );
    return { items: page.SecurityGroupRules, next: page.NextToken };
  });
  for await (const one of answered) {
    const rule = readRule(one);
    if (one.GroupId !== undefined && rule !== undefined && (one.GroupOwnerId ?? accountId) === accountId) {
      const known = rules.get(one.GroupId);
      if (known === undefined) rules.set(one.GroupId, [rule]);
      else known.push(rule);
    }
  }
  return rules;
}

/** All groups of an account in a Region, by their ids. */
export async function readAllGroups(ec2: Ec2, accountId: string): Promise<ReadonlyMap<string, GroupFacts>> {
  const groups = new Map<string, GroupFacts>();
  const answered = paged(async (next) => {
    const page: DescribeSecurityGroupsCommandOutput = await ec2.send(
      new DescribeSecurityGroupsCommand({ MaxResults: PAGE, NextToken: next }),
    );
    return { items: page.SecurityGroups, next: page.NextToken };
  });
  for await (const { GroupId, GroupName, VpcId, OwnerId, Tags } of answered) {
    if (GroupId !== undefined && (OwnerId ?? accountId) === accountId) {
      const [name, vpcId] = [line(GroupName, LONGEST.name), line(VpcId, LONGEST.name)];
      groups.set(GroupId, { ...(name !== "" && { name }), ...(vpcId !== "" && { vpcId }), tags: keysOf(Tags) });
    }
  }
  return groups;
}

/** Keys of the tags of all VPCs in a Region, by the VPCs' ids. */
export async function readVpcTags(ec2: Ec2): Promise<ReadonlyMap<string, readonly string[]>> {
  const tags = new Map<string, readonly string[]>();
  const answered = paged(async (next) => {
    const page: DescribeVpcsCommandOutput = await ec2.send(new DescribeVpcsCommand({ MaxResults: PAGE, NextToken: next }));
    return { items: page.Vpcs, next: page.NextToken };
  });
  for await (const { VpcId, Tags } of answered) {
    tags.set(VpcId ?? "", keysOf(Tags));
  }
  return tags;
}

const keysOf = (tags: readonly { readonly Key?: string | undefined }[] | undefined): string[] =>
  (tags ?? []).flatMap(({ Key }) => Key ?? []);
