import { DescribeSecurityGroupsCommand } from "@aws-sdk/client-ec2";
import { messageOf } from "../log";
import type { Change } from "../security-groups/change";
import type { Ec2, Members } from "./member";
import { type GroupNow, readGroup } from "./read-group";
import { isGone, isRefusal } from "./refusals";
import type { GuardSettings } from "./settings";

export interface LookParts {
  readonly settings: GuardSettings;
  readonly members: Members;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** From this many receives of an event on people are told without what cannot be read, instead of waiting longer. */
  readonly patience: number;
}

/** What a look at the group of a change found. */
export interface Looked {
  /** When it began (ISO 8601). */
  readonly seenAt: string;
  /** Absent if the member cannot be reached. */
  readonly ec2?: Ec2;
  /** Absent if the group could not be read. */
  readonly now?: GroupNow;
  /** Why it could not. */
  readonly unread?: string;
  readonly isGone?: boolean;
  readonly groupId?: string;
}

type Named = Pick<Change, "accountId" | "region" | "call" | "groupId" | "groupName">;

/** Reads the group of a change, as far as it can be read. Throws what is worth another try. */
export async function lookAt({ settings, members, now, patience }: LookParts, change: Named, receives: number): Promise<Looked> {
  const seenAt = new Date(now()).toISOString();
  if (change.call === "DeleteSecurityGroup") {
    return { seenAt, isGone: true };
  }
  let ec2: Ec2 | undefined;
  try {
    ec2 = await members(change.accountId, change.region);
    const groupId = change.groupId ?? (await idOf(ec2, change.groupName));
    if (groupId === undefined) {
      return { seenAt, ec2, unread: "the event does not say which group was changed" };
    }
    return { seenAt, ec2, groupId, now: await readGroup(ec2, groupId, settings.exemptTag !== undefined) };
  } catch (error) {
    if (isGone(error)) {
      return { seenAt, ...(ec2 && { ec2 }), isGone: true, unread: "the group is not there any more" };
    }
    if (!isRefusal(error) && receives < patience) {
      throw error;
    }
    const what = ec2 === undefined ? `the role of the guard in account ${change.accountId} cannot be used` : "the group could not be read";
    return { seenAt, ...(ec2 && { ec2 }), unread: `${what} (${messageOf(error)})` };
  }
}

/** Old requests name groups by their names, which are unique within a VPC only. */
async function idOf(ec2: Ec2, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined;
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: "group-name", Values: [name] }] }));
  return SecurityGroups.length === 1 ? SecurityGroups[0]?.GroupId : undefined;
}
