import assert from "node:assert/strict";
import { TemplateError } from "../../../sandbox/stack-sets/intrinsics";
import { deployStack } from "../../../sandbox/stack-sets/stack";
import { parseTemplate } from "../../../sandbox/stack-sets/template";
import type { GraphResource } from "../../../sandbox/types";
import { create, named, TEMPLATE, variable } from "./support";

const MEMBER = "333333333333";

async function deploy(
  template: object,
  region = "eu-west-1",
  parameters: Record<string, string> = { Source: "test" },
): Promise<GraphResource[]> {
  const made: GraphResource[] = [];
  const stack = { id: "stack-id", name: "stack", account: MEMBER, region, template: parseTemplate(JSON.stringify(template)), parameters };
  await deployStack(stack, create, made);
  return made;
}

/** The inputs that a resource with one property gets. */
async function evaluated(value: unknown, more: object = {}): Promise<unknown> {
  const [queue] = await deploy({ Resources: { Q: { Type: "AWS::SQS::Queue", Properties: { QueueName: value } } }, ...more });
  return queue?.inputs.name;
}

const onlyQueue = (more: object): object => ({ Resources: { Q: { Type: "AWS::SQS::Queue", ...more } } });

describe("a stack from a template", () => {
  it("has the resources that the program would declare, in its account and Region, each after those that it names", async () => {
    const made = await deploy(TEMPLATE);
    assert.deepEqual(
      made.map(({ type, name }) => [type.split(":")[1], name]),
      [
        ["sqs/queue", "DeadLetters"],
        ["iam/role", "Role"],
        ["iam/rolePolicy", "Role-own"],
        ["sqs/queuePolicy", "DeadLettersPolicy"],
        ["cloudwatch/eventRule", "Rule"],
        ["cloudwatch/eventTarget", "Rule-bus"],
        ["scheduler/schedule", "Sign"],
        ["cloudwatch/metricAlarm", "Alarm"],
      ],
    );
    assert.ok(made.every(({ provider }) => provider?.account === MEMBER && provider.region === "eu-west-1"));
    const at = (type: string) => named(made, type, MEMBER, "eu-west-1")?.inputs;
    assert.deepEqual(at("aws:cloudwatch/eventRule"), { name: "forward", eventPattern: '{"source":["test"]}' });
    assert.deepEqual(at("aws:cloudwatch/eventTarget"), {
      rule: "forward",
      targetId: "bus",
      arn: "arn:aws:events:eu-west-1:222222222222:event-bus/tocsin",
      roleArn: `arn:aws:iam::${MEMBER}:role/forward`,
      deadLetterConfig: { arn: `arn:aws:sqs:eu-west-1:${MEMBER}:queue/dead` },
      retryPolicy: { maximumRetryAttempts: 3 },
    });
    assert.equal(at("aws:sqs/queuePolicy")?.queueUrl, `http://queue/eu-west-1/${MEMBER}/dead`);
    assert.deepEqual(at("aws:cloudwatch/metricAlarm")?.dimensions, { QueueName: "dead" });
    assert.deepEqual(at("aws:scheduler/schedule")?.target, {
      arn: `arn:aws:events:eu-west-1:${MEMBER}:event-bus/default`,
      roleArn: `arn:aws:iam:eu-west-1:${MEMBER}:role/forward`,
      eventbridgeParameters: { source: "test", detailType: "sign" },
      input: "{}",
    });
  });

  it("lacks what its conditions leave out", async () => {
    const made = await deploy(TEMPLATE, "us-east-1");
    assert.equal(named(made, "aws:iam/role", MEMBER, "us-east-1"), undefined);
    const target = named(made, "aws:scheduler/schedule", MEMBER, "us-east-1")?.inputs.target;
    assert.partialDeepStrictEqual(target, { roleArn: "elsewhere" });
    assert.ok(!("input" in (target as object)), "AWS::NoValue leaves the property out");
  });

  it("substitutes variables of its own, literals and attributes", async () => {
    const text = [variable("a"), variable("!b"), variable("AWS::StackName")].join("-");
    assert.equal(await evaluated({ "Fn::Sub": [text, { a: { Ref: "AWS::URLSuffix" } }] }), `amazonaws.com-${variable("b")}-stack`);
  });

  it("decides by And, Or, Not and other conditions", async () => {
    const Conditions = {
      Yes: { "Fn::Equals": ["a", "a"] },
      No: { "Fn::Not": [{ Condition: "Yes" }] },
      All: { "Fn::And": [{ Condition: "Yes" }, { Condition: "No" }] },
      Any: { "Fn::Or": [{ Condition: "Yes" }, { Condition: "No" }] },
    };
    assert.equal(await evaluated({ "Fn::If": ["All", "all", { "Fn::If": ["Any", "any", "none"] }] }, { Conditions }), "any");
  });

  const refused: [what: string, template: object, why: RegExp][] = [
    ["a function", onlyQueue({ Properties: { QueueName: { "Fn::Select": [0, ["a"]] } } }), /does not know Fn::Select/],
    ["a section", { ...TEMPLATE, Mappings: {} }, /does not know Mappings in the template/],
    ["a transform", { ...TEMPLATE, Transform: "AWS::Serverless-2016-10-31" }, /does not know Transform/],
    ["a type", { Resources: { B: { Type: "AWS::S3::Bucket" } } }, /B: the sandbox does not know AWS::S3::Bucket/],
    ["a property", onlyQueue({ Properties: { FifoQueue: true } }), /the property FifoQueue of AWS::SQS::Queue/],
    ["an attribute of a resource", onlyQueue({ UpdatePolicy: {} }), /does not know UpdatePolicy in Q/],
    ["a reference to nothing", onlyQueue({ Properties: { QueueName: { Ref: "X" } } }), /there is no parameter or resource X/],
    [
      "an attribute to refer to",
      {
        Resources: {
          Q: { Type: "AWS::SQS::Queue", Properties: { QueueName: { "Fn::GetAtt": ["R", "Url"] } } },
          R: { Type: "AWS::SQS::Queue" },
        },
      },
      /the attribute Url of AWS::SQS::Queue/,
    ],
    [
      "a circle",
      { Resources: { A: { Type: "AWS::SQS::Queue", DependsOn: "B" }, B: { Type: "AWS::SQS::Queue", DependsOn: ["A"] } } },
      /circular dependency between A, B/,
    ],
    [
      "a reference to what does not exist there",
      {
        Conditions: { Never: { "Fn::Equals": ["a", "b"] } },
        Resources: {
          A: { Type: "AWS::SQS::Queue", Condition: "Never" },
          B: { Type: "AWS::SQS::Queue", Properties: { QueueName: { Ref: "A" } } },
        },
      },
      /A does not exist in 333333333333 eu-west-1, but is referred to/,
    ],
    [
      "a parameter without a value",
      { ...TEMPLATE, Parameters: { Home: { Default: "x" }, Source: {} } },
      /the parameter Source has no value/,
    ],
    ["too long a template", { Resources: {}, Description: "x".repeat(51_200) }, /the template has 512\d\d bytes/],
  ];
  for (const [what, template, why] of refused) {
    it(`is refused aloud for ${what}`, () =>
      assert.rejects(
        async () => deploy(template, "eu-west-1", {}),
        (error: Error) => error instanceof TemplateError && why.test(error.message),
      ));
  }
});
