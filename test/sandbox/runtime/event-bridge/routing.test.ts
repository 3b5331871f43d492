import assert from "node:assert/strict";
import type { GraphResource, Place } from "../../../../sandbox/types";
import { busArn, deploy, HOME, MEMBER, queue, queueArn, queueUrl, resource, roleArn, rule, type TestStack, target } from "../support/stack";

const ELSEWHERE: Place = { account: HOME.account, region: "us-east-1" };

const CENTRAL = resource("aws:cloudwatch/eventBus", { name: "tocsin", arn: busArn("tocsin") });
const INTAKE = [
  queue("intake"),
  resource("aws:sqs/queuePolicy", {
    queueUrl: queueUrl("intake"),
    policy: JSON.stringify({ Version: "2012-10-17", Statement: ["intake"] }),
  }),
];

const all = (source: string): GraphResource[] => [rule("all", { source: [source] }), target("all", queueArn("intake"))];

describe("events on buses", () => {
  let stack: TestStack | undefined;
  const run = async (resources: readonly GraphResource[], prepare?: Parameters<typeof deploy>[1]): Promise<TestStack> => {
    stack = await deploy(resources, prepare);
    return stack;
  };
  const messages = async (name: string): Promise<Record<string, unknown>[]> => {
    assert.ok(stack);
    await stack.runtime.settle();
    const principal = roleArn("reader");
    const { body } = (await stack.cloud.ask({
      ...HOME,
      service: "sqs",
      operation: "ReceiveMessage",
      principal,
      input: { QueueUrl: queueUrl(name), MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] },
    })) as {
      body: { Messages?: { Body: string; MessageAttributes?: Record<string, { StringValue: string }> }[] };
    };
    return (body.Messages ?? []).map(({ Body, MessageAttributes }) => ({ ...JSON.parse(Body), MessageAttributes }));
  };

  afterEach(async () => {
    await stack?.close();
    stack = undefined;
  });

  it("are stamped with id, time, account and Region, and reach the targets of the rules that match", async () => {
    const { runtime, heard } = await run([
      ...INTAKE,
      ...all("aws.test"),
      rule("none", { source: ["other"] }),
      target("none", queueArn("intake")),
    ]);
    const id = runtime.serviceEvent(HOME, { source: "aws.test", "detail-type": "Test", account: "999999999999", detail: { x: 1 } });
    const [event, ...rest] = await messages("intake");
    assert.deepEqual(rest, []);
    assert.equal(event?.id, id);
    assert.equal(event?.account, HOME.account);
    assert.equal(event?.region, HOME.region);
    assert.equal(event?.time, "2026-03-01T09:00:00Z");
    assert.deepEqual(heard.matched, [`${id} all`]);
  });

  it("of a disabled rule go nowhere", async () => {
    const { runtime } = await run([
      ...INTAKE,
      rule("all", { source: ["aws.test"] }, { state: "DISABLED" }),
      target("all", queueArn("intake")),
    ]);
    runtime.serviceEvent(HOME, { source: "aws.test" });
    assert.deepEqual(await messages("intake"), []);
  });

  it("of GuardDuty and Inspector in a member are also told to the administrator in the same Region, under an id of their own that leads back to the entry", async () => {
    for (const source of ["aws.guardduty", "aws.inspector2"]) {
      const { runtime, heard } = await run([...INTAKE, ...all(source)]);
      const id = runtime.serviceEvent(MEMBER, { source, detail: {} });
      const [event] = await messages("intake");
      assert.equal(event?.account, HOME.account);
      assert.notEqual(event?.id, id);
      assert.equal(runtime.entryOf(String(event?.id)), id);
      assert.deepEqual(heard.matched, [`${id} all`]);
      runtime.serviceEvent({ ...MEMBER, region: "us-east-1" }, { source, detail: {} });
      assert.deepEqual(await messages("intake"), []);
      await stack?.close();
    }
    stack = undefined;
  });

  it("of Security Hub anywhere are also told to the administrator in the home Region, once", async () => {
    const { runtime } = await run([...INTAKE, ...all("aws.securityhub")]);
    runtime.serviceEvent({ ...MEMBER, region: "us-east-1" }, { source: "aws.securityhub", detail: {} });
    assert.equal((await messages("intake")).length, 1);
    runtime.securityHubEvent({ Id: "f", AwsAccountId: HOME.account, Region: HOME.region });
    const [event, ...rest] = await messages("intake");
    assert.deepEqual(rest, []);
    assert.deepEqual(event?.resources, ["f"]);
    assert.equal(event?.["detail-type"], "Security Hub Findings - Imported");
  });

  it("go from bus to bus as they are, by a role and a bus policy that allow it", async () => {
    const { runtime, cloud } = await run([
      ...INTAKE,
      CENTRAL,
      resource("aws:cloudwatch/eventBusPolicy", { eventBusName: "tocsin", policy: '{"Statement":["bus"]}' }),
      rule("forward", { source: ["aws.test"] }, {}, MEMBER),
      target("forward", busArn("tocsin"), { roleArn: roleArn("forward", MEMBER) }, MEMBER),
      rule("take", { account: [MEMBER.account] }, { eventBusName: "tocsin" }),
      target("take", queueArn("intake"), { eventBusName: "tocsin" }),
    ]);
    const asked: unknown[] = [];
    cloud.allows = (request) => asked.push(request) > 0;
    const id = runtime.serviceEvent(MEMBER, { source: "aws.test", time: "2026-02-01T00:00:00Z", detail: {} });
    const [event] = await messages("intake");
    assert.deepEqual([event?.id, event?.account, event?.time], [id, MEMBER.account, "2026-02-01T00:00:00Z"]);
    assert.partialDeepStrictEqual(asked, [
      {
        principal: roleArn("forward", MEMBER),
        action: "events:PutEvents",
        resource: busArn("tocsin"),
        resourcePolicy: { Statement: ["bus"] },
      },
      {
        principal: "events.amazonaws.com",
        action: "sqs:SendMessage",
        resource: queueArn("intake"),
        resourcePolicy: { Statement: ["intake"] },
        context: { "aws:SourceArn": `arn:aws:events:eu-west-1:${HOME.account}:rule/tocsin/take` },
      },
    ]);
    assert.equal(runtime.counters.bus, 1);
  });

  it("make one hop only", async () => {
    const { runtime, heard } = await run([
      ...INTAKE,
      CENTRAL,
      rule("first", { source: ["aws.test"] }, {}, ELSEWHERE),
      target("first", busArn("default"), { roleArn: roleArn("x") }, ELSEWHERE),
      rule("second", { source: ["aws.test"] }),
      target("second", busArn("tocsin"), { roleArn: roleArn("x") }),
      rule("third", { source: ["aws.test"] }, { eventBusName: "tocsin" }),
      target("third", queueArn("intake"), { eventBusName: "tocsin" }),
    ]);
    const id = runtime.serviceEvent(ELSEWHERE, { source: "aws.test" });
    assert.deepEqual(await messages("intake"), []);
    assert.deepEqual(heard.matched, [`${id} first`, `${id} second`]);
  });

  it("that a target refuses go to its dead-letter queue at once, with the reason", async () => {
    const { runtime, heard, cloud } = await run([
      ...INTAKE,
      queue("dead"),
      rule("all", { source: ["aws.test"] }),
      target("all", queueArn("intake"), { deadLetterConfig: { arn: queueArn("dead") } }),
    ]);
    cloud.allows = ({ resource: asked }) => asked !== queueArn("intake");
    const id = runtime.serviceEvent(HOME, { source: "aws.test" });
    const [letter] = await messages("dead");
    assert.equal(letter?.id, id);
    assert.partialDeepStrictEqual(letter?.MessageAttributes, {
      ERROR_CODE: { StringValue: "NO_PERMISSIONS" },
      TARGET_ARN: { StringValue: queueArn("intake") },
      RULE_ARN: { StringValue: `arn:aws:events:eu-west-1:${HOME.account}:rule/all` },
    });
    assert.partialDeepStrictEqual(heard.deadLetters, [{ queue: "dead", eventIds: [id] }]);
    assert.match(heard.deadLetters[0]?.error ?? "", /not authorized to perform sqs:SendMessage/);
    assert.deepEqual(cloud.denied, [{ principal: "events.amazonaws.com", action: "sqs:SendMessage", resource: queueArn("intake") }]);
  });

  it("put by a principal may not claim to be an AWS service's, and need the bus's consent", async () => {
    const { runtime, cloud, heard } = await run([...INTAKE, CENTRAL, ...all("mine")]);
    const [id, ...more] = await runtime.putEvents(HOME, "default", [
      { Source: "mine", DetailType: "x", Detail: "{}" },
      { Source: "aws.guardduty", DetailType: "x", Detail: "{}" },
    ]);
    assert.deepEqual(more, []);
    assert.deepEqual(heard.matched, [`${id} all`]);
    const principal = `arn:aws:iam::${HOME.account}:root`;
    assert.deepEqual(cloud.denied, [{ principal, action: "events:PutEvents", resource: busArn("default") }]);
    cloud.allows = ({ resource: asked }) => asked !== busArn("tocsin");
    assert.deepEqual(await runtime.putEvents(MEMBER, "central", [{ Source: "mine", DetailType: "x", Detail: "{}" }]), []);
    assert.equal(cloud.denied.at(-1)?.resource, busArn("tocsin"));
  });

  it("with a pattern that is too long are no deployment", async () => {
    const long = { source: Array.from({ length: 300 }, (_, index) => `source-${index}`) };
    await assert.rejects(deploy([rule("long", long)]), /eventRule::long: Event pattern is not valid.*2048 are allowed/);
  });

  it("come with rules that are added later", async () => {
    const { runtime, heard } = await run([...INTAKE, ...all("aws.test")]);
    await runtime.deploy([rule("more", { source: ["aws.test"] }), target("more", queueArn("intake"))]);
    const id = runtime.serviceEvent(HOME, { source: "aws.test" });
    assert.equal((await messages("intake")).length, 2);
    assert.deepEqual(heard.matched, [`${id} all`, `${id} more`]);
  });

  it("do not pass a rule that somebody switched off or took the targets of", async () => {
    const { runtime, cloud } = await run([...INTAKE, ...all("aws.test")]);
    const ask = (operation: string, input: Record<string, unknown>) =>
      cloud.ask({ ...HOME, service: "events", operation, principal: "", input }) as Promise<{ body: unknown } | undefined>;
    assert.partialDeepStrictEqual(await ask("DescribeRule", { Name: "all" }), {
      body: { State: "ENABLED", EventPattern: '{"source":["aws.test"]}' },
    });
    await ask("DisableRule", { Name: "all" });
    runtime.serviceEvent(HOME, { source: "aws.test" });
    assert.deepEqual(await messages("intake"), []);
    await ask("EnableRule", { Name: "all" });
    runtime.serviceEvent(HOME, { source: "aws.test" });
    assert.equal((await messages("intake")).length, 1);
    await assert.rejects(ask("DeleteRule", { Name: "all" }), { code: "ValidationException" });
    assert.partialDeepStrictEqual(await ask("ListTargetsByRule", { Rule: "all" }), {
      body: { Targets: [{ Id: "all-target", Arn: queueArn("intake") }] },
    });
    await ask("RemoveTargets", { Rule: "all", Ids: ["all-target"] });
    runtime.serviceEvent(HOME, { source: "aws.test" });
    assert.deepEqual(await messages("intake"), []);
    await ask("DeleteRule", { Name: "all" });
    assert.partialDeepStrictEqual(await ask("ListRules", {}), { body: { Rules: [] } });
    assert.equal(await ask("DisableRule", { Name: "unknown" }), undefined, "rules that are not recorded are the emulator's");
  });
});
