import { createHash } from "node:crypto";
import type { Place } from "../types";

export type Values = Readonly<Record<string, unknown>>;

/** A resource that is to be created, with what is derived from it. */
export interface Wanted extends Place {
  /** URL of the gateway. */
  readonly endpoint: string;
  readonly urn: string;
  readonly type: string;
  readonly inputs: Values;
  /** Physical name: the name input, or the one that Pulumi would make. */
  readonly name: string;
}

/** What a provider answers. */
export interface Made {
  readonly id: string;
  readonly outputs: Record<string, unknown>;
}

/** One type of resource: how it is named, and what is computed for it. */
export interface ResourceType {
  /** Input that holds the physical name; `name` by default. */
  readonly nameInput?: string;
  readonly make: (wanted: Wanted) => Made;
}

/** A hash that stands for what AWS would draw at random. */
export const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

/** As Pulumi names what has no name of its own, but the same in each run. */
export const autoName = (urn: string, name: string, { fifoQueue, fifoTopic }: Values): string =>
  `${name}-${digest(urn).slice(0, 7)}${fifoQueue || fifoTopic ? ".fifo" : ""}`;

/** An id of the form of a UUID. */
export const uuid = (urn: string): string => digest(urn).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");

export const text = (value: unknown): string => (typeof value === "string" ? value : "");
export const arn = ({ account, region }: Place, service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`;
const globalArn = ({ account }: Place, service: string, resource: string): string => `arn:aws:${service}::${account}:${resource}`;

/** Id and name are the same, and there is an ARN. */
const named = (arnOf: (wanted: Wanted) => string, nameInput = "name", more: (wanted: Wanted) => Values = () => ({})): ResourceType => ({
  nameInput,
  make: (wanted) => ({ id: wanted.name, outputs: { [nameInput]: wanted.name, arn: arnOf(wanted), ...more(wanted) } }),
});

/** Only an id, such as an attachment has. */
export const attached = (idOf: (wanted: Wanted) => string): ResourceType => ({ make: (wanted) => ({ id: idOf(wanted), outputs: {} }) });
/** A part of a bucket, whose id is the bucket's. */
const ofBucket = attached(({ inputs }) => text(inputs.bucket));

const regional = (service: string, prefix: string) => (wanted: Wanted) => arn(wanted, service, `${prefix}${wanted.name}`);
const busName = ({ inputs }: Wanted): string => text(inputs.eventBusName).split("/").at(-1) || "default";
const ofBus = (name: string, bus: string): string => (bus === "default" ? name : `${bus}/${name}`);

const lambdaFunction: ResourceType = {
  make: (wanted) => {
    const functionArn = arn(wanted, "lambda", `function:${wanted.name}`);
    const invoke = (target: string) => `arn:aws:apigateway:${wanted.region}:lambda:path/2015-03-31/functions/${target}/invocations`;
    return {
      id: wanted.name,
      outputs: {
        name: wanted.name,
        arn: functionArn,
        invokeArn: invoke(functionArn),
        qualifiedArn: `${functionArn}:$LATEST`,
        qualifiedInvokeArn: invoke(`${functionArn}:$LATEST`),
        version: "$LATEST",
        lastModified: "2026-03-01T09:00:00.000+0000",
      },
    };
  },
};

/** Types that exist by being recorded (the runtime acts on them), and what every stateful type computes. */
export const TYPES: Readonly<Record<string, ResourceType>> = {
  "aws:cloudwatch/dashboard:Dashboard": {
    nameInput: "dashboardName",
    make: ({ name, account }) => ({
      id: name,
      outputs: { dashboardName: name, dashboardArn: `arn:aws:cloudwatch::${account}:dashboard/${name}` },
    }),
  },
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": named(regional("cloudwatch", "alarm:"), "alarmName"),
  "aws:cloudwatch/eventArchive:EventArchive": named(regional("events", "archive/")),
  "aws:cloudwatch/eventBus:EventBus": named(regional("events", "event-bus/")),
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": attached(busName),
  "aws:cloudwatch/eventPermission:EventPermission": attached((wanted) => `${busName(wanted)}/${text(wanted.inputs.statementId)}`),
  "aws:cloudwatch/eventRule:EventRule": {
    make: (wanted) => {
      const id = ofBus(wanted.name, busName(wanted));
      return { id, outputs: { name: wanted.name, arn: arn(wanted, "events", `rule/${id}`), eventBusName: busName(wanted) } };
    },
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    nameInput: "targetId",
    make: (wanted) => ({
      id: `${ofBus(text(wanted.inputs.rule), busName(wanted))}-${wanted.name}`,
      outputs: { targetId: wanted.name, eventBusName: busName(wanted) },
    }),
  },
  "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": attached(({ inputs }) => text(inputs.logGroupName)),
  "aws:cloudwatch/logGroup:LogGroup": named(regional("logs", "log-group:")),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": attached(({ name }) => name),
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": attached(({ inputs }) => text(inputs.policyName)),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named(regional("cloudwatch", "alarm:")),
  "aws:cloudwatch/queryDefinition:QueryDefinition": attached(({ urn }) => uuid(urn)),
  "aws:dynamodb/table:Table": named(regional("dynamodb", "table/")),
  "aws:iam/instanceProfile:InstanceProfile": named((wanted) => globalArn(wanted, "iam", `instance-profile/${wanted.name}`)),
  "aws:iam/policy:Policy": {
    make: (wanted) => {
      const policyArn = globalArn(wanted, "iam", `policy${text(wanted.inputs.path) || "/"}${wanted.name}`);
      return {
        id: policyArn,
        outputs: { arn: policyArn, name: wanted.name, policyId: `ANPA${digest(wanted.urn).slice(0, 17).toUpperCase()}` },
      };
    },
  },
  "aws:iam/role:Role": named(
    (wanted) => globalArn(wanted, "iam", `role${text(wanted.inputs.path) || "/"}${wanted.name}`),
    "name",
    ({ urn }) => ({ uniqueId: `AROA${digest(urn).slice(0, 17).toUpperCase()}`, createDate: "2026-03-01T09:00:00Z" }),
  ),
  "aws:iam/rolePolicy:RolePolicy": {
    make: ({ name, inputs }) => ({ id: `${text(inputs.role)}:${name}`, outputs: { name } }),
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": attached(({ inputs }) => `${text(inputs.role)}-${text(inputs.policyArn)}`),
  "aws:kms/alias:Alias": named(regional("kms", "")),
  "aws:kms/key:Key": {
    make: (wanted) => {
      const keyId = uuid(wanted.urn);
      return { id: keyId, outputs: { keyId, arn: arn(wanted, "kms", `key/${keyId}`) } };
    },
  },
  "aws:kms/keyPolicy:KeyPolicy": attached(({ inputs }) => text(inputs.keyId)),
  "aws:lambda/alias:Alias": named((wanted) => arn(wanted, "lambda", `function:${text(wanted.inputs.functionName)}:${wanted.name}`)),
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    make: (wanted) => {
      const id = uuid(wanted.urn);
      const target = text(wanted.inputs.functionName);
      const functionArn = target.startsWith("arn:") ? target : arn(wanted, "lambda", `function:${target}`);
      return { id, outputs: { uuid: id, arn: arn(wanted, "lambda", `event-source-mapping:${id}`), functionArn, state: "Enabled" } };
    },
  },
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": attached(({ inputs }) => text(inputs.functionName)),
  "aws:lambda/functionUrl:FunctionUrl": {
    make: (wanted) => {
      const urlId = digest(wanted.urn).slice(0, 32);
      const target = text(wanted.inputs.functionName);
      return {
        id: target,
        outputs: {
          urlId,
          functionUrl: `https://${urlId}.lambda-url.${wanted.region}.on.aws/`,
          functionArn: target.startsWith("arn:") ? target : arn(wanted, "lambda", `function:${target}`),
        },
      };
    },
  },
  "aws:lambda/permission:Permission": {
    nameInput: "statementId",
    make: ({ name }) => ({ id: name, outputs: { statementId: name } }),
  },
  "aws:s3/bucket:Bucket": {
    nameInput: "bucket",
    make: ({ name, region }) => ({
      id: name,
      outputs: {
        bucket: name,
        arn: `arn:aws:s3:::${name}`,
        bucketDomainName: `${name}.s3.amazonaws.com`,
        bucketRegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
        bucketRegion: region,
        hostedZoneId: "Z1BKCTXD74EZPE",
      },
    }),
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket,
  "aws:s3/bucketNotification:BucketNotification": ofBucket,
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": ofBucket,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket,
  "aws:s3/bucketPolicy:BucketPolicy": ofBucket,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket,
  "aws:s3/bucketVersioning:BucketVersioning": ofBucket,
  "aws:scheduler/schedule:Schedule": {
    make: (wanted) => {
      const group = text(wanted.inputs.groupName) || "default";
      return {
        id: `${group}/${wanted.name}`,
        outputs: { name: wanted.name, groupName: group, arn: arn(wanted, "scheduler", `schedule/${group}/${wanted.name}`) },
      };
    },
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": named(regional("scheduler", "schedule-group/"), "name", () => ({ state: "ACTIVE" })),
  "aws:secretsmanager/secret:Secret": {
    make: (wanted) => {
      const secretArn = arn(wanted, "secretsmanager", `secret:${wanted.name}-${digest(wanted.urn).slice(0, 6)}`);
      return { id: secretArn, outputs: { name: wanted.name, arn: secretArn } };
    },
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    make: (wanted) => ({
      id: `${text(wanted.inputs.secretId)}|${uuid(wanted.urn)}`,
      outputs: { arn: text(wanted.inputs.secretId), versionId: uuid(wanted.urn) },
    }),
  },
  "aws:sesv2/configurationSet:ConfigurationSet": named(regional("ses", "configuration-set/"), "configurationSetName"),
  "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination": attached(
    ({ inputs }) => `${text(inputs.configurationSetName)}|${text(inputs.eventDestinationName)}`,
  ),
  "aws:sesv2/emailIdentity:EmailIdentity": named(regional("ses", "identity/"), "emailIdentity", ({ name }) => ({
    identityType: name.includes("@") ? "EMAIL_ADDRESS" : "DOMAIN",
    verificationStatus: "SUCCESS",
    verifiedForSendingStatus: true,
    dkimSigningAttributes: { status: "SUCCESS", tokens: [1, 2, 3].map((index) => digest(`${name} ${index}`).slice(0, 32)) },
  })),
  "aws:sfn/stateMachine:StateMachine": {
    make: (wanted) => {
      const machineArn = arn(wanted, "states", `stateMachine:${wanted.name}`);
      return { id: machineArn, outputs: { name: wanted.name, arn: machineArn, status: "ACTIVE", creationDate: "2026-03-01T09:00:00Z" } };
    },
  },
  "aws:sns/topic:Topic": {
    make: (wanted) => {
      const topicArn = arn(wanted, "sns", wanted.name);
      return { id: topicArn, outputs: { name: wanted.name, arn: topicArn, owner: wanted.account } };
    },
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    make: ({ inputs, account }) => ({ id: text(inputs.arn), outputs: { owner: account } }),
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    make: ({ urn, inputs, account }) => {
      const subscriptionArn = `${text(inputs.topic)}:${uuid(urn)}`;
      return { id: subscriptionArn, outputs: { arn: subscriptionArn, ownerId: account, pendingConfirmation: false } };
    },
  },
  "aws:sqs/queue:Queue": {
    make: (wanted) => {
      // The SDK sends to the host of a queue's URL, so that it is where the queue is: at the gateway.
      const url = `${wanted.endpoint}/queue/${wanted.region}/${wanted.account}/${wanted.name}`;
      return { id: url, outputs: { name: wanted.name, url, arn: arn(wanted, "sqs", wanted.name) } };
    },
  },
  "aws:sqs/queuePolicy:QueuePolicy": attached(({ inputs }) => text(inputs.queueUrl)),
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": attached(({ inputs }) => text(inputs.queueUrl)),
  "aws:sqs/redrivePolicy:RedrivePolicy": attached(({ inputs }) => text(inputs.queueUrl)),
  "aws:ssm/parameter:Parameter": named(
    (wanted) => arn(wanted, "ssm", `parameter/${wanted.name.replace(/^\//, "")}`),
    "name",
    () => ({ version: 1 }),
  ),
  "random:index/randomId:RandomId": {
    make: ({ urn }) => ({
      id: digest(urn).slice(0, 8),
      outputs: { hex: digest(urn).slice(0, 8), dec: "1", b64Url: digest(urn).slice(0, 6) },
    }),
  },
  "random:index/randomString:RandomString": {
    make: ({ urn }) => ({ id: digest(urn).slice(0, 8), outputs: { result: digest(urn).slice(0, 8) } }),
  },
};

/** What is answered for a type that is not in the table: an id, and an ARN of the likeliest form. */
export function guess(wanted: Wanted): Made {
  const [, module = "", kind = ""] = /^[\w-]+:([^/:]+)(?:\/[^:]+)?:(\w+)$/.exec(wanted.type) ?? [];
  const resource = `${kind.charAt(0).toLowerCase()}${kind.slice(1)}/${wanted.name}`;
  return { id: wanted.name, outputs: { name: wanted.name, arn: arn(wanted, module, resource) } };
}
