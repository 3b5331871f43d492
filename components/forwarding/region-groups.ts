import type { Settings } from "../../settings";
import { physicalName } from "../names";

/** Stack instances (account × Region) that one StackSet takes: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
export const INSTANCES_LIMIT = 100_000;

/**
 * Regions by the StackSet that serves them. The home Region has its own, and comes first: its stack makes the roles of an account, and Scheduler refuses a
 * schedule whose role it cannot assume yet ("must allow AWS EventBridge Scheduler to assume the role"). Only a StackSet can wait for another one when an account
 * joins; Regions of one StackSet cannot. The others share one, or as many as the instances need.
 */
export function regionGroups({ region: home, organization }: Pick<Settings, "region" | "organization">): string[][] {
  const { regions, expectedAccounts } = organization;
  const others = regions.filter((region) => region !== home);
  const size = Math.max(1, Math.floor(INSTANCES_LIMIT / expectedAccounts));
  const groups = Array.from({ length: Math.ceil(others.length / size) }, (_, index) => others.slice(index * size, (index + 1) * size));
  return [[home], ...groups];
}

/** Name of the StackSet of a group, by its place from 0: `tocsin-members`, `tocsin-members-2`, … */
export const stackSetName = (index: number): string => physicalName(index === 0 ? "members" : `members-${index + 1}`);
