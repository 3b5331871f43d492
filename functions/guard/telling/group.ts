import { partitionOf } from "../../normalize/place";
import type { ChangeRecord } from "../record";

/** What people call the group. */
export const groupName = ({ groupName: name, groupId }: ChangeRecord): string => name || groupId;

/** ARN of the group: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html */
export const groupArn = ({ accountId, region, groupId }: ChangeRecord): string =>
  `arn:${partitionOf(region)}:ec2:${region}:${accountId}:security-group/${groupId}`;
