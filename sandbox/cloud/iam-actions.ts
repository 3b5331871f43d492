import { ORGANIZATION_ID } from "../organization";
import type { ServiceCall } from "../types";

/** A permission that a call needs. */
export interface Permission {
  /** For example `dynamodb:UpdateItem`. */
  readonly action: string;
  /** ARN, or `*` where the caller's policies decide which resources are meant. */
  readonly resource: string;
  /** Condition keys that the service adds. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** Id of an EC2 resource whose tags policies may ask for (`aws:ResourceTag/…`). */
  readonly tagged?: string;
}

/** What the table below has to look up. */
export interface Known {
  /** ARN of a secret (it ends with six random characters) by its name. */
  secretArn(call: ServiceCall, name: string): string;
  /** Tags of an EC2 resource of the call's account and Region, as they are now. */
  tagsOf(call: ServiceCall, id: string): Promise<Readonly<Record<string, string>>>;
  /** The verified identity that a sender's address falls under: the address itself or its domain. */
  senderIdentity(call: ServiceCall, address: string): string;
}

type Rule = (call: ServiceCall, known: Known) => readonly Permission[];

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const texts = (value: unknown): readonly string[] => (typeof value === "string" ? [value] : list(value).map(text).filter(Boolean));

/** An ARN in the call's account and Region; what already is an ARN stays. */
const arn = (call: ServiceCall, service: string, resource: string): string =>
  resource.startsWith("arn:") ? resource : `arn:aws:${service}:${call.region}:${call.account}:${resource}`;
const named = (call: ServiceCall, service: string, prefix: string, name: unknown): string => {
  const given = text(name);
  return given === "" ? "*" : given.startsWith("arn:") ? given : arn(call, service, `${prefix}${given}`);
};

/** `service:Operation` on one resource. */
const on =
  (service: string, resource: (call: ServiceCall) => string, action?: string): Rule =>
  (call) => [{ action: `${service}:${action ?? call.operation}`, resource: resource(call) }];

/** Several resources: the action is needed on each. */
const onEach =
  (service: string, resources: (call: ServiceCall) => readonly string[], action?: string): Rule =>
  (call) => {
    const found = [...new Set(resources(call))];
    return (found.length > 0 ? found : ["*"]).map((resource) => ({ action: `${service}:${action ?? call.operation}`, resource }));
  };

// --- DynamoDB -------------------------------------------------------------------------------------------------------

const table = (call: ServiceCall, name: unknown): string => named(call, "dynamodb", "table/", name);
const tableOrIndex = (call: ServiceCall): string => {
  const base = table(call, call.input.TableName);
  return call.input.IndexName ? `${base}/index/${text(call.input.IndexName)}` : base;
};

/** A key of one attribute is a partition key. */
const leadingKeys = (keys: readonly unknown[]): Permission["context"] => {
  const values = keys.map((key) => Object.values(record(key))).filter((attributes) => attributes.length === 1);
  const leading = values.map(([attribute]) => text(Object.values(record(attribute))[0])).filter(Boolean);
  return leading.length > 0 && leading.length === keys.length ? { "dynamodb:LeadingKeys": leading } : {};
};
const onKey: Rule = (call) => [
  {
    action: `dynamodb:${call.operation}`,
    resource: table(call, call.input.TableName),
    context: leadingKeys(call.input.Key ? [call.input.Key] : []),
  },
];
const tablesOfRequest: Rule = (call) =>
  Object.entries(record(call.input.RequestItems)).map(([name]) => ({ action: `dynamodb:${call.operation}`, resource: table(call, name) }));

const TRANSACTION: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  Get: "GetItem",
  ConditionCheck: "ConditionCheckItem",
};
const transaction: Rule = (call) =>
  list(call.input.TransactItems).flatMap((item) =>
    Object.entries(record(item)).map(([kind, part]) => ({
      action: `dynamodb:${TRANSACTION[kind] ?? kind}`,
      resource: table(call, record(part).TableName),
      context: leadingKeys(record(part).Key ? [record(part).Key] : []),
    })),
  );

const VERBS: Readonly<Record<string, string>> = {
  select: "PartiQLSelect",
  insert: "PartiQLInsert",
  update: "PartiQLUpdate",
  delete: "PartiQLDelete",
};
const partiQl =
  (statements: (call: ServiceCall) => readonly string[]): Rule =>
  (call) =>
    statements(call).map((statement) => {
      const verb = /^\s*(\w+)/.exec(statement)?.[1]?.toLowerCase() ?? "";
      const target = /\b(?:from|into|update|exists)\s+"?([\w.-]+)"?(?:\s*\.\s*"([\w.-]+)")?/i.exec(statement);
      const base = table(call, target?.[1]);
      return { action: `dynamodb:${VERBS[verb] ?? "PartiQLSelect"}`, resource: target?.[2] ? `${base}/index/${target[2]}` : base };
    });
