import assert from "node:assert/strict";
import { Journal } from "../../../sandbox/replay/journal";

const decision = (event: string, decision: "notify" | "quiet", reason: string, episode = "e-1") =>
  JSON.stringify({ kind: "decision", event, decision, reason, episode, finding: "f" });

const delivery = (messageId: string, fields: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({
    kind: "delivery",
    channel: "soc-mail",
    channelKind: "email",
    messageId,
    reason: "new",
    episode: "e-1",
    findingIds: ["f"],
    origin: "guardduty",
    severity: "HIGH",
    accountId: "444444444444",
    accountName: "web",
    region: "eu-west-1",
    resource: "i-1",
    title: "SSH brute force",
    ...fields,
  });

const mail = (messageId: string) => ({ kind: "email" as const, messageId, payload: { subject: "s" }, attachments: [] });

const outcomes = (journal: Journal) => journal.events.map(({ line, decision, reason }) => [line, decision, reason]);

describe("The journal of a replay", () => {
  let journal: Journal;
  beforeEach(() => {
    journal = new Journal((id) => id.replace(/-copy$/, ""));
  });
  const log = (text: string) => journal.log({ text });

  it("tells the decision, its reason and its episode", () => {
    journal.begin(3);
    journal.entry("a");
    journal.matched("a", "findings");
    log(decision("a", "notify", "new"));
    journal.end();
    assert.deepEqual(journal.events, [{ line: 3, id: "a", matched: ["findings"], decision: "notify", reason: "new", episode: "e-1" }]);
  });

  it("knows rules that matched before the event's id was known", () => {
    journal.begin(1);
    for (const rules of [["findings"], []]) {
      for (const rule of rules) {
        journal.matched("a", rule);
      }
      journal.entry("a");
      journal.end();
    }
    journal.begin(2);
    journal.entry("b");
    journal.matched("b", "findings");
    journal.end();
    assert.deepEqual(
      journal.events.map(({ matched }) => matched),
      [["findings"], [], ["findings"]],
    );
  });

  it("calls an event ignored that no rule matched", () => {
    journal.begin(1);
    journal.entry("a");
    journal.end();
    assert.deepEqual(journal.events, [{ line: 1, id: "a", matched: [], decision: "ignored", reason: null, episode: null }]);
  });

  it("counts what copies matched and were decided for the event itself: told wins over quiet", () => {
    journal.begin(1);
    journal.entry("a");
    journal.matched("a", "forward");
    journal.matched("a-copy", "findings");
    journal.matched("a-copy", "findings");
    log(decision("a", "quiet", "duplicate"));
    log(decision("a-copy", "notify", "new"));
    log(decision("a", "quiet", "duplicate"));
    assert.deepEqual(journal.events, [
      { line: 1, id: "a", matched: ["forward", "findings"], decision: "notify", reason: "new", episode: "e-1" },
    ]);
  });

  it("keeps events apart that bear the same id", () => {
    for (const line of [1, 2]) {
      journal.begin(line);
      journal.entry("a");
      journal.matched("a", "findings");
      log(line === 1 ? decision("a", "notify", "new") : decision("a", "quiet", "duplicate"));
      journal.end();
    }
    journal.begin(3);
    journal.entry("b");
    journal.entry("b");
    journal.matched("b", "findings");
    log(decision("b", "notify", "new"));
    log(decision("b", "quiet", "duplicate"));
    assert.deepEqual(outcomes(journal), [
      [1, "notify", "new"],
      [2, "quiet", "duplicate"],
      [3, "notify", "new"],
      [3, "quiet", "duplicate"],
    ]);
  });

  it("keeps the state at the end of the line, whatever is decided later", () => {
    journal.begin(1);
    journal.entry("a");
    journal.matched("a", "findings");
    log(decision("a", "quiet", "waiting"));
    journal.end();
    journal.begin(2);
    log(decision("a", "notify", "new"));
    journal.end();
    assert.deepEqual(outcomes(journal), [[1, "quiet", "waiting"]]);
  });

  it("takes the later decision about an event that was still on its way at the end of its line", () => {
    for (const [line, id] of [
      [1, "a"],
      [2, "b"],
    ] as const) {
      journal.begin(line);
      journal.entry(id);
      journal.matched(id, "findings");
      journal.end();
    }
    assert.deepEqual(outcomes(journal), [
      [1, "quiet", "undecided"],
      [2, "quiet", "undecided"],
    ]);
    log(decision("a", "notify", "new"));
    assert.deepEqual(outcomes(journal), [
      [1, "notify", "new"],
      [2, "quiet", "undecided"],
    ]);
  });

  it("lists dead letters by the line of their event", () => {
    journal.begin(4);
    journal.entry("a");
    journal.matched("a", "findings");
    journal.end();
    journal.begin(5);
    journal.deadLetter({ queue: "intake-dead", error: "NotAFinding: no id", eventIds: ["a-copy"] });
    journal.deadLetter({ queue: "undelivered-dead", error: "outage", eventIds: [] });
    assert.deepEqual(outcomes(journal), [[4, "dead-lettered", "NotAFinding: no id"]]);
    assert.deepEqual(journal.deadLetters, [
      { queue: "intake-dead", line: 4, error: "NotAFinding: no id" },
      { queue: "undelivered-dead", line: 5, error: "outage" },
    ]);
  });

  it("calls an alert dead-lettered that nobody got, and told if one of several channels got it", () => {
    journal.begin(1);
    for (const id of ["a", "b"]) {
      journal.entry(id);
      journal.matched(id, "findings");
      log(decision(id, "notify", "new", id));
      journal.deadLetter({ queue: "undelivered-dead", error: "outage", eventIds: [id] });
    }
    log(delivery("m-1", { episode: "b" }));
    assert.deepEqual(outcomes(journal), [
      [1, "dead-lettered", "outage"],
      [1, "notify", "new"],
    ]);
  });

  it("joins what was sent with what the function says of it", () => {
    journal.begin(1);
    journal.sent(Date.UTC(2026, 2, 1, 9), "event", mail("m-1"));
    journal.sent(Date.UTC(2026, 2, 6, 9), "timer", mail("m-2"));
    log(`2026-03-01T09:00:00.000Z\trequest\tINFO\t${delivery("m-1")}`);
    log("START RequestId: 1");
    log("{ no json");
    const [first, second] = journal.deliveries();
    assert.deepEqual(first, {
      at: "2026-03-01T09:00:00.000Z",
      cause: "event",
      channel: "soc-mail",
      kind: "email",
      reason: "new",
      episode: "e-1",
      findingIds: ["f"],
      origin: "guardduty",
      severity: "HIGH",
      accountId: "444444444444",
      accountName: "web",
      region: "eu-west-1",
      resource: "i-1",
      title: "SSH brute force",
      payload: { subject: "s" },
    });
    assert.equal(second?.cause, "timer");
    assert.equal(second.channel, null);
  });

  it("names the files of attachments", () => {
    journal.sent(0, "event", { ...mail("m-1"), attachments: [{ name: "findings.csv", content: Buffer.from("a,b") }] });
    const [first] = journal.deliveries({
      attachment: (number, name, content) => `${number}-${name}-${content.length}`,
      object: () => assert.fail("there is none"),
    });
    assert.deepEqual(first?.attachments, [{ name: "findings.csv", file: "0-findings.csv-3" }]);
  });

  it("lists a publication on a topic when a channel's function says that it told somebody, and no other one", () => {
    journal.sent(0, "timer", { kind: "sns", messageId: "about tocsin itself", payload: {}, attachments: [] });
    journal.sent(0, "event", { kind: "sns", messageId: "m-1", payload: { Message: "m" }, attachments: [] });
    log(delivery("m-1", { channel: "pager" }));
    assert.deepEqual(
      journal.deliveries().map(({ kind, channel, payload }) => [kind, channel, payload]),
      [["sns", "pager", { Message: "m" }]],
    );
  });

  it("shows what became of a Slack message: reactions to it and changes of it", () => {
    const payload = { channel: "C1", text: "t" };
    journal.taken(0, "event", { what: "message", kind: "slack", messageId: "C1/1.1", payload });
    journal.taken(0, "event", { what: "message", kind: "slack", messageId: "C1/1.2", payload });
    journal.taken(0, "timer", { what: "reaction", messageId: "C1/1.1", name: "white_check_mark" });
    journal.taken(0, "timer", { what: "update", messageId: "C1/1.1", payload: { text: "u" } });
    const [first, second, ...rest] = journal.deliveries();
    assert.deepEqual([first?.payload, first?.reactions, first?.updates], [payload, ["white_check_mark"], [{ text: "u" }]]);
    assert.deepEqual([second && Object.hasOwn(second, "reactions"), rest], [false, []]);
  });

  const stormLine = (channel: string, ...findingIds: readonly string[]) =>
    JSON.stringify({ kind: "storm", storm: "s-1", channel, findingIds });

  it("names every finding that the message of a storm tells of, as its channel's function listed them", () => {
    journal.sent(0, "timer", mail("m-1"));
    for (const text of [stormLine("soc-mail", "a", "b"), stormLine("other", "x"), stormLine("soc-mail", "b", "c")]) {
      log(text);
    }
    log(delivery("m-1", { storm: "s-1", findingIds: ["a"] }));
    assert.deepEqual(journal.deliveries()[0]?.findingIds, ["a", "b", "c"]);
  });

  it("keeps the decision of an event that a storm told of, although another channel's message came to rest", () => {
    journal.begin(1);
    journal.entry("a");
    journal.matched("a", "findings");
    log(decision("a", "notify", "new"));
    log(stormLine("soc-mail", "f"));
    log(delivery("m-1", { storm: "s-1", episode: null, findingIds: [] }));
    journal.deadLetter({ queue: "dead", error: "e", eventIds: ["a"] });
    journal.end();
    assert.deepEqual(outcomes(journal), [[1, "notify", "new"]]);
  });

  it("copies objects that functions wrote, the last of each key", () => {
    const object = { account: "222222222222", bucket: "b", key: "storms/1.csv" };
    journal.stored({ ...object, content: Buffer.from("old") });
    journal.stored({ ...object, content: Buffer.from("a,b") });
    const save = {
      attachment: () => assert.fail("there is none"),
      object: ({ key, content }: { key: string; content: Uint8Array }) => `${key} ${Buffer.from(content)}`,
    };
    assert.deepEqual(journal.objects(save), [{ ...object, file: "storms/1.csv a,b" }]);
    assert.deepEqual(journal.objects(undefined), []);
  });
});
