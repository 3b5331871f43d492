import assert from "node:assert/strict";
import { chosen, deadLetterQueues } from "../../redrive/queues";
import { lookInto, redriveQueue } from "../../redrive/redrive";
import { UsageError } from "../../sandbox/usage-error";
import { aDeadLetterQueue, MemorySqs, urlOf } from "./memory-sqs";

const attribute = (StringValue: string) => ({ DataType: "String", StringValue });
const alertFor = (episode: string, ...channels: string[]): string =>
  JSON.stringify({ alert: { episode }, channels: channels.map((name) => ({ name })), parked: true });

describe("a redrive", () => {
  let sqs: MemorySqs;
  beforeEach(() => {
    sqs = new MemorySqs();
  });

  it("puts every message back to where it came from, once, with its attributes but not with our error", async () => {
    const attributes: unknown[] = [];
    sqs.sent = (_url, { MessageAttributes }) => attributes.push(MessageAttributes);
    for (let index = 0; index < 25; index++) {
      sqs.add("undelivered-dlq", {
        Body: `message ${index}`,
        MessageAttributes: { error: attribute("no route"), team: attribute("payments") },
      });
    }
    const outcome = await redriveQueue(sqs.client, aDeadLetterQueue());
    assert.deepEqual(sqs.bodies("undelivered").sort(), Array.from({ length: 25 }, (_, index) => `message ${index}`).sort());
    assert.deepEqual(sqs.bodies("undelivered-dlq"), []);
    assert.deepEqual(
      attributes,
      Array.from({ length: 25 }, () => ({ team: attribute("payments") })),
    );
    assert.deepEqual(outcome, {
      queue: "undelivered-dlq",
      source: "undelivered",
      messages: 25,
      more: false,
      moved: 25,
      returned: 0,
      failed: 0,
      error: null,
      reasons: [{ reason: "no route", count: 25, episodes: [] }],
    });
  });

  it("moves messages of the same text that rested there from the start all the same", async () => {
    for (let index = 0; index < 12; index++) sqs.add("undelivered-dlq", { Body: "the same" });
    const { moved, returned } = await redriveQueue(sqs.client, aDeadLetterQueue());
    assert.deepEqual([moved, returned], [12, 0]);
  });

  it("does not move again what a function put back as a new message meanwhile", async () => {
    sqs.add("undelivered-dlq", { Body: "hopeless" });
    sqs.sent = (url, { Body }) => url === urlOf("undelivered") && sqs.add("undelivered-dlq", { Body });
    const { moved, returned } = await redriveQueue(sqs.client, aDeadLetterQueue());
    assert.deepEqual([moved, returned], [1, 1]);
    assert.deepEqual(sqs.bodies("undelivered-dlq"), ["hopeless"]);
    assert.equal((await lookInto(sqs.client, aDeadLetterQueue())).messages, 1, "it is there for the next time");
  });

  it("does not move again what SQS itself moved back meanwhile", async () => {
    sqs.add("undelivered-dlq", { Body: "hopeless" });
    sqs.sent = (_url, { Body, MessageId }) => sqs.add("undelivered-dlq", { Body: `${Body} `, MessageId });
    const { moved, returned } = await redriveQueue(sqs.client, aDeadLetterQueue());
    assert.deepEqual([moved, returned], [1, 1]);
  });

  it("leaves what cannot be moved where it is, says why, and moves the rest", async () => {
    for (const Body of ["a", "b", "c"]) sqs.add("undelivered-dlq", { Body });
    sqs.before = (operation, input) => {
      if (operation === "SendMessage" && (input as { MessageBody?: string }).MessageBody === "b") throw new Error("AccessDenied");
    };
    const { moved, failed, error } = await redriveQueue(sqs.client, aDeadLetterQueue());
    assert.deepEqual([moved, failed, error], [2, 1, "Error: AccessDenied"]);
    assert.deepEqual(sqs.bodies("undelivered-dlq"), ["b"]);
    assert.equal((await lookInto(sqs.client, aDeadLetterQueue())).messages, 1, "it is shown again at once");
  });

  it("loses nothing when it is interrupted: what was sent but not deleted is sent once more", async () => {
    for (const Body of ["a", "b"]) sqs.add("undelivered-dlq", { Body });
    sqs.before = (operation) => {
      if (operation === "DeleteMessage") throw new Error("interrupted");
    };
    const interrupted = await redriveQueue(sqs.client, aDeadLetterQueue());
    assert.deepEqual([interrupted.moved, interrupted.failed], [0, 2]);
    sqs.before = () => undefined;
    await redriveQueue(sqs.client, aDeadLetterQueue());
    assert.deepEqual(sqs.bodies("undelivered"), ["a", "b", "a", "b"]);
    assert.deepEqual(sqs.bodies("undelivered-dlq"), []);
  });

  it("ends also where what cannot be moved shows up again before it is through", async () => {
    sqs.add("undelivered-dlq", { Body: "stays" });
    sqs.before = (operation) => {
      // The time for which it was hidden is over, each time.
      if (operation === "ReceiveMessage") sqs.showAll();
      if (operation === "SendMessage") throw new Error("QueueDoesNotExist");
    };
    const { failed, messages } = await redriveQueue(sqs.client, aDeadLetterQueue());
    assert.deepEqual([failed, messages], [1, 1]);
    assert.equal((await lookInto(sqs.client, aDeadLetterQueue())).messages, 1);
  });

  it("only looks where it is told to, or where nothing can take the messages back", async () => {
    sqs = new MemorySqs({ undelivered: "undelivered-dlq", "schedules-dlq": undefined });
    sqs.add("schedules-dlq", {
      MessageAttributes: { ERROR_CODE: attribute("TooManyRequests"), ERROR_MESSAGE: attribute("Rate exceeded") },
    });
    sqs.add("undelivered-dlq", { Body: "a" });
    const [schedules, undelivered] = await deadLetterQueues(sqs.client);
    assert.ok(schedules && undelivered);
    const outcomes = [await redriveQueue(sqs.client, schedules), await lookInto(sqs.client, undelivered)];
    assert.deepEqual(
      outcomes.map(({ queue, source, messages, moved }) => [queue, source, messages, moved]),
      [
        ["schedules-dlq", null, 1, 0],
        ["undelivered-dlq", "undelivered", 1, 0],
      ],
    );
    assert.deepEqual(outcomes[0]?.reasons, [{ reason: "TooManyRequests: Rate exceeded", count: 1, episodes: [] }]);
    assert.deepEqual([sqs.bodies("schedules-dlq"), sqs.bodies("undelivered-dlq")], [["{}"], ["a"]]);
  });

  it("looks at a thousand messages of a hundred thousand, and says how many SQS counts", async () => {
    for (let index = 0; index < 1_005; index++) sqs.add("undelivered-dlq", { Body: String(index) });
    const { messages, more } = await lookInto(sqs.client, aDeadLetterQueue({ waiting: 100_000 }));
    assert.deepEqual([messages, more], [100_000, true]);
  });

  it("says which channel did not take which episodes", async () => {
    for (const episode of ["a-1", "b-1", "c-2", "d-1"]) sqs.add("undelivered-dlq", { Body: alertFor(episode, "soc-slack") });
    sqs.add("undelivered-dlq", { Body: alertFor("e-1") });
    sqs.add("undelivered-dlq", { Body: "not JSON" });
    const { reasons } = await lookInto(sqs.client, aDeadLetterQueue());
    assert.deepEqual(reasons, [
      { reason: "not delivered to soc-slack", count: 4, episodes: ["a-1", "b-1", "c-2"] },
      { reason: "whom to tell could not be found out", count: 1, episodes: ["e-1"] },
      { reason: "tried 0 times in vain", count: 1, episodes: [] },
    ]);
  });

  it("keeps a bounded number of reasons, each of a bounded length", async () => {
    for (let index = 0; index < 50; index++)
      sqs.add("undelivered-dlq", { MessageAttributes: { error: attribute(`${index} ${"x".repeat(999)}`) } });
    const { reasons } = await lookInto(sqs.client, aDeadLetterQueue());
    assert.equal(reasons.length, 21);
    assert.deepEqual([reasons[0]?.reason, reasons[0]?.count], ["other reasons", 30]);
    assert.ok(reasons.every(({ reason }) => reason.length <= 300));
  });
});

describe("the dead-letter queues that are there", () => {
  const sqs = new MemorySqs({ intake: "intake-dlq", undelivered: "undelivered-dlq", "forwarding-dlq": undefined });

  it("are found by what the queues say, with the queue that each belongs to", async () => {
    const queues = await deadLetterQueues(sqs.client);
    assert.deepEqual(
      queues.map(({ name, source }) => [name, source?.name]),
      [
        ["forwarding-dlq", undefined],
        ["intake-dlq", "intake"],
        ["undelivered-dlq", "undelivered"],
      ],
    );
  });

  for (const name of ["undelivered", "undelivered-dlq", "tocsin-undelivered", "tocsin-undelivered-dlq"]) {
    it(`are chosen by names like ${name}`, async () => {
      const names = chosen(await deadLetterQueues(sqs.client), name).map((queue) => queue.name);
      assert.deepEqual(names, ["undelivered-dlq"]);
    });
  }

  it("are named to whoever asks for another", async () => {
    const queues = await deadLetterQueues(sqs.client);
    assert.throws(
      () => chosen(queues, "nowhere"),
      new UsageError('there is no dead-letter queue "nowhere"; there are forwarding-dlq, intake-dlq, undelivered-dlq'),
    );
  });
});
