import {
  DescribeSecurityGroupRulesCommand,
  type DescribeSecurityGroupRulesCommandOutput,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  GetManagedPrefixListEntriesCommand,
  type GetManagedPrefixListEntriesCommandOutput,
} from "@aws-sdk/client-ec2";
import { LONGEST, line } from "../normalize/bounds";
import type { PrefixLists } from "../security-groups/judge";
import { type Rule, readRule } from "../security-groups/rule";
import type { Ec2 } from "./member";

/** What EC2 says of a group now. */
export interface GroupNow {
  readonly rules: readonly Rule[];
  readonly name?: string;
  readonly vpcId?: string;
  /** Keys of the tags on the group. */
  readonly tags: readonly string[];
  /** Keys of the tags on its VPC, if these were asked for. */
  readonly vpcTags: readonly string[];
}

/** The largest page of rules, and of entries of prefix lists. */
const RULES = 1000;
const ENTRIES = 100;

/**
 * Reads a group whole. Throws whatever EC2 refuses: half a group is none.
 * @param withVpc whether the tags of its VPC are asked for.
 */
export async function readGroup(ec2: Ec2, groupId: string, withVpc: boolean): Promise<GroupNow> {
  const [{ SecurityGroups = [] }, rules] = await Promise.all([
    ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [groupId] })),
    readRules(ec2, groupId),
  ]);
  const group = SecurityGroups.find(({ GroupId }) => GroupId === groupId);
  if (group === undefined) {
    throw Object.assign(new Error(`EC2 answers no group ${groupId}`), {
      name: "InvalidGroup.NotFound",
      $metadata: { httpStatusCode: 400 },
    });
  }
  const vpcId = line(group.VpcId, LONGEST.name);
  return {
    rules,
    ...(group.GroupName !== undefined && { name: line(group.GroupName, LONGEST.name) }),
    ...(vpcId !== "" && { vpcId }),
    tags: keysOf(group.Tags),
    vpcTags: withVpc && vpcId !== "" ? await vpcTags(ec2, vpcId) : [],
  };
}

/** The rules of a group, page by page. */
export async function readRules(ec2: Ec2, groupId: string): Promise<readonly Rule[]> {
  const rules: Rule[] = [];
  let next: string | undefined;
  do {
    const page: DescribeSecurityGroupRulesCommandOutput = await ec2.send(
      new DescribeSecurityGroupRulesCommand({
        Filters: [{ Name: "group-id", Values: [groupId] }],
        MaxResults: RULES,
        NextToken: next,
      }),
    );
    for (const answered of page.SecurityGroupRules ?? []) {
      const rule = answered.GroupId === groupId ? readRule(answered) : undefined;
      if (rule !== undefined) rules.push(rule);
    }
    next = page.NextToken;
  } while (next);
  return rules;
}

/** The ranges of prefix lists. One that cannot be read is left out, so that rules that name it cannot be judged; what is worth another try is thrown. */
export async function readPrefixLists(ec2: Ec2, ids: readonly string[], isRefusal: (error: unknown) => boolean): Promise<PrefixLists> {
  const lists: Record<string, readonly string[]> = {};
  for (const id of new Set(ids)) {
    try {
      lists[id] = await entriesOf(ec2, id);
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
  }
  return lists;
}

async function entriesOf(ec2: Ec2, id: string): Promise<readonly string[]> {
  const ranges: string[] = [];
  let next: string | undefined;
  do {
    const page: GetManagedPrefixListEntriesCommandOutput = await ec2.send(
      new GetManagedPrefixListEntriesCommand({ PrefixListId: id, MaxResults: ENTRIES, NextToken: next }),
    );
    ranges.push(...(page.Entries ?? []).flatMap(({ Cidr }) => Cidr ?? []));
    next = page.NextToken;
  } while (next);
  return ranges;
}

async function vpcTags(ec2: Ec2, vpcId: string): Promise<readonly string[]> {
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [vpcId] }));
  const vpc = Vpcs.find(({ VpcId }) => VpcId === vpcId);
  if (vpc === undefined) {
    throw new Error(`EC2 answers no VPC ${vpcId}`);
  }
  return keysOf(vpc.Tags);
}

const keysOf = (tags: readonly { readonly Key?: string | undefined }[] | undefined): string[] =>
  (tags ?? []).flatMap(({ Key }) => Key ?? []);
