import assert from "node:assert/strict";
import { START } from "../../../sandbox/runtime/clock";
import type { GraphResource, Place } from "../../../sandbox/types";
import {
  busArn,
  deploy,
  functionArn,
  HOME,
  lambda,
  MEMBER,
  machine,
  machineArn,
  queue,
  queueArn,
  queueUrl,
  resource,
  roleArn,
  rule,
  type TestStack,
  target,
} from "./support/stack";

const HOUR = 3_600_000;

const schedule = (name: string, values: Record<string, unknown>, on: Record<string, unknown> = {}): GraphResource =>
  resource("aws:scheduler/schedule", {
    name,
    arn: `arn:aws:scheduler:eu-west-1:222222222222:schedule/default/${name}`,
    target: { arn: functionArn("f"), roleArn: roleArn("scheduler"), ...on },
    ...values,
  });

const F = lambda("f", "exports.handler = async (event) => console.log(JSON.stringify([Date.now(), event.source ?? event.job]))");

describe("schedules", () => {
  let stack: TestStack;
  const fired = (): unknown[] => stack.heard.logs.map((line) => JSON.parse(line));

  afterEach(() => stack.close());

  it("fire in order while the clock advances, and not while it settles", async () => {
    stack = await deploy([
      F,
      schedule("tocsin-reminders", { scheduleExpression: "rate(1 hour)" }),
      schedule("tocsin-reconcile", { scheduleExpression: "cron(30 10 * * ? *)" }, { input: '{"job":"reconcile"}' }),
    ]);
    await stack.clock.advanceTo(START + HOUR - 60_000);
    await stack.runtime.settle();
    assert.deepEqual(fired(), []);
    await stack.runtime.advanceTo(START + 2.5 * HOUR);
    assert.deepEqual(fired(), [
      [START + HOUR, "aws.scheduler"],
      [START + 1.5 * HOUR, "reconcile"],
      [START + 2 * HOUR, "aws.scheduler"],
    ]);
  });

  it("run at once by their short names, and what they do has a timer as its cause", async () => {
    stack = await deploy([F, schedule("tocsin-reminders", { scheduleExpression: "rate(1 hour)" })]);
    const traces: string[] = [];
    stack.runtime.listen({ log: ({ trace }) => traces.push(trace) });
    assert.deepEqual(stack.runtime.schedules, ["reminders"]);
    await stack.runtime.runSchedule("reminders");
    await stack.runtime.settle();
    assert.deepEqual(fired(), [[START, "aws.scheduler"]]);
    assert.equal(stack.runtime.causeOf(traces[0]), "timer");
    await assert.rejects(stack.runtime.runSchedule("nothing"), /no schedule is called "nothing"; there are: reminders/);
  });

  it("start state machines", async () => {
    const done = machine("m", { StartAt: "Done", States: { Done: { Type: "Succeed" } } });
    stack = await deploy([done, schedule("s", { scheduleExpression: "rate(1 hour)" }, { arn: machineArn("m") })]);
    await stack.runtime.advanceTo(START + HOUR);
    assert.equal(stack.heard.executions.length, 1);
  });

  const sign = (place: Place, values: Record<string, unknown> = {}): GraphResource => {
    const role = roleArn("sender", place);
    const eventbridgeParameters = { source: "test.sign", detailType: "sign" };
    const made = resource(
      "aws:scheduler/schedule",
      {
        name: "tocsin-sign",
        arn: `arn:aws:scheduler:${place.region}:${place.account}:schedule/default/tocsin-sign`,
        scheduleExpression: "rate(1 day)",
        target: { arn: busArn("default", place), roleArn: role, eventbridgeParameters, input: '{"x":1}', ...values },
      },
      place,
    );
    return { ...made, urn: `${made.urn} ${place.account}` };
  };
  const SIGNS = [
    queue("intake"),
    ...[HOME, MEMBER].flatMap((place) => [
      rule("signs", { source: ["test.sign"] }, {}, place),
      target("signs", queueArn("intake"), {}, place),
    ]),
  ];
  const signs = async (): Promise<Record<string, unknown>[]> => {
    const input = { QueueUrl: queueUrl("intake"), MaxNumberOfMessages: 10 };
    const { body } = (await stack.cloud.ask({ ...HOME, service: "sqs", operation: "ReceiveMessage", principal: "", input })) as {
      body: { Messages?: { Body: string }[] };
    };
    return (body.Messages ?? []).map(({ Body }) => JSON.parse(Body));
  };

  it("put events on a bus of their account, with their role", async () => {
    stack = await deploy([...SIGNS, sign(MEMBER)]);
    await stack.runtime.advanceTo(START + 24 * HOUR);
    const [event, ...rest] = await signs();
    assert.deepEqual(rest, []);
    assert.partialDeepStrictEqual(event, { ...MEMBER, source: "test.sign", "detail-type": "sign", detail: { x: 1 } });
    assert.equal(event?.time, "2026-03-02T09:00:00Z");
  });

  it("put events by the API call itself as well", async () => {
    const Entries = [{ Source: "test.sign", DetailType: "sign", Detail: '{"time":"<aws.scheduler.scheduled-time>"}' }];
    stack = await deploy([
      ...SIGNS,
      sign(MEMBER, { arn: "arn:aws:scheduler:::aws-sdk:eventbridge:putEvents", input: JSON.stringify({ Entries }) }),
    ]);
    await stack.runtime.advanceTo(START + 24 * HOUR);
    assert.partialDeepStrictEqual(await signs(), [{ account: MEMBER.account, detail: { time: "2026-03-02T09:00:00Z" } }]);
  });

  it("of one short name run together, those that put events before those that may look at them", async () => {
    stack = await deploy([F, schedule("tocsin-sign", { scheduleExpression: "rate(1 day)" }), ...SIGNS, sign(MEMBER), sign(HOME)]);
    assert.deepEqual(stack.runtime.schedules, ["sign"]);
    const order: string[] = [];
    stack.runtime.listen({ matched: (_, name) => order.push(name), log: () => order.push("function") });
    await stack.runtime.runSchedule("sign");
    await stack.runtime.settle();
    assert.deepEqual(order, ["signs", "signs", "function"]);
  });

  it("that may not put their event lose it, or dead-letter it", async () => {
    stack = await deploy([...SIGNS, queue("dead"), sign(MEMBER, { deadLetterConfig: { arn: queueArn("dead") } })], (cloud) => {
      cloud.allows = ({ action }) => action !== "events:PutEvents";
    });
    await stack.runtime.runSchedule("sign");
    await stack.runtime.settle();
    assert.deepEqual(await signs(), []);
    assert.match(stack.heard.deadLetters[0]?.error ?? "", /not authorized to perform events:PutEvents/);
  });

  it("start nothing that the sandbox does not know", async () => {
    const unknown = schedule("s", { scheduleExpression: "rate(1 hour)" }, { arn: "arn:aws:kinesis:eu-west-1:222222222222:stream/s" });
    await assert.rejects(
      deploy([unknown]),
      /the sandbox's schedules start functions and state machines and put events, not arn:aws:kinesis/,
    );
  });

  it("go to their dead-letter queue when their role may not invoke the target", async () => {
    stack = await deploy(
      [F, queue("dead"), schedule("tocsin-x", { scheduleExpression: "rate(1 hour)" }, { deadLetterConfig: { arn: queueArn("dead") } })],
      (cloud) => {
        cloud.allows = ({ action }) => action !== "lambda:InvokeFunction";
      },
    );
    await stack.runtime.runSchedule("x");
    await stack.runtime.settle();
    assert.deepEqual(fired(), []);
    assert.match(stack.heard.deadLetters[0]?.error ?? "", /not authorized to perform lambda:InvokeFunction/);
    assert.deepEqual(
      stack.cloud.denied.map(({ principal }) => principal),
      [roleArn("scheduler")],
    );
  });

  it("that are disabled do not fire", async () => {
    stack = await deploy([F, schedule("tocsin-x", { scheduleExpression: "rate(1 hour)", state: "DISABLED" })]);
    await stack.runtime.advanceTo(START + 2 * HOUR);
    assert.deepEqual(fired(), []);
  });

  it("can be rules as well", async () => {
    const { outputs, ...hourly } = rule("tocsin-hourly", {}, { scheduleExpression: "rate(1 hour)" });
    const { eventPattern: _, ...values } = outputs;
    stack = await deploy([F, { ...hourly, outputs: values }, target("tocsin-hourly", functionArn("f"))]);
    await stack.runtime.advanceTo(START + HOUR);
    assert.deepEqual(fired(), [[START + HOUR, "aws.events"]]);
  });
});
