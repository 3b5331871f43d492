import assert from "node:assert/strict";
import { START } from "../../../sandbox/runtime/clock";
import type { GraphResource } from "../../../sandbox/types";
import { deploy, functionArn, HOME, lambda, queue, queueUrl, resource, type TestStack } from "./support/stack";

const MINUTE = 60_000;

const alarm = (name: string, values: Record<string, unknown>): GraphResource =>
  resource("aws:cloudwatch/metricAlarm", {
    name,
    statistic: "Sum",
    period: 60,
    evaluationPeriods: 1,
    threshold: 0,
    comparisonOperator: "GreaterThanThreshold",
    ...values,
  });

describe("alarms", () => {
  let stack: TestStack;
  const send = (name: string) =>
    stack.cloud.ask({
      ...HOME,
      service: "sqs",
      operation: "SendMessage",
      principal: "x",
      input: { QueueUrl: queueUrl(name), MessageBody: "x" },
    });
  const invoke = async (event: unknown): Promise<void> => {
    const input = { FunctionName: functionArn("f"), Payload: JSON.stringify(event) };
    await Promise.all([
      stack.cloud.ask({ ...HOME, service: "lambda", operation: "Invoke", principal: "x", input }),
      stack.runtime.settle(),
    ]);
  };

  afterEach(() => stack.close());

  it("ring while messages lie in a queue, and by the age of the oldest", async () => {
    const dimensions = { QueueName: "dead" };
    stack = await deploy([
      queue("dead"),
      alarm("lies", { namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible", dimensions, statistic: "Maximum" }),
      alarm("old", {
        namespace: "AWS/SQS",
        metricName: "ApproximateAgeOfOldestMessage",
        dimensions,
        statistic: "Maximum",
        threshold: 3600,
      }),
    ]);
    assert.deepEqual(stack.runtime.alarms(), []);
    await send("dead");
    await stack.runtime.advanceTo(START + 10 * MINUTE);
    assert.deepEqual(stack.runtime.alarms(), ["lies"]);
    await stack.runtime.advanceTo(START + 61 * MINUTE);
    assert.deepEqual(stack.runtime.alarms(), ["lies", "old"]);
    await stack.cloud.ask({ ...HOME, service: "sqs", operation: "PurgeQueue", principal: "x", input: { QueueUrl: queueUrl("dead") } });
    await stack.runtime.advanceTo(START + 63 * MINUTE);
    assert.deepEqual(stack.runtime.alarms(), []);
  });

  it("ring for errors of a function, for as long as their period", async () => {
    const values = {
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: "f" },
      period: 300,
      treatMissingData: "notBreaching",
    };
    stack = await deploy([
      lambda("f", "exports.handler = async ({ fail }) => { if (fail) throw new Error('x') }"),
      alarm("errors", values),
    ]);
    await invoke({});
    assert.deepEqual(stack.runtime.alarms(), []);
    await invoke({ fail: true });
    assert.deepEqual(stack.runtime.alarms(), ["errors"]);
    await stack.runtime.advanceTo(START + 6 * MINUTE);
    assert.deepEqual(stack.runtime.alarms(), []);
  });

  it("hear of metrics that functions log", async () => {
    const entry = {
      _aws: { CloudWatchMetrics: [{ Namespace: "Tocsin", Dimensions: [["channel"]], Metrics: [{ Name: "Lost" }] }] },
      channel: "mail",
    };
    stack = await deploy([
      lambda("f", `exports.handler = async ({ lost }) => console.log(JSON.stringify({ ...${JSON.stringify(entry)}, Lost: lost }))`),
      alarm("lost", {
        namespace: "Tocsin",
        metricName: "Lost",
        dimensions: { channel: "mail" },
        threshold: 2,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
      }),
    ]);
    await invoke({ lost: 1 });
    assert.deepEqual(stack.runtime.alarms(), []);
    await invoke({ lost: 1 });
    assert.deepEqual(stack.runtime.alarms(), ["lost"]);
  });

  it("treat missing data as they say", async () => {
    const values = { namespace: "Tocsin", metricName: "Heartbeat", threshold: 1, comparisonOperator: "LessThanThreshold" };
    stack = await deploy([
      alarm("breaching", { ...values, treatMissingData: "breaching" }),
      alarm("notBreaching", { ...values, treatMissingData: "notBreaching" }),
      alarm("missing", values),
      alarm("ignore", { ...values, treatMissingData: "ignore" }),
    ]);
    assert.deepEqual(stack.runtime.alarms(), ["breaching"]);
  });

  it("need as many breaching periods as they say", async () => {
    const values = {
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: "f" },
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    };
    stack = await deploy([
      lambda("f", "exports.handler = async () => { throw new Error('x') }"),
      alarm("two of three", { ...values, treatMissingData: "notBreaching" }),
    ]);
    await invoke({});
    assert.deepEqual(stack.runtime.alarms(), []);
    await stack.runtime.advanceTo(START + 2 * MINUTE);
    await invoke({});
    assert.deepEqual(stack.runtime.alarms(), ["two of three"]);
  });

  it("that the sandbox cannot evaluate are named, with the reason", async () => {
    stack = await deploy([
      alarm("bounces", { namespace: "AWS/SES", metricName: "Reputation.BounceRate" }),
      alarm("math", { metricQueries: [{ id: "a" }] }),
    ]);
    assert.deepEqual(stack.runtime.unknownAlarms, [
      { name: "bounces", reason: "the sandbox does not measure AWS/SES Reputation.BounceRate" },
      { name: "math", reason: "it is made of metric expressions (metricQueries)" },
    ]);
  });
});
