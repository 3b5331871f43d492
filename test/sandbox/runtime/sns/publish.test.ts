import assert from "node:assert/strict";
import { START } from "../../../../sandbox/runtime/clock";
import { deploy, HOME, queue, queueArn, queueUrl, resource, roleArn, type TestStack } from "../support/stack";

const topicArn = `arn:aws:sns:eu-west-1:${HOME.account}:pager`;
const topic = resource("aws:sns/topic", { name: "pager", arn: topicArn });
const subscribed = (name: string, values: Record<string, unknown> = {}) =>
  resource("aws:sns/topicSubscription", { name, topic: topicArn, protocol: "sqs", endpoint: queueArn(name), ...values });

describe("Publishing on a topic", () => {
  let stack: TestStack;
  afterEach(() => stack.close());

  const start = async (...resources: Parameters<typeof deploy>[0]) => {
    stack = await deploy([topic, ...resources]);
  };
  const publish = async (input: Record<string, unknown>) => {
    const call = { ...HOME, service: "sns", operation: "Publish", principal: roleArn("f"), trace: "Root=1-a;Parent=b" };
    const { body } = (await stack.cloud.ask({ ...call, input: { TopicArn: topicArn, ...input } })) as { body: { MessageId: string } };
    return body;
  };
  const messages = async (name: string) => {
    const input = { QueueUrl: queueUrl(name), MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
    const call = { ...HOME, service: "sqs", operation: "ReceiveMessage", principal: roleArn("reader"), input };
    const { body } = (await stack.cloud.ask(call)) as { body: { Messages?: { Body: string; MessageAttributes?: unknown }[] } };
    return body.Messages ?? [];
  };

  /** The Query protocol has maps as lists. */
  const attributes = (values: Readonly<Record<string, string>>) =>
    Object.entries(values).map(([Name, StringValue]) => ({ Name, Value: { DataType: "String", StringValue } }));

  it("brings a queue that subscribed what is meant for it, in an envelope", async () => {
    await start(queue("q"), subscribed("q"));
    const Message = JSON.stringify({ default: "to all", sqs: "to queues" });
    const { MessageId } = await publish({
      Message,
      MessageStructure: "json",
      Subject: "S",
      MessageAttributes: attributes({ reason: "new" }),
    });
    const [message] = await messages("q");
    assert.partialDeepStrictEqual(JSON.parse(message?.Body ?? ""), {
      Type: "Notification",
      MessageId,
      TopicArn: topicArn,
      Subject: "S",
      Message: "to queues",
      Timestamp: new Date(START).toISOString(),
      MessageAttributes: { reason: { Type: "String", Value: "new" } },
    });
  });

  it("brings it the message alone, with its attributes, where that was asked for", async () => {
    await start(queue("q"), subscribed("q", { rawMessageDelivery: true }));
    await publish({ Message: "m", MessageAttributes: attributes({ reason: "new" }) });
    assert.partialDeepStrictEqual(await messages("q"), [
      { Body: "m", MessageAttributes: { reason: { DataType: "String", StringValue: "new" } } },
    ]);
  });

  it("keeps from a queue what its filter does not want", async () => {
    await start(
      queue("quiet"),
      subscribed("quiet", { filterPolicy: JSON.stringify({ reason: [{ "anything-but": "resolved" }] }), rawMessageDelivery: true }),
    );
    for (const reason of ["new", "resolved"]) {
      await publish({ Message: reason, MessageAttributes: attributes({ reason }) });
    }
    assert.deepEqual(
      (await messages("quiet")).map(({ Body }) => Body),
      ["new"],
    );
  });

  it("asks the queue's policy", async () => {
    await start(queue("q"), subscribed("q"));
    stack.cloud.allows = ({ principal, action }) => !(principal === "sns.amazonaws.com" && action === "sqs:SendMessage");
    await publish({ Message: "m" });
    assert.deepEqual(await messages("q"), []);
    assert.deepEqual(stack.cloud.denied, [{ principal: "sns.amazonaws.com", action: "sqs:SendMessage", resource: queueArn("q") }]);
  });

  const refused: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
    ["an empty message", { Message: "" }, /Empty message/],
    ["more than 256 KB", { Message: "ü".repeat(131_073) }, /Message too long/],
    ["a subject with a line break", { Message: "m", Subject: "a\nb" }, /Subject/],
    ["a subject that is not ASCII", { Message: "m", Subject: "ä" }, /Subject/],
    ["a subject of more than 100 characters", { Message: "m", Subject: "x".repeat(101) }, /Subject/],
    ["a structure that is no JSON", { Message: "m", MessageStructure: "json" }, /failed to parse/],
    ["a structure without default", { Message: '{"sms":"m"}', MessageStructure: "json" }, /No default entry/],
    [
      "more for phones than they get",
      { Message: JSON.stringify({ default: "m", sms: "x".repeat(1_601) }), MessageStructure: "json" },
      /too long/,
    ],
    ["an empty attribute", { Message: "m", MessageAttributes: attributes({ a: "" }) }, /'a' must contain a non-empty value/],
  ];
  for (const [what, input, message] of refused) {
    it(`refuses ${what}`, async () => {
      await start(queue("q"), subscribed("q"));
      await assert.rejects(publish(input), { message });
      assert.deepEqual(await messages("q"), []);
    });
  }

  it("takes what just fits", async () => {
    await start();
    assert.ok((await publish({ Message: "x".repeat(262_144), Subject: "x".repeat(100) })).MessageId);
  });

  it("names the messages of a batch, and those that it refuses", async () => {
    await start();
    const entries = [
      { Id: "a", Message: "m" },
      { Id: "b", Message: "m", Subject: "\n" },
    ];
    const call = { ...HOME, service: "sns", operation: "PublishBatch", principal: roleArn("f") };
    const answer = await stack.cloud.ask({ ...call, input: { TopicArn: topicArn, PublishBatchRequestEntries: entries } });
    assert.partialDeepStrictEqual(answer, { body: { Successful: [{ Id: "a" }], Failed: [{ Id: "b", Code: "InvalidParameter" }] } });
  });
});
