import { isObject, TemplateError } from "./intrinsics";

type Values = Readonly<Record<string, unknown>>;

/** A resource of a template as the program would have declared it. */
export interface Declared {
  readonly type: string;
  /** Tells several that come of one resource apart; the first has none. */
  readonly suffix?: string;
  readonly inputs: Values;
}

/** What the first resource was given when it was made. */
export type MadeValues = Values & { readonly id: string };

interface ResourceType {
  /** The first is the resource itself: what a template refers to. */
  declare(properties: Values, made: () => MadeValues): readonly (Declared | (() => Declared))[];
  readonly reference: (made: MadeValues) => unknown;
  readonly attributes: Readonly<Record<string, (made: MadeValues) => unknown>>;
}

/** How a property becomes an input: another name, or another name and form. */
type Input = string | readonly [name: string, form: (value: unknown) => unknown];

const number = (value: unknown): number => {
  const given = Number(value);
  if (!Number.isFinite(given)) {
    throw new TemplateError(`${JSON.stringify(value)} is no number`);
  }
  return given;
};
const flag = (value: unknown): boolean => String(value) === "true";
const json = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);
const tags = (value: unknown): Values =>
  Object.fromEntries(list(value).map((tag) => (isObject(tag) ? [String(tag.Key), tag.Value] : ["", undefined])));

/** The inputs of a set of properties; a property that is not in the table is refused. */
function inputsOf(what: string, properties: unknown, table: Readonly<Record<string, Input>>): Record<string, unknown> {
  if (!isObject(properties)) {
    throw new TemplateError(`${what} is no object`);
  }
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      const input = table[name];
      if (input === undefined) {
        throw new TemplateError(`the sandbox does not know the property ${name} of ${what}`);
      }
      return typeof input === "string" ? [input, value] : [input[0], input[1](value)];
    }),
  );
}
const group = (what: string, table: Readonly<Record<string, Input>>) => (value: unknown) => inputsOf(what, value, table);
/** Inputs under the properties' own names, the first letter in lower case. */
const same = (...names: readonly string[]): Record<string, Input> =>
  Object.fromEntries(names.map((name) => [name, `${name.charAt(0).toLowerCase()}${name.slice(1)}`]));

const deadLetters = group("DeadLetterConfig", same("Arn"));
const retryPolicy = group("RetryPolicy", {
  MaximumEventAgeInSeconds: ["maximumEventAgeInSeconds", number],
  MaximumRetryAttempts: ["maximumRetryAttempts", number],
});

const RULE = {
  ...same("Name", "Description", "EventBusName", "ScheduleExpression", "State", "RoleArn"),
  EventPattern: ["eventPattern", json],
  Tags: ["tags", tags],
  Targets: ["targets", list],
} as const;
const RULE_TARGET = {
  ...same("Arn", "RoleArn", "Input", "InputPath"),
  Id: "targetId",
  DeadLetterConfig: ["deadLetterConfig", deadLetters],
  RetryPolicy: ["retryPolicy", retryPolicy],
  InputTransformer: ["inputTransformer", group("InputTransformer", { InputPathsMap: "inputPaths", InputTemplate: "inputTemplate" })],
} as const;

const rule: ResourceType = {
  declare(properties, made) {
    const { targets, ...inputs } = inputsOf("AWS::Events::Rule", properties, RULE);
    return [
      { type: "aws:cloudwatch/eventRule:EventRule", inputs },
      ...list(targets).map((target) => () => {
        const own = inputsOf("a target of AWS::Events::Rule", target, RULE_TARGET);
        const place = inputs.eventBusName === undefined ? {} : { eventBusName: inputs.eventBusName };
        return {
          type: "aws:cloudwatch/eventTarget:EventTarget",
          suffix: String(own.targetId),
          inputs: { rule: made().name, ...place, ...own },
        };
      }),
    ];
  },
  reference: ({ name, eventBusName }) => (eventBusName === "default" ? name : `${eventBusName}|${name}`),
  attributes: { Arn: ({ arn }) => arn },
};

const ROLE = {
  ...same("Path", "Description", "PermissionsBoundary"),
  RoleName: "name",
  AssumeRolePolicyDocument: ["assumeRolePolicy", json],
  MaxSessionDuration: ["maxSessionDuration", number],
  ManagedPolicyArns: ["managedPolicyArns", list],
  Policies: ["policies", list],
  Tags: ["tags", tags],
} as const;
const POLICY = { PolicyName: "name", PolicyDocument: ["policy", json] } as const;

const rolePolicy = (role: unknown, inputs: Values): Declared => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  suffix: String(inputs.name),
  inputs: { role, ...inputs },
});

const role: ResourceType = {
  declare(properties, made) {
    const { policies, ...inputs } = inputsOf("AWS::IAM::Role", properties, ROLE);
    return [
      { type: "aws:iam/role:Role", inputs },
      ...list(policies).map((policy) => () => rolePolicy(made().name, inputsOf("a policy of AWS::IAM::Role", policy, POLICY))),
    ];
  },
  reference: ({ name }) => name,
  attributes: { Arn: ({ arn }) => arn, RoleId: ({ uniqueId }) => uniqueId },
};

