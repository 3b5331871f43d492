import assert from "node:assert/strict";
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { START } from "../../../../sandbox/runtime/clock";
import { deploy, HOME, queue, queueArn, queueUrl, redrive, roleArn, type TestStack } from "../support/stack";

const QueueUrl = queueUrl("q");

describe("a queue", () => {
  let stack: TestStack;
  let sqs: SQSClient;

  before(async () => {
    stack = await deploy([
      queue("q", { visibilityTimeoutSeconds: 60, ...redrive("dead", 2) }),
      queue("dead"),
      queue("slow", { delaySeconds: 120 }),
      queue("small", { maxMessageSize: 2048 }),
    ]);
    const credentials = await stack.cloud.credentialsFor(roleArn("client"));
    sqs = new SQSClient({ endpoint: stack.cloud.endpoint, region: HOME.region, credentials, useQueueUrlAsEndpoint: false, maxAttempts: 1 });
  });
  after(async () => {
    sqs.destroy();
    await stack.close();
  });
  beforeEach(async () => {
    for (const name of ["q", "dead", "slow"]) {
      await sqs.send(new PurgeQueueCommand({ QueueUrl: queueUrl(name) }));
    }
  });

  const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const receive = async (more: Partial<ReceiveMessageCommandInput> = {}) =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageSystemAttributeNames: ["All"], ...more })))
      .Messages ?? [];
  const later = (seconds: number) => stack.clock.advanceTo(stack.clock.now() + seconds * 1000);

  it("hands out messages in order with digests that the SDK accepts, with attributes and trace", async () => {
    const MessageAttributes = { b: { DataType: "Binary", BinaryValue: Buffer.from("x") }, a: { DataType: "String", StringValue: "ä" } };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "ünï", MessageAttributes }));
    await send("two");
    const [first, second] = await receive({ MessageAttributeNames: ["All"] });
    assert.deepEqual([first?.Body, second?.Body], ["ünï", "two"]);
    assert.equal(first?.MessageAttributes?.a?.StringValue, "ä");
    assert.equal(Buffer.from(first?.MessageAttributes?.b?.BinaryValue ?? []).toString(), "x");
    assert.equal(first?.Attributes?.ApproximateReceiveCount, "1");
    assert.equal(first?.Attributes?.SentTimestamp, String(START));
    assert.match(first?.Attributes?.AWSTraceHeader ?? "", /^Root=1-/);
  });

  it("hands out only the attributes that are asked for", async () => {
    const MessageAttributes = { error: { DataType: "String", StringValue: "no route" }, other: { DataType: "String", StringValue: "x" } };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "m", MessageAttributes }));
    const [bare] = await receive({ MessageSystemAttributeNames: [], VisibilityTimeout: 0 });
    assert.deepEqual([bare?.MessageAttributes, bare?.Attributes], [undefined, undefined]);
    const [asked] = await receive({ MessageAttributeNames: ["error"], MessageSystemAttributeNames: ["SentTimestamp"] });
    assert.deepEqual(asked?.MessageAttributes, { error: MessageAttributes.error });
    assert.deepEqual(asked?.Attributes, { SentTimestamp: String(START) });
  });

  it("is found by its name, and listed by the beginning of it, in its own account and Region", async () => {
    assert.equal((await sqs.send(new GetQueueUrlCommand({ QueueName: "slow" }))).QueueUrl, queueUrl("slow"));
    assert.deepEqual((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: "s" }))).QueueUrls, [queueUrl("slow"), queueUrl("small")]);
    const elsewhere = { account: HOME.account, region: "us-east-1", service: "sqs", principal: roleArn("client") };
    assert.deepEqual(await stack.cloud.ask({ ...elsewhere, operation: "ListQueues", input: {} }), { body: {} });
    await assert.rejects(stack.cloud.ask({ ...elsewhere, operation: "GetQueueUrl", input: { QueueName: "slow" } }), {
      name: "QueueDoesNotExist",
    });
  });

  it("bills requests of functions, not what somebody does by hand", async () => {
    const before = stack.runtime.counters.sqs;
    const call = { ...HOME, service: "sqs", operation: "GetQueueAttributes", input: { QueueUrl } };
    await stack.cloud.ask({ ...call, principal: `arn:aws:iam::${HOME.account}:root` });
    assert.equal(stack.runtime.counters.sqs, before);
    await stack.cloud.ask({ ...call, principal: roleArn("client") });
    assert.equal(stack.runtime.counters.sqs, before + 1);
  });

  it("shows a message again after its visibility timeout, or when that is set anew, and never after it was deleted", async () => {
    await send("x");
    const [message] = await receive();
    await later(59);
    assert.deepEqual(await receive(), []);
    await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 300 }));
    await later(299);
    assert.deepEqual(await receive(), []);
    await later(1);
    const [again] = await receive();
    assert.equal(again?.Attributes?.ApproximateReceiveCount, "2");
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again?.ReceiptHandle }));
    await later(3600);
    assert.deepEqual(await receive(), []);
  });

  it("moves a message that was received too often to the dead-letter queue, from where it can be moved back", async () => {
    await send("x");
    for (let count = 0; count < 2; count += 1) {
      await receive();
      await later(60);
    }
    assert.deepEqual(await receive(), []);
    assert.equal(stack.heard.deadLetters.at(-1)?.error, "received 2 times without being deleted");
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl("dead"), AttributeNames: ["ApproximateNumberOfMessages"] }),
    );
    assert.equal(Attributes?.ApproximateNumberOfMessages, "1");
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: queueArn("dead") }));
    assert.equal((await receive()).length, 1);
  });

  it("delays messages as the queue or the message says", async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl("slow"), MessageBody: "queue" }));
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl("slow"), MessageBody: "message", DelaySeconds: 5 }));
    assert.deepEqual(await receive({ QueueUrl: queueUrl("slow") }), []);
    await later(5);
    assert.deepEqual(
      (await receive({ QueueUrl: queueUrl("slow") })).map(({ Body }) => Body),
      ["message"],
    );
    await later(115);
    assert.equal((await receive({ QueueUrl: queueUrl("slow") }))[0]?.Body, "queue");
  });

  it("keeps a receive waiting, in virtual time", async () => {
    const began = stack.clock.now();
    const empty = receive({ WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await later(60);
    assert.deepEqual(await empty, []);
    const waiting = receive({ WaitTimeSeconds: 20 });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await send("x");
    assert.equal((await waiting)[0]?.Body, "x");
    assert.equal(stack.clock.now(), began + 60_000);
  });

  it("takes batches of up to ten, each entry by itself", async () => {
    const { Successful, Failed } = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "a", MessageBody: "1" },
          { Id: "b", MessageBody: "2", DelaySeconds: 901 },
        ],
      }),
    );
    assert.deepEqual(
      [Successful?.map(({ Id }) => Id), Failed?.map(({ Id, Code }) => [Id, Code])],
      [["a"], [["b", "InvalidParameterValue"]]],
    );
    const [message] = await receive();
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: "x", ReceiptHandle: message?.ReceiptHandle }] }));
    await later(61);
    assert.deepEqual(await receive(), []);
  });

  it("refuses what SQS refuses", async () => {
    await assert.rejects(sqs.send(new SendMessageCommand({ QueueUrl: queueUrl("none"), MessageBody: "x" })), { name: "QueueDoesNotExist" });
    await assert.rejects(
      sqs.send(new SendMessageCommand({ QueueUrl: queueUrl("small"), MessageBody: "x".repeat(2049) })),
      /shorter than 2048 bytes/,
    );
    await assert.rejects(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "x".repeat(1_048_577) })), /shorter than 1048576 bytes/);
    await assert.rejects(
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: "no", VisibilityTimeout: 1 })),
      /ReceiptHandle is invalid/,
    );
  });

  it("is found by name", async () => {
    assert.equal((await sqs.send(new GetQueueUrlCommand({ QueueName: "q" }))).QueueUrl, QueueUrl);
  });
});
