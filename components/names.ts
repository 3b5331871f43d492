/**
 * Physical names are explicit and start with this prefix, so that an operator finds everything by name, policies can name resources before they exist, and a
 * preview already knows every ARN. The price: one stack per account and Region.
 */
const PREFIX = "tocsin";

/** Physical name of one of our resources, for example `tocsin-intake`. */
export const physicalName = (name: string): string => `${PREFIX}-${name}`;

/** Name of the central bus. */
export const BUS_NAME = PREFIX;

/** Name of the group that our schedules are in. */
export const SCHEDULE_GROUP = PREFIX;

/** Account and Region that resources are in. */
export interface Place {
  /** 12 digits. */
  readonly account: string;
  readonly region: string;
}

/** AWS partition of a Region: `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) {
    return "aws-cn";
  }
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** ARN of a resource in an account and Region: `arnOf(place, "sqs", "tocsin-intake")`. */
export const arnOf = ({ account, region }: Place, service: string, resource: string): string =>
  `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;

/** ARN of a queue of ours by its short name. */
export const queueArn = (place: Place, name: string): string => arnOf(place, "sqs", physicalName(name));

/** ARN of a function of ours by its short name. */
export const functionArn = (place: Place, name: string): string => arnOf(place, "lambda", `function:${physicalName(name)}`);

/** ARN of the episodes table. */
export const tableArn = (place: Place): string => arnOf(place, "dynamodb", `table/${physicalName("episodes")}`);

/** ARN of the guard's table. */
export const guardTableArn = (place: Place): string => arnOf(place, "dynamodb", `table/${physicalName("guard")}`);

/** ARN of a role of ours by its short name. */
export const roleArn = ({ account, region }: Place, name: string): string =>
  `arn:${partitionOf(region)}:iam::${account}:role/${physicalName(name)}`;

/** ARN of the topic that hears of alarms in a Region. */
export const alarmTopicArn = (place: Place): string => topicArn(place, "alarms");

/** ARN of a state machine of ours by its short name. */
export const stateMachineArn = (place: Place, name: string): string => arnOf(place, "states", `stateMachine:${physicalName(name)}`);

/** ARN of the Security Hub hub of an account and Region: what its finding operations are allowed on. */
export const hubArn = (place: Place): string => arnOf(place, "securityhub", "hub/default");

/** ARN of the table's index of what is due. */
export const dueIndexArn = (place: Place): string => `${tableArn(place)}/index/due`;

/** ARN of an SNS topic of ours by its short name. */
export const topicArn = (place: Place, name: string): string => arnOf(place, "sns", physicalName(name));

/** ARN pattern that fits the secret of a name, and no other. */
export const secretArnPattern = (place: Place, name: string): string => arnOf(place, "secretsmanager", `secret:${name}-??????`);

/** ARN of a bucket by its full name. */
export const bucketArn = ({ region }: Pick<Place, "region">, name: string): string => `arn:${partitionOf(region)}:s3:::${name}`;
