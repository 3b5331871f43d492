import type { Cloud } from "../types";
import { type Made, text, type Values, type Wanted } from "./provision-types";

/** Makes a resource in the emulator. What it answers is added to the computed outputs; an `id` replaces the computed one. */
export type Creator = (wanted: Wanted, made: Made, call: Call) => Promise<(Values & { readonly id?: string }) | undefined>;
type Call = (service: string, operation: string, input: Values) => Promise<Values>;

const list = (value: unknown): readonly Values[] => (Array.isArray(value) ? (value as Values[]) : []);
const object = (value: unknown): Values => (typeof value === "object" && value !== null ? (value as Values) : {});
const tagsOf = ({ tags }: Values): { Key: string; Value: string }[] =>
  Object.entries(object(tags)).map(([Key, Value]) => ({ Key, Value: String(Value) }));

type Key = { AttributeName: string; KeyType: "HASH" | "RANGE" };
const key = (hash: unknown, range: unknown): Key[] => [
  { AttributeName: text(hash), KeyType: "HASH" },
  ...(range ? [{ AttributeName: text(range), KeyType: "RANGE" as const }] : []),
];
/** An index names its key by attributes, or by a schema of them. */
const keyOf = ({ hashKey, rangeKey, keySchemas }: Values): Key[] =>
  list(keySchemas).length > 0
    ? list(keySchemas).map(({ attributeName, keyType }) => ({
        AttributeName: text(attributeName),
        KeyType: keyType === "RANGE" ? "RANGE" : "HASH",
      }))
    : key(hashKey, rangeKey);
const indexes = (value: unknown, of: (index: Values) => Key[]) =>
  list(value).map((index) => ({
    IndexName: text(index.name),
    KeySchema: of(index),
    Projection: {
      ProjectionType: text(index.projectionType),
      ...(list(index.nonKeyAttributes).length > 0 && { NonKeyAttributes: index.nonKeyAttributes }),
    },
  }));

