import type { TaskResource } from "./resource";

/** An error of a state: `name` is what Retry and Catch compare. */
export class TaskError extends Error {
  /** Read by the library: `States.Runtime` and `States.DataLimitExceeded` are neither retried nor caught by `States.ALL`. */
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
    this.isRetryable = !FATAL.includes(name);
    this.isCatchable = !FATAL.includes(name);
  }
}

const FATAL = ["States.Runtime", "States.DataLimitExceeded"];

/** How errors of the optimized integrations begin, and what an error is called that the service's model does not name (after the classes of version 1 of the Java SDK). */
const OPTIMIZED: Readonly<Record<string, readonly [prefix: string, unnamed: string]>> = {
  dynamodb: ["DynamoDB", "AmazonDynamoDBException"],
  sqs: ["SQS", "AmazonSQSException"],
  sns: ["SNS", "AmazonSNSException"],
  lambda: ["Lambda", "AWSLambdaException"],
  states: ["StepFunctions", "AWSStepFunctionsException"],
  events: ["EventBridge", "AmazonEventBridgeException"],
};

/** Names of services in errors of the SDK integrations: those of version 2 of the Java SDK. */
const SDK: Readonly<Record<string, string>> = {
  accessanalyzer: "AccessAnalyzer",
  cloudtrail: "CloudTrail",
  cloudwatch: "CloudWatch",
  cloudwatchlogs: "CloudWatchLogs",
  dynamodb: "DynamoDb",
  ec2: "Ec2",
  eventbridge: "EventBridge",
  guardduty: "GuardDuty",
  iam: "Iam",
  inspector2: "Inspector2",
  lambda: "Lambda",
  organizations: "Organizations",
  s3: "S3",
  scheduler: "Scheduler",
  secretsmanager: "SecretsManager",
  securityhub: "SecurityHub",
  sesv2: "SesV2",
  sfn: "Sfn",
  sns: "Sns",
  sqs: "Sqs",
  ssm: "Ssm",
  sts: "Sts",
};

/**
 * Name of a service's error as Step Functions gives it: service and error, in Pascal case, always with the suffix `Exception`
 * (https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html). An error that the service's model does not name is called after the service.
 */
export function errorName(resource: TaskResource, code: string, modelled: boolean): string {
  const [prefix, unnamed] =
    resource.kind === "sdk"
      ? ((name: string) => [name, `${name}Exception`] as const)(SDK[resource.service] ?? capitalized(resource.service))
      : (OPTIMIZED[resource.service] ?? [capitalized(resource.service), "Exception"]);
  return `${prefix}.${modelled ? capitalized(code.endsWith("Exception") ? code : `${code}Exception`) : unnamed}`;
}

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
