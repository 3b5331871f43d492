import { GUARD_ROLE } from "../functions/guard/settings";
import {
  alarmTopicArn,
  dueIndexArn,
  guardTableArn,
  hubArn,
  type Place,
  partitionOf,
  secretArnPattern,
  stateMachineArn,
  tableArn,
} from "./names";
import type { Statement } from "./policies";

/** What the functions need of the services around them, by what they do there. */

/** Requests to the episodes table, for example `UpdateItem`. */
export const usesTable = (place: Place, ...operations: readonly string[]): Statement => ({
  sid: "UsesTable",
  actions: operations.map((operation) => `dynamodb:${operation}`),
  resources: [tableArn(place)],
});

/** Requests to the guard's table. */
export const usesGuardTable = (place: Place, ...operations: readonly string[]): Statement => ({
  sid: "UsesGuardTable",
  actions: operations.map((operation) => `dynamodb:${operation}`),
  resources: [guardTableArn(place)],
});

/** Reads what is due. */
export const readsDue = (place: Place): Statement => ({ sid: "ReadsDue", actions: ["dynamodb:Query"], resources: [dueIndexArn(place)] });

/** Starts the workflow "alert", or waits for it as well. */
export const startsAlert = (place: Place, ...operations: readonly ("StartExecution" | "StartSyncExecution")[]): Statement => ({
  sid: "StartsAlert",
  actions: operations.map((operation) => `states:${operation}`),
  resources: [stateMachineArn(place, "alert")],
});

/** Starts the workflow "guard". */
export const startsGuard = (place: Place): Statement => ({
  sid: "StartsGuard",
  actions: ["states:StartExecution"],
  resources: [stateMachineArn(place, "guard")],
});

/** Answers a workflow that waits. The action has no resource level; the token, which only the guard's table holds, says which workflow. */
export const answersWorkflows: Statement = { sid: "AnswersWorkflows", actions: ["states:SendTaskSuccess"], resources: ["*"] };

/** Becomes the guard's role, in every account that trusts the function. */
export const reachesMembers = ({ region }: Pick<Place, "region">): Statement => ({
  sid: "ReachesMembers",
  actions: ["sts:AssumeRole"],
  resources: [`arn:${partitionOf(region)}:iam::*:role/${GUARD_ROLE}`],
});

/** Asks Security Hub whether findings are still active. */
export const asksSecurityHub = (place: Place): Statement => ({
  sid: "AsksSecurityHub",
  actions: ["securityhub:GetFindings"],
  resources: [hubArn(place)],
});

/** Marks findings in Security Hub as notified. */
export const marksFindings = (place: Place): Statement => ({
  sid: "MarksFindings",
  actions: ["securityhub:BatchUpdateFindings"],
  resources: [hubArn(place)],
});

/** Tells the people who look after tocsin itself. */
export const tellsAlarmTopic = (place: Place): Statement => ({
  sid: "TellsAlarmTopic",
  actions: ["sns:Publish"],
  resources: [alarmTopicArn(place)],
});

/**
 * Asks AWS Organizations. Listing has no resource level; the ARNs of accounts and units contain the Organization's id, which the settings do not know, and no
 * caller can ask about another Organization than its own.
 */
export const asksOrganizations = (...operations: readonly string[]): Statement => ({
  sid: "AsksOrganizations",
  actions: operations.map((operation) => `organizations:${operation}`),
  resources: ["*"],
});

/** Asks AWS Organizations what an account is called and where it is. */
export const describesAccounts: Statement = asksOrganizations("DescribeAccount", "ListParents", "DescribeOrganizationalUnit");

/**
 * Reads the values of these secrets. Secrets Manager adds six random characters to a name in its ARN:
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
export const readsSecrets = (place: Place, names: readonly string[]): Statement => ({
  sid: "ReadsSecrets",
  actions: ["secretsmanager:GetSecretValue"],
  resources: names.map((name) => secretArnPattern(place, name)),
});

/** Publishes to topics, by their ARNs. */
export const publishesTo = (topicArns: readonly string[]): Statement => ({
  sid: "PublishesToTopics",
  actions: ["sns:Publish"],
  resources: topicArns,
});

/** Writes files into one folder of a bucket, by its ARN. */
export const writesFiles = (bucketArn: string, folder: string): Statement => ({
  sid: "WritesFiles",
  actions: ["s3:PutObject"],
  resources: [`${bucketArn}/${folder}/*`],
});