const statementsOf = (field: string) => (call: ServiceCall) => list(call.input[field]).map((entry) => text(record(entry).Statement));

// --- SQS, Lambda, Step Functions, EventBridge, SNS ------------------------------------------------------------------------

const queue = (call: ServiceCall): string => {
  const [name, account] = text(call.input.QueueUrl).split("/").reverse();
  if (name) return `arn:aws:sqs:${call.region}:${account && /^\d{12}$/.test(account) ? account : call.account}:${name}`;
  return named(call, "sqs", "", call.input.QueueName);
};
const lambdaFunction = (call: ServiceCall): string => {
  const base = named(call, "lambda", "function:", call.input.FunctionName);
  return call.input.Qualifier ? `${base}:${text(call.input.Qualifier)}` : base;
};
const machine = (call: ServiceCall): string => text(call.input.stateMachineArn) || text(call.input.executionArn) || "*";
const putEvents: Rule = (call) =>
  list(call.input.Entries).map((entry) => {
    const { EventBusName, Source, DetailType } = record(entry);
    return {
      action: "events:PutEvents",
      resource: named(call, "events", "event-bus/", EventBusName ?? "default"),
      context: { "events:source": text(Source), "events:detail-type": text(DetailType) },
    };
  });
const topic = (call: ServiceCall): string => text(call.input.TopicArn) || text(call.input.TargetArn) || text(call.input.ResourceArn) || "*";

// --- SES ------------------------------------------------------------------------------------------------------------

/** `Tocsin <tocsin@example.com>` to its address. */
const address = (sender: string): string => /<([^>]+)>\s*$/.exec(sender)?.[1] ?? sender.trim();

const sendEmail: Rule = (call, known) => {
  const { FromEmailAddress, FromEmailAddressIdentityArn, ConfigurationSetName, Destination, Content } = call.input;
  const from = address(text(FromEmailAddress));
  const content = record(Content);
  // The newer API has one operation; the permission depends on what it sends.
  const action = content.Raw ? "ses:SendRawEmail" : content.Template ? "ses:SendTemplatedEmail" : "ses:SendEmail";
  const { ToAddresses, CcAddresses, BccAddresses } = record(Destination);
  const recipients = [ToAddresses, CcAddresses, BccAddresses].flatMap(texts).map(address);
  const context = { "ses:FromAddress": from, "ses:Recipients": recipients, "ses:ApiVersion": "2" };
  const identity = text(FromEmailAddressIdentityArn) || arn(call, "ses", `identity/${known.senderIdentity(call, from)}`);
  const resources = [identity];
  if (ConfigurationSetName) resources.push(arn(call, "ses", `configuration-set/${text(ConfigurationSetName)}`));
  return resources.map((resource) => ({ action, resource, context }));
};

// --- Security Hub, Organizations, Secrets Manager, Systems Manager ----------------------------------------------------------

const hub = (call: ServiceCall): string => arn(call, "securityhub", "hub/default");
/** `securityhub:ASFFSyntaxPath/Workflow.Status` and its like: what an update sets. */
const updateFindings: Rule = (call) => {
  const context: Record<string, string> = {};
  for (const [name, value] of Object.entries(call.input)) {
    if (name === "FindingIdentifiers") continue;
    if (typeof value === "string") context[`securityhub:ASFFSyntaxPath/${name}`] = value;
    for (const [inner, content] of Object.entries(record(value)))
      if (typeof content === "string") context[`securityhub:ASFFSyntaxPath/${name}.${inner}`] = content;
  }
  return [{ action: "securityhub:BatchUpdateFindings", resource: hub(call), context }];
};

const MANAGEMENT = "111111111111";
const organizations = (kind: string, id: unknown): string => `arn:aws:organizations::${MANAGEMENT}:${kind}/${ORGANIZATION_ID}/${text(id)}`;
const organizationsNode = (id: unknown): string =>
  organizations(text(id).startsWith("ou-") ? "ou" : text(id).startsWith("r-") ? "root" : "account", id);

const secret: Rule = (call, known) => {
  const id = text(call.input.SecretId);
  return [{ action: `secretsmanager:${call.operation}`, resource: id.startsWith("arn:") ? id : known.secretArn(call, id) }];
};

const parameters = (call: ServiceCall): readonly string[] =>
  [...texts(call.input.Name), ...texts(call.input.Names), ...texts(call.input.Path)].map((name) =>
    arn(call, "ssm", `parameter/${name.replace(/^\//, "")}`),
  );