const table: Creator = async ({ name, inputs }, _made, call) => {
  const onDemand = inputs.billingMode === "PAY_PER_REQUEST";
  const capacity = { ReadCapacityUnits: Number(inputs.readCapacity ?? 1), WriteCapacityUnits: Number(inputs.writeCapacity ?? 1) };
  const global = indexes(inputs.globalSecondaryIndexes, keyOf).map((index) =>
    onDemand ? index : { ...index, ProvisionedThroughput: capacity },
  );
  const local = indexes(inputs.localSecondaryIndexes, (index) => key(inputs.hashKey, index.rangeKey));
  const { enabled: encrypted, kmsKeyArn } = object(inputs.serverSideEncryption);
  const { TableDescription } = await call("dynamodb", "CreateTable", {
    TableName: name,
    AttributeDefinitions: list(inputs.attributes).map((attribute) => ({ AttributeName: attribute.name, AttributeType: attribute.type })),
    KeySchema: key(inputs.hashKey, inputs.rangeKey),
    BillingMode: onDemand ? "PAY_PER_REQUEST" : "PROVISIONED",
    ...(!onDemand && { ProvisionedThroughput: capacity }),
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    ...(encrypted === true && {
      SSESpecification: { Enabled: true, SSEType: "KMS", ...(text(kmsKeyArn) && { KMSMasterKeyId: kmsKeyArn }) },
    }),
    ...(inputs.streamEnabled === true && { StreamSpecification: { StreamEnabled: true, StreamViewType: inputs.streamViewType } }),
    DeletionProtectionEnabled: inputs.deletionProtectionEnabled === true,
    Tags: tagsOf(inputs),
  });
  if (object(inputs.pointInTimeRecovery).enabled === true)
    await call("dynamodb", "UpdateContinuousBackups", {
      TableName: name,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  const { attributeName, enabled } = object(inputs.ttl);
  if (enabled === true)
    await call("dynamodb", "UpdateTimeToLive", {
      TableName: name,
      TimeToLiveSpecification: { AttributeName: attributeName, Enabled: true },
    });
  const { LatestStreamArn, LatestStreamLabel } = object(TableDescription);
  return LatestStreamArn ? { streamArn: LatestStreamArn, streamLabel: LatestStreamLabel } : {};
};

const role: Creator = async ({ name, inputs }, _made, call) => {
  await call("iam", "CreateRole", {
    RoleName: name,
    Path: text(inputs.path) || "/",
    AssumeRolePolicyDocument:
      typeof inputs.assumeRolePolicy === "string" ? inputs.assumeRolePolicy : JSON.stringify(inputs.assumeRolePolicy),
  });
  return {};
};

const rolePolicy: Creator = async ({ name, inputs }, _made, call) => {
  const { role: roleName, policy } = inputs;
  await call("iam", "PutRolePolicy", {
    RoleName: roleName,
    PolicyName: name,
    PolicyDocument: typeof policy === "string" ? policy : JSON.stringify(policy),
  });
  return {};
};

const emailIdentity: Creator = async ({ name, inputs }, _made, call) => {
  const { configurationSetName } = inputs;
  await call("ses", "CreateEmailIdentity", {
    EmailIdentity: name,
    ...(configurationSetName !== undefined && { ConfigurationSetName: configurationSetName }),
  });
  return {};
};

const bucket: Creator = async ({ name, inputs, region }, _made, call) => {
  await call("s3", "CreateBucket", {
    Bucket: name,
    ...(region !== "us-east-1" && { CreateBucketConfiguration: { LocationConstraint: region } }),
    ...(inputs.objectLockEnabled === true && { ObjectLockEnabledForBucket: true }),
  });
  return {};
};

const versioning: Creator = async ({ inputs }, _made, call) => {
  const { status } = object(inputs.versioningConfiguration);
  await call("s3", "PutBucketVersioning", { Bucket: inputs.bucket, VersioningConfiguration: { Status: status } });
  return {};
};

const objectLock: Creator = async ({ inputs }, _made, call) => {
  const { mode, days, years } = object(object(inputs.rule).defaultRetention);
  await call("s3", "PutObjectLockConfiguration", {
    Bucket: inputs.bucket,
    ObjectLockConfiguration: {
      ObjectLockEnabled: "Enabled",
      ...(mode !== undefined && { Rule: { DefaultRetention: { Mode: mode, Days: days, Years: years } } }),
    },
  });
  return {};
};

const secret: Creator = async ({ name, inputs }, _made, call) => {
  const description = text(inputs.description);
  const { ARN } = await call("secretsmanager", "CreateSecret", { Name: name, ...(description && { Description: description }) });
  return { id: text(ARN), arn: ARN };
};

const secretVersion: Creator = async ({ inputs }, _made, call) => {
  const { secretId, secretString } = inputs;
  const { VersionId } = await call("secretsmanager", "PutSecretValue", { SecretId: secretId, SecretString: secretString });
  return { versionId: VersionId };
};

const topic: Creator = async ({ name, inputs }, _made, call) => {
  await call("sns", "CreateTopic", { Name: name, ...(inputs.fifoTopic === true && { Attributes: { FifoTopic: "true" } }) });
  return {};
};

/** What emulators would do for themselves: post to a web address, or look for a queue or function that only the runtime has. */
const DELIVERED_BY_OTHERS = new Set(["http", "https", "lambda", "sqs", "firehose"]);
const subscription: Creator = async ({ inputs }, _made, call) => {
  const { topic: topicArn, protocol, endpoint, filterPolicy, filterPolicyScope } = inputs;
  if (DELIVERED_BY_OTHERS.has(text(protocol))) return undefined;
  const { SubscriptionArn } = await call("sns", "Subscribe", {
    TopicArn: topicArn,
    Protocol: protocol,
    Endpoint: endpoint,
    ReturnSubscriptionArn: true,
    ...(filterPolicy !== undefined && {
      Attributes: {
        FilterPolicy: typeof filterPolicy === "string" ? filterPolicy : JSON.stringify(filterPolicy),
        ...(text(filterPolicyScope) && { FilterPolicyScope: text(filterPolicyScope) }),
      },
    }),
  });
  return { id: text(SubscriptionArn), arn: SubscriptionArn };
};

const parameter: Creator = async ({ name, inputs }, _made, call) => {
  await call("ssm", "PutParameter", { Name: name, Value: inputs.value, Type: inputs.type });
  return {};
};

/** The types that functions read and write, and so have to exist in the emulator. */
export const CREATORS: Readonly<Record<string, Creator>> = {
  "aws:dynamodb/table:Table": table,
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": objectLock,
  "aws:s3/bucketVersioning:BucketVersioning": versioning,
  "aws:secretsmanager/secret:Secret": secret,
  "aws:secretsmanager/secretVersion:SecretVersion": secretVersion,
  "aws:sesv2/configurationSet:ConfigurationSet": async ({ name }, _made, call) => {
    await call("ses", "CreateConfigurationSet", { ConfigurationSetName: name });
    return {};
  },
  "aws:sesv2/emailIdentity:EmailIdentity": emailIdentity,
  "aws:sns/topic:Topic": topic,
  "aws:sns/topicSubscription:TopicSubscription": subscription,
  "aws:ssm/parameter:Parameter": parameter,
};

/** Calls in the place of a resource. */
export const callIn =
  (call: Cloud["call"], place: Wanted): Call =>
  async (service, operation, input) =>
    object(await call(place, service, operation, input));