const rolesPolicy: ResourceType = {
  declare(properties) {
    const { roles, roleName, ...inputs } = inputsOf("AWS::IAM::Policy", properties, {
      ...POLICY,
      ...same("RoleName"),
      Roles: ["roles", list],
    });
    return [...list(roles), ...list(roleName)].map((one) => rolePolicy(one, inputs));
  },
  reference: ({ name }) => name,
  attributes: {},
};

const QUEUE = {
  QueueName: "name",
  DelaySeconds: ["delaySeconds", number],
  KmsMasterKeyId: "kmsMasterKeyId",
  KmsDataKeyReusePeriodSeconds: ["kmsDataKeyReusePeriodSeconds", number],
  MaximumMessageSize: ["maxMessageSize", number],
  MessageRetentionPeriod: ["messageRetentionSeconds", number],
  ReceiveMessageWaitTimeSeconds: ["receiveWaitTimeSeconds", number],
  RedriveAllowPolicy: ["redriveAllowPolicy", json],
  RedrivePolicy: ["redrivePolicy", json],
  SqsManagedSseEnabled: ["sqsManagedSseEnabled", flag],
  Tags: ["tags", tags],
  VisibilityTimeout: ["visibilityTimeoutSeconds", number],
} as const;

const queuePolicy: ResourceType = {
  declare(properties) {
    const { queues, ...inputs } = inputsOf("AWS::SQS::QueuePolicy", properties, {
      PolicyDocument: ["policy", json],
      Queues: ["queues", list],
    });
    return list(queues).map((queueUrl, index) => ({
      type: "aws:sqs/queuePolicy:QueuePolicy",
      ...(index > 0 && { suffix: String(index) }),
      inputs: { queueUrl, ...inputs },
    }));
  },
  reference: ({ id }) => id,
  attributes: {},
};

const SCHEDULE = {
  ...same("Name", "GroupName", "Description", "ScheduleExpression", "ScheduleExpressionTimezone", "State", "StartDate", "EndDate"),
  FlexibleTimeWindow: [
    "flexibleTimeWindow",
    group("FlexibleTimeWindow", { Mode: "mode", MaximumWindowInMinutes: ["maximumWindowInMinutes", number] }),
  ],
  KmsKeyArn: "kmsKeyArn",
  Target: [
    "target",
    group("the target of AWS::Scheduler::Schedule", {
      ...same("Arn", "RoleArn", "Input"),
      DeadLetterConfig: ["deadLetterConfig", deadLetters],
      EventBridgeParameters: ["eventbridgeParameters", group("EventBridgeParameters", same("DetailType", "Source"))],
      RetryPolicy: ["retryPolicy", retryPolicy],
    }),
  ],
} as const;

const ALARM = {
  ...same(
    "AlarmDescription",
    "ComparisonOperator",
    "ExtendedStatistic",
    "MetricName",
    "Namespace",
    "Statistic",
    "TreatMissingData",
    "Unit",
  ),
  AlarmName: "name",
  ActionsEnabled: ["actionsEnabled", flag],
  AlarmActions: ["alarmActions", list],
  DatapointsToAlarm: ["datapointsToAlarm", number],
  Dimensions: [
    "dimensions",
    (value: unknown) => Object.fromEntries(list(value).map((one) => (isObject(one) ? [String(one.Name), one.Value] : ["", undefined]))),
  ],
  EvaluationPeriods: ["evaluationPeriods", number],
  InsufficientDataActions: ["insufficientDataActions", list],
  OKActions: ["okActions", list],
  Period: ["period", number],
  Tags: ["tags", tags],
  Threshold: ["threshold", number],
} as const;

/** A resource that is one of ours under another name. */
const plain = (
  cloudFormationType: string,
  type: string,
  table: Readonly<Record<string, Input>>,
  more: Pick<ResourceType, "reference" | "attributes">,
): ResourceType => ({ declare: (properties) => [{ type, inputs: inputsOf(cloudFormationType, properties, table) }], ...more });

const arnAttribute = { Arn: ({ arn }: MadeValues) => arn };
const byName = { reference: ({ name }: MadeValues) => name, attributes: arnAttribute };

/** The types of resources that stack instances can have. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  "AWS::CloudWatch::Alarm": plain("AWS::CloudWatch::Alarm", "aws:cloudwatch/metricAlarm:MetricAlarm", ALARM, byName),
  "AWS::Events::Rule": rule,
  "AWS::IAM::Policy": rolesPolicy,
  "AWS::IAM::Role": role,
  "AWS::IAM::RolePolicy": rolesPolicy,
  "AWS::SQS::Queue": plain("AWS::SQS::Queue", "aws:sqs/queue:Queue", QUEUE, {
    reference: ({ url }) => url,
    attributes: { ...arnAttribute, QueueName: ({ name }) => name, QueueUrl: ({ url }) => url },
  }),
  "AWS::SQS::QueuePolicy": queuePolicy,
  "AWS::Scheduler::Schedule": plain("AWS::Scheduler::Schedule", "aws:scheduler/schedule:Schedule", SCHEDULE, byName),
  "AWS::Scheduler::ScheduleGroup": plain(
    "AWS::Scheduler::ScheduleGroup",
    "aws:scheduler/scheduleGroup:ScheduleGroup",
    { ...same("Name"), Tags: ["tags", tags] },
    byName,
  ),
};
