import assert from "node:assert/strict";
import { Iam } from "../../../sandbox/cloud/iam";
import { Organization } from "../../../sandbox/cloud/organizations";
import { createProvisioner } from "../../../sandbox/cloud/provision";

function provisioner() {
  const calls: [service: string, operation: string, input: Readonly<Record<string, unknown>>, place: string][] = [];
  const said: string[] = [];
  const iam = new Iam(() => {});
  const { create, invoke } = createProvisioner({
    endpoint: "http://127.0.0.1:1",
    call: async ({ account, region }, service, operation, input) => {
      calls.push([service, operation, input, `${account} ${region}`]);
      return {};
    },
    iam,
    organization: new Organization(() => 0),
    progress: (text) => said.push(text),
  });
  const provider = { account: "222222222222", region: "eu-west-1" };
  return {
    calls,
    said,
    iam,
    invoke: (token: string, parameters: Record<string, unknown> = {}) => invoke(token, parameters, provider),
    create: (type: string, name: string, inputs: Record<string, unknown> = {}) =>
      create({ urn: `urn:pulumi:s::p::${type}::${name}`, type, name, inputs, provider }),
  };
}

describe("the provisioner", () => {
  it("names what has no name, the same in each run", async () => {
    const first = await provisioner().create("aws:sqs/queue:Queue", "intake");
    const second = await provisioner().create("aws:sqs/queue:Queue", "intake");
    assert.match(String(first.outputs.name), /^intake-[0-9a-f]{7}$/);
    assert.deepEqual(first, second);
    const fifo = await provisioner().create("aws:sqs/queue:Queue", "intake", { fifoQueue: true });
    assert.match(String(fifo.outputs.name), /\.fifo$/);
  });

  const computed: [type: string, inputs: Record<string, unknown>, id: string, outputs: Record<string, unknown>][] = [
    [
      "aws:sqs/queue:Queue",
      { name: "q" },
      "http://127.0.0.1:1/queue/eu-west-1/222222222222/q",
      { arn: "arn:aws:sqs:eu-west-1:222222222222:q", url: "http://127.0.0.1:1/queue/eu-west-1/222222222222/q" },
    ],
    ["aws:lambda/function:Function", { name: "f" }, "f", { arn: "arn:aws:lambda:eu-west-1:222222222222:function:f" }],
    [
      "aws:cloudwatch/eventRule:EventRule",
      { name: "r" },
      "r",
      { arn: "arn:aws:events:eu-west-1:222222222222:rule/r", eventBusName: "default" },
    ],
    [
      "aws:cloudwatch/eventRule:EventRule",
      { name: "r", eventBusName: "tocsin" },
      "tocsin/r",
      { arn: "arn:aws:events:eu-west-1:222222222222:rule/tocsin/r" },
    ],
    [
      "aws:sfn/stateMachine:StateMachine",
      { name: "m" },
      "arn:aws:states:eu-west-1:222222222222:stateMachine:m",
      { arn: "arn:aws:states:eu-west-1:222222222222:stateMachine:m" },
    ],
    [
      "aws:cloudwatch/logGroup:LogGroup",
      { name: "/aws/lambda/f" },
      "/aws/lambda/f",
      { arn: "arn:aws:logs:eu-west-1:222222222222:log-group:/aws/lambda/f" },
    ],
    [
      "aws:scheduler/schedule:Schedule",
      { name: "s", groupName: "g" },
      "g/s",
      { arn: "arn:aws:scheduler:eu-west-1:222222222222:schedule/g/s" },
    ],
    [
      "aws:cloudwatch/eventBus:EventBus",
      { name: "b", region: "us-east-1" },
      "b",
      { arn: "arn:aws:events:us-east-1:222222222222:event-bus/b" },
    ],
  ];
  for (const [type, inputs, id, outputs] of computed)
    it(`computes ${type} in ${String(inputs.region ?? "the provider's Region")} as ${id}`, async () => {
      const made = await provisioner().create(type, "x", inputs);
      assert.equal(made.id, id);
      for (const [name, value] of Object.entries(outputs)) assert.equal(made.outputs[name], value);
    });

  it("makes a table with its index, expiry, recovery and encryption", async () => {
    const { create, calls } = provisioner();
    await create("aws:dynamodb/table:Table", "t", {
      name: "t",
      attributes: [{ name: "pk", type: "S" }],
      hashKey: "pk",
      billingMode: "PAY_PER_REQUEST",
      globalSecondaryIndexes: [
        {
          name: "due",
          keySchemas: [
            { attributeName: "shard", keyType: "HASH" },
            { attributeName: "due", keyType: "RANGE" },
          ],
          projectionType: "KEYS_ONLY",
        },
      ],
      ttl: { attributeName: "expires", enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
    });
    assert.deepEqual(
      calls.map(([, operation]) => operation),
      ["CreateTable", "UpdateContinuousBackups", "UpdateTimeToLive"],
    );
    assert.deepEqual(calls[0]?.[2].GlobalSecondaryIndexes, [
      {
        IndexName: "due",
        KeySchema: [
          { AttributeName: "shard", KeyType: "HASH" },
          { AttributeName: "due", KeyType: "RANGE" },
        ],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ]);
  });

  it("never lets the emulator post to a web address", async () => {
    const { create, calls } = provisioner();
    await create("aws:sns/topicSubscription:TopicSubscription", "s", {
      topic: "arn:t",
      protocol: "https",
      endpoint: "https://example.com",
    });
    assert.deepEqual(calls, []);
  });

  it("tells IAM what roles are granted, inline and attached", async () => {
    const { create, iam } = provisioner();
    const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    const policy = (Action: string) => JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
    const { id } = await create("aws:iam/role:Role", "r", {
      assumeRolePolicy: trust,
      inlinePolicies: [{ name: "i", policy: policy("sqs:SendMessage") }],
    });
    await create("aws:iam/rolePolicy:RolePolicy", "p", { role: id, policy: policy("dynamodb:GetItem") });
    await create("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "a", {
      role: id,
      policyArn: "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess",
    });
    const actions = iam.unusedPermissions().map(({ action }) => action);
    for (const action of ["sqs:SendMessage", "dynamodb:GetItem", "xray:PutTraceSegments"]) assert.ok(actions.includes(action), action);
  });

  it("says what it does not emulate", async () => {
    const { create, said } = provisioner();
    assert.equal(
      (await create("aws:chatbot/thing:Thing", "x", { name: "n" })).outputs.arn,
      "arn:aws:chatbot:eu-west-1:222222222222:thing/n",
    );
    assert.deepEqual(said, ["not emulated: aws:chatbot/thing:Thing"]);
  });

  it("answers who, where and which Organization", async () => {
    const { invoke } = provisioner();
    assert.equal((await invoke("aws:index/getCallerIdentity:getCallerIdentity")).accountId, "222222222222");
    assert.equal((await invoke("aws:index/getRegion:getRegion")).region, "eu-west-1");
    const { accounts } = await invoke("aws:organizations/getOrganization:getOrganization");
    assert.equal((accounts as { id: string; name: string }[]).find(({ name }) => name === "payments")?.id, "333333333333");
    await assert.rejects(invoke("aws:x/y:z"), /does not emulate the provider function aws:x\/y:z/);
  });

  it("makes policy documents", async () => {
    const { json } = await provisioner().invoke("aws:iam/getPolicyDocument:getPolicyDocument", {
      statements: [
        {
          actions: ["sqs:SendMessage"],
          resources: ["a", "b"],
          principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
          conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: ["r"] }],
        },
      ],
    });
    assert.deepEqual(JSON.parse(String(json)).Statement, [
      {
        Effect: "Allow",
        Action: "sqs:SendMessage",
        Resource: ["a", "b"],
        Principal: { Service: "events.amazonaws.com" },
        Condition: { ArnEquals: { "aws:SourceArn": "r" } },
      },
    ]);
  });
});
