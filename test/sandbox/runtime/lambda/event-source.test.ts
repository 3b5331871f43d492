import assert from "node:assert/strict";
import { START } from "../../../../sandbox/runtime/clock";
import { deploy, functionArn, HOME, lambda, queue, queueArn, queueUrl, redrive, resource, roleArn, type TestStack } from "../support/stack";

const PARTIAL = { functionResponseTypes: ["ReportBatchItemFailures"] };

/** Logs time and bodies, and fails those that begin with "bad". */
const SOURCE = `exports.handler = async (event) => {
  console.log(JSON.stringify([Date.now(), ...event.Records.map((record) => record.body)]));
  return { batchItemFailures: event.Records.filter((record) => record.body.startsWith("bad")).map((record) => ({ itemIdentifier: record.messageId })) };
}`;

describe("a function that reads from a queue", () => {
  let stack: TestStack;

  const start = async (mapping: Record<string, unknown>, source = SOURCE): Promise<void> => {
    stack = await deploy([
      queue("q", { visibilityTimeoutSeconds: 60, ...redrive("dead", 3) }),
      queue("dead"),
      lambda("f", source),
      resource("aws:lambda/eventSourceMapping", { eventSourceArn: queueArn("q"), functionName: functionArn("f"), ...mapping }),
    ]);
  };
  const send = async (...bodies: string[]): Promise<void> => {
    for (const MessageBody of bodies) {
      const call = { ...HOME, service: "sqs", operation: "SendMessage", principal: roleArn("x") };
      await stack.cloud.ask({ ...call, input: { QueueUrl: queueUrl("q"), MessageBody } });
    }
  };
  const batches = (): unknown[] => stack.heard.logs.map((line) => JSON.parse(line));

  afterEach(() => stack.close());

  it("gets what lies there together, up to the batch size", async () => {
    await start({ batchSize: 3, ...PARTIAL });
    await send("1", "2", "3", "4");
    await stack.runtime.settle();
    // Two workers at the same time: whose log line is heard first is not decided.
    assert.deepEqual(batches().sort(), [
      [START, "1", "2", "3"],
      [START, "4"],
    ]);
    // Four sent, then each batch received and deleted.
    assert.equal(stack.runtime.counters.sqs, 8);
  });

  it("gets only those again that it reported as failed, after the visibility timeout, until they are dead letters", async () => {
    await start(PARTIAL);
    await send("good", "bad");
    await stack.runtime.settle();
    assert.deepEqual(batches(), [
      [START, "good", "bad"],
      [START + 60_000, "bad"],
      [START + 120_000, "bad"],
    ]);
    assert.partialDeepStrictEqual(stack.heard.deadLetters, [{ queue: "dead", body: "bad", error: "f reported it as failed 3 times" }]);
  });

  it("gets the whole batch again when its report makes no sense, or it throws", async () => {
    await start(
      PARTIAL,
      "exports.handler = async (event) => { console.log(event.Records.length); return { batchItemFailures: [{ itemIdentifier: 'unknown' }] } }",
    );
    await send("1", "2");
    await stack.runtime.settle();
    assert.deepEqual(stack.heard.logs, ["2", "2", "2"]);
    await stack.close();
    await start(PARTIAL, "exports.handler = async (event) => { throw new RangeError('all') }");
    await send("1", "2");
    await stack.runtime.settle();
    assert.deepEqual(
      stack.heard.deadLetters.map(({ error }) => error),
      ["RangeError: all", "RangeError: all"],
    );
  });

  it("without partial answers takes any result for success", async () => {
    await start({});
    await send("bad");
    await stack.runtime.settle();
    assert.equal(batches().length, 1);
    assert.deepEqual(stack.heard.deadLetters, []);
  });

  it("gathers within its batching window what comes at one moment, and takes no time for it", async () => {
    await start({ batchSize: 3, maximumBatchingWindowInSeconds: 5, ...PARTIAL });
    await send("1", "2");
    await stack.runtime.settle();
    await send("3", "4", "5");
    await stack.runtime.settle();
    assert.deepEqual(batches(), [
      [START, "1", "2"],
      [START, "3", "4", "5"],
    ]);
  });

  it("gives each batch to an environment of its own, also when two batches look for a free one at the same moment", async () => {
    await start({ batchSize: 1, ...PARTIAL });
    for (let round = 0; round < 5; round++) {
      await send("a", "b", "c", "d");
      await stack.runtime.settle();
    }
    assert.equal(batches().length, 20);
    assert.equal(stack.runtime.now(), START, "a batch that got lost comes back when its visibility timeout is over");
  });

  it("does not get anything when its role may not receive", async () => {
    stack = await deploy(
      [
        queue("q"),
        lambda("f", SOURCE),
        resource("aws:lambda/eventSourceMapping", { eventSourceArn: queueArn("q"), functionName: functionArn("f") }),
      ],
      (cloud) => {
        cloud.allows = ({ action }) => action !== "sqs:DeleteMessage";
      },
    );
    await send("1");
    await stack.runtime.settle();
    assert.deepEqual(batches(), []);
    assert.deepEqual(stack.cloud.denied, [{ principal: roleArn("f"), action: "sqs:DeleteMessage", resource: queueArn("q") }]);
  });
});
