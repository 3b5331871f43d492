import type { GraphResource, Provisioner } from "../../../sandbox/types";

/** A variable as Fn::Sub writes it. */
export function variable(name: string): string {
  return `\${${name}}`;
}

/** A stack that sends events of its account to a central bus: a template of the tests' own. */
export const TEMPLATE = {
  AWSTemplateFormatVersion: "2010-09-09",
  Description: "test",
  Parameters: { Home: { Type: "String", Default: "eu-west-1" }, Source: { Type: "String" } },
  Conditions: { IsHome: { "Fn::Equals": [{ Ref: "AWS::Region" }, { Ref: "Home" }] } },
  Resources: {
    Rule: {
      Type: "AWS::Events::Rule",
      DependsOn: ["Role", "DeadLettersPolicy"],
      Properties: {
        Name: "forward",
        EventPattern: { source: [{ Ref: "Source" }] },
        Targets: [
          {
            Id: "bus",
            Arn: "arn:aws:events:eu-west-1:222222222222:event-bus/tocsin",
            RoleArn: { "Fn::Sub": `arn:${variable("AWS::Partition")}:iam::${variable("AWS::AccountId")}:role/forward` },
            DeadLetterConfig: { Arn: { "Fn::GetAtt": ["DeadLetters", "Arn"] } },
            RetryPolicy: { MaximumRetryAttempts: 3 },
          },
        ],
      },
    },
    DeadLettersPolicy: {
      Type: "AWS::SQS::QueuePolicy",
      Properties: { Queues: [{ Ref: "DeadLetters" }], PolicyDocument: { Version: "2012-10-17", Statement: [] } },
    },
    DeadLetters: {
      Type: "AWS::SQS::Queue",
      Properties: { QueueName: "dead", SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 },
    },
    Role: {
      Type: "AWS::IAM::Role",
      Condition: "IsHome",
      Properties: {
        RoleName: "forward",
        AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: [] },
        Policies: [{ PolicyName: "own", PolicyDocument: { Version: "2012-10-17", Statement: [] } }],
      },
    },
    Sign: {
      Type: "AWS::Scheduler::Schedule",
      Properties: {
        Name: "sign",
        ScheduleExpression: "rate(1 day)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: {
          Arn: { "Fn::Join": [":", ["arn:aws:events", { Ref: "AWS::Region" }, { Ref: "AWS::AccountId" }, "event-bus/default"]] },
          RoleArn: { "Fn::If": ["IsHome", { "Fn::GetAtt": "Role.Arn" }, "elsewhere"] },
          EventBridgeParameters: { Source: "test", DetailType: "sign" },
          Input: { "Fn::If": ["IsHome", "{}", { Ref: "AWS::NoValue" }] },
        },
      },
    },
    Alarm: {
      Type: "AWS::CloudWatch::Alarm",
      Properties: {
        AlarmName: "dead-letters",
        Namespace: "AWS/SQS",
        MetricName: "ApproximateNumberOfMessagesVisible",
        Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": ["DeadLetters", "QueueName"] } }],
        ComparisonOperator: "GreaterThanThreshold",
        Threshold: 0,
        EvaluationPeriods: 1,
        Period: 60,
        Statistic: "Maximum",
      },
    },
  },
} as const;

/** Makes resources as the provisioner does, with just the ARNs that a template can ask for. */
export const create: Provisioner["create"] = async ({ type, name, inputs, provider }) => {
  const own = String(inputs.name ?? name);
  const [module = "", kind = ""] = type.split(/[:/]/).slice(1);
  return {
    id: own,
    outputs: {
      name: own,
      arn: `arn:aws:${module}:${provider?.region}:${provider?.account}:${kind}/${own}`,
      url: `http://queue/${provider?.region}/${provider?.account}/${own}`,
    },
  };
};

/** Resources by type and name. */
export const named = (resources: readonly GraphResource[], type: string, account: string, region: string): GraphResource | undefined =>
  resources.find((one) => one.type.startsWith(`${type}:`) && one.provider?.account === account && one.provider.region === region);