const sendCommand: Rule = (call) => {
  const document = text(call.input.DocumentName);
  // AWS's own documents belong to no account.
  const owner = document.startsWith("AWS-") ? "" : call.account;
  const instances = texts(call.input.InstanceIds).map((id) => arn(call, "ec2", `instance/${id}`));
  return [`arn:aws:ssm:${call.region}:${owner}:document/${document}`, ...instances].map((resource) => ({
    action: "ssm:SendCommand",
    resource,
  }));
};

// --- S3, EC2, IAM, CloudWatch Logs and the rest ---------------------------------------------------------------------

const bucket = (call: ServiceCall): string => (call.input.Bucket ? `arn:aws:s3:::${text(call.input.Bucket)}` : "*");
const object = (call: ServiceCall): string => `${bucket(call)}/${text(call.input.Key)}`;
const copyObject: Rule = (call) => [
  { action: "s3:GetObject", resource: `arn:aws:s3:::${decodeURIComponent(text(call.input.CopySource)).replace(/^\//, "")}` },
  { action: "s3:PutObject", resource: object(call) },
];

/** Inputs of EC2 that name a resource, and the resource's type in an ARN. */
const EC2_RESOURCES: Readonly<Record<string, string>> = {
  GroupId: "security-group",
  InstanceId: "instance",
  NetworkAclId: "network-acl",
  PrefixListId: "prefix-list",
  VolumeId: "volume",
  SnapshotId: "snapshot",
};
const ec2Resource = (call: ServiceCall, type: string, id: string): Permission => ({
  action: `ec2:${call.operation}`,
  resource: arn(call, "ec2", `${type}/${id}`),
  tagged: id,
});
const ec2: Rule = (call) => {
  const named = Object.entries(EC2_RESOURCES).flatMap(([field, type]) => texts(call.input[field]).map((id) => ec2Resource(call, type, id)));
  return named.length > 0 ? named : [{ action: `ec2:${call.operation}`, resource: "*" }];
};
/** The group and each rule: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-work-with-security-groups */
const modifyRules: Rule = (call, known) => [
  ...ec2(call, known),
  ...list(call.input.SecurityGroupRule).map((update) => ec2Resource(call, "security-group-rule", text(record(update).SecurityGroupRuleId))),
];

const iam = (call: ServiceCall): string => {
  const { UserName, RoleName, PolicyArn, InstanceProfileName } = call.input;
  const prefix = `arn:aws:iam::${call.account}:`;
  if (UserName) return `${prefix}user/${text(UserName)}`;
  if (RoleName) return `${prefix}role/${text(RoleName)}`;
  if (InstanceProfileName) return `${prefix}instance-profile/${text(InstanceProfileName)}`;
  return text(PolicyArn) || "*";
};

const logGroups = (call: ServiceCall): readonly string[] => {
  const { logGroupName, logGroupNames, logGroupIdentifier, logGroupIdentifiers, logGroupArn } = call.input;
  const names = [logGroupName, logGroupNames, logGroupIdentifier, logGroupIdentifiers, logGroupArn].flatMap(texts);
  return names.map((name) => `${arn(call, "logs", `log-group:${name}`).replace(/:\*$/, "")}:*`);
};
const logStream: Rule = on("logs", (call) =>
  arn(call, "logs", `log-group:${text(call.input.logGroupName)}:log-stream:${text(call.input.logStreamName)}`),
);
const kmsKey = (call: ServiceCall): string => {
  const id = text(call.input.KeyId);
  return id.startsWith("alias/") ? arn(call, "kms", id) : named(call, "kms", "key/", id);
};
const schedule = (call: ServiceCall): string =>
  call.input.Name ? arn(call, "scheduler", `schedule/${text(call.input.GroupName) || "default"}/${text(call.input.Name)}`) : "*";

/** `service:Operation`, or `service:*` for all others of a service. */
const RULES: Readonly<Record<string, Rule>> = {
  "dynamodb:*": on("dynamodb", (call) => table(call, call.input.TableName)),
  "dynamodb:GetItem": onKey,
  "dynamodb:PutItem": onKey,
  "dynamodb:UpdateItem": onKey,
  "dynamodb:DeleteItem": onKey,
  "dynamodb:Query": on("dynamodb", tableOrIndex),
  "dynamodb:Scan": on("dynamodb", tableOrIndex),
  "dynamodb:BatchGetItem": tablesOfRequest,
  "dynamodb:BatchWriteItem": tablesOfRequest,
  "dynamodb:TransactWriteItems": transaction,
  "dynamodb:TransactGetItems": transaction,
  "dynamodb:ExecuteStatement": partiQl((call) => [text(call.input.Statement)]),
  "dynamodb:BatchExecuteStatement": partiQl(statementsOf("Statements")),
  "dynamodb:ExecuteTransaction": partiQl(statementsOf("TransactStatements")),
  "sqs:*": on("sqs", queue),
  "sqs:SendMessageBatch": on("sqs", queue, "SendMessage"),
  "sqs:DeleteMessageBatch": on("sqs", queue, "DeleteMessage"),
  "sqs:ChangeMessageVisibilityBatch": on("sqs", queue, "ChangeMessageVisibility"),
  "lambda:*": on("lambda", lambdaFunction),
  "lambda:Invoke": on("lambda", lambdaFunction, "InvokeFunction"),
  "lambda:InvokeAsync": on("lambda", lambdaFunction, "InvokeFunction"),
  "lambda:InvokeWithResponseStream": on("lambda", lambdaFunction, "InvokeFunction"),
  "states:*": on("states", machine),
  "events:PutEvents": putEvents,
  "sns:*": on("sns", topic),
  "sns:PublishBatch": on("sns", topic, "Publish"),
  "ses:SendEmail": sendEmail,
  "securityhub:*": on("securityhub", () => "*"),
  "securityhub:GetFindings": on("securityhub", hub),
  "securityhub:DescribeHub": on("securityhub", hub),
  "securityhub:BatchUpdateFindings": updateFindings,
  "securityhub:BatchImportFindings": onEach("securityhub", (call) =>
    list(call.input.Findings).map((finding) => text(record(finding).ProductArn)),
  ),
  "organizations:DescribeAccount": on("organizations", (call) => organizations("account", call.input.AccountId)),
  "organizations:ListParents": on("organizations", (call) => organizationsNode(call.input.ChildId)),
  "organizations:ListChildren": on("organizations", (call) => organizationsNode(call.input.ParentId)),
  "organizations:ListAccountsForParent": on("organizations", (call) => organizationsNode(call.input.ParentId)),
  "organizations:ListOrganizationalUnitsForParent": on("organizations", (call) => organizationsNode(call.input.ParentId)),
  "organizations:DescribeOrganizationalUnit": on("organizations", (call) => organizationsNode(call.input.OrganizationalUnitId)),
  "organizations:ListTagsForResource": on("organizations", (call) => organizationsNode(call.input.ResourceId)),
  "secretsmanager:*": secret,
  "ssm:GetParameter": onEach("ssm", parameters),
  "ssm:GetParameters": onEach("ssm", parameters),
  "ssm:GetParametersByPath": onEach("ssm", parameters),
  "ssm:PutParameter": onEach("ssm", parameters),
  "ssm:SendCommand": sendCommand,
  "s3:*": on("s3", bucket),
  "s3:GetObject": on("s3", object),
  "s3:HeadObject": on("s3", object, "GetObject"),
  "s3:PutObject": on("s3", object),
  "s3:DeleteObject": on("s3", object),
  "s3:CopyObject": copyObject,
  "s3:CreateMultipartUpload": on("s3", object, "PutObject"),
  "s3:UploadPart": on("s3", object, "PutObject"),
  "s3:CompleteMultipartUpload": on("s3", object, "PutObject"),
  "s3:AbortMultipartUpload": on("s3", object),
  "s3:GetObjectTagging": on("s3", object),
  "s3:PutObjectTagging": on("s3", object),
  "s3:PutObjectRetention": on("s3", object),
  "s3:PutObjectLegalHold": on("s3", object),
  "s3:ListObjects": on("s3", bucket, "ListBucket"),
  "s3:ListObjectsV2": on("s3", bucket, "ListBucket"),
  "s3:HeadBucket": on("s3", bucket, "ListBucket"),
  "s3:ListObjectVersions": on("s3", bucket, "ListBucketVersions"),
  "s3:ListBuckets": on("s3", () => "*", "ListAllMyBuckets"),
  "ec2:*": ec2,
  "ec2:ModifySecurityGroupRules": modifyRules,
  "iam:*": on("iam", iam),
  "logs:*": onEach("logs", logGroups),
  "logs:CreateLogStream": logStream,
  "logs:PutLogEvents": logStream,
  "logs:GetLogEvents": logStream,
  "kms:*": on("kms", kmsKey),
  "scheduler:*": on("scheduler", schedule),
  "guardduty:*": on("guardduty", (call) => named(call, "guardduty", "detector/", call.input.DetectorId)),
  // Judged together with the other role's trust policy, where the call is answered.
  "sts:AssumeRole": () => [],
  // Needs no permission in AWS either.
  "sts:GetCallerIdentity": () => [],
  "monitoring:*": (call) => [{ action: `cloudwatch:${call.operation}`, resource: "*" }],
};

/** The permissions that a call needs, all of them. What the table does not know needs `service:Operation` on any resource. */
export function permissionsOf(call: ServiceCall, known: Known): readonly Permission[] {
  const rule = RULES[`${call.service}:${call.operation}`] ?? RULES[`${call.service}:*`];
  return rule ? rule(call, known) : [{ action: `${call.service}:${call.operation}`, resource: "*" }];
}
