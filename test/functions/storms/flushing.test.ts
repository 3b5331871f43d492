import assert from "node:assert/strict";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { toldOf } from "../../../functions/episodes/changes";
import { routeTo } from "../../../functions/routing/match";
import type { FlushingParts } from "../../../functions/storms/flushing";
import { HeldEpisodes } from "../../../functions/storms/held-episodes";
import type { Trigger } from "../../../functions/storms/trigger";
import { aGuardDutyFinding, anAccount, aResource } from "../../support/findings";
import { Hub, reminders } from "../../support/timed";
import { MINUTE, oneOfMany, rowsOf, StormBench } from "./bench";

const many = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => oneOfMany(from + index));
const MAIL = { name: "soc-mail", kind: "email" };
const SLACK = { name: "soc-slack", kind: "slack" };

/** A storm that is due: one finding was told singly, the others are held. */
async function due(held: number, bench = new StormBench({ over: 1, within: "10m" })): Promise<{ bench: StormBench; trigger: Trigger }> {
  await bench.arrive(...many(0, held + 1));
  const [trigger] = bench.triggers;
  assert.ok(trigger);
  bench.now = trigger.flushAt + 15_000;
  return { bench, trigger };
}

const tells = (bench: StormBench): string[] => bench.messages.map(({ channel, alert }) => `${channel} ${alert.storm?.count}`).sort();

describe("a flush", () => {
  it("tells each channel of what is routed to it, with a list of its own", async () => {
    const { bench, trigger } = await due(4);
    bench.route = ({ finding }) => (finding.resources[0]?.name === "sg-1" ? [MAIL, SLACK] : [MAIL]);
    await bench.flusher().run(trigger);
    assert.deepEqual(tells(bench), ["soc-mail 4", "soc-slack 1"]);
    const slack = bench.messages.find(({ channel }) => channel === "soc-slack");
    assert.deepEqual(
      rowsOf(slack?.csv ?? "").map((row) => row[5]),
      [oneOfMany(1).resources[0]?.id],
    );
    assert.equal(new Set(bench.messages.map(({ alert }) => alert.storm?.list.key)).size, 2);
  });

  it("leaves each episode told: to which channels, when, and when again", async () => {
    const { bench, trigger } = await due(4);
    const [key = ""] = bench.held;
    await bench.triage.delivered(bench.singles[0]);
    await bench.flusher().run(trigger);
    const item = bench.triage.table.items.get(key);
    const record = await bench.triage.store.get(key);
    assert.equal(record?.deliveredTelling, record?.claim?.telling);
    assert.equal(record?.lastDelivery, new Date(bench.now).toISOString());
    assert.deepEqual(Object.keys(record?.channels ?? {}), ["soc-mail"]);
    assert.equal(item?.held, undefined);
    assert.equal(await bench.triage.arrives(oneOfMany(1)), "duplicate");
    bench.now = Date.parse(record?.due ?? "");
    await reminders(bench.triage, new Hub(many(1, 5)));
    assert.deepEqual(
      bench.singles.slice(1).map(({ reason, finding }) => `${reason} ${finding.id}`),
      ["reminder finding-1"],
    );
  });

  it("does not promise to tell of each end: that would be the next storm", async () => {
    const { bench, trigger } = await due(4);
    const [key = ""] = bench.held;
    await bench.flusher().run(trigger);
    assert.equal(toldOf(bench.triage.table.items.get(key)?.["delivered_soc-mail"]?.S ?? "").resolved, true);
  });

  it("keeps what a channel was told singly: it hears of the end, in the thread where it began", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    const grave = oneOfMany(0, { severity: "MEDIUM" });
    await bench.arrive(grave);
    const [single] = bench.singles;
    assert.ok(single);
    await bench.accepts(single, "soc-slack", "1.5");
    await bench.arrive(...many(1, 4), oneOfMany(0, { severity: "CRITICAL", updatedAt: new Date(bench.now + 1000).toISOString() }));
    bench.route = () => [MAIL, SLACK];
    await bench.flush();
    assert.equal(bench.messages[0]?.alert.storm?.count, 4);
    const record = await bench.triage.store.get(single.key);
    const at = new Date(bench.now).toISOString();
    assert.deepEqual(record?.channels, {
      "soc-slack": { number: 1, at, thread: "1.5", resolved: false },
      "soc-mail": { number: 1, at, resolved: true },
    });
  });

  it("does nothing when its message comes again, or when nothing is left to tell", async () => {
    const { bench, trigger } = await due(5);
    await bench.flusher().run(trigger);
    await bench.flusher().run(trigger);
    await bench.flusher().run({ ...trigger, kind: "EC2.13" });
    assert.deepEqual(tells(bench), ["soc-mail 5"]);
  });

  it("leaves to others what they took over while it was told", async () => {
    const { bench, trigger } = await due(4);
    const [key = "", ...others] = bench.held;
    const tell: FlushingParts["tell"] = async (alert, _, { name }) => {
      await bench.delivered(alert, name);
      const item = bench.triage.table.items.get(key);
      if (item) Object.assign(item, { claim: { S: "an escalation" }, claimBy: { S: "event" } });
    };
    await bench.flusher({ step: async () => undefined }, { tell }).run(trigger);
    assert.deepEqual(
      [key, ...others].map((one) => bench.triage.table.items.get(one)?.deliveredTelling !== undefined),
      [false, true, true, true],
    );
  });

  it("is not done twice when two workers get its message at once", async () => {
    const { bench, trigger } = await due(5);
    const outcomes = await Promise.allSettled([bench.flusher().run(trigger), bench.flusher().run(trigger)]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
    assert.deepEqual(tells(bench), ["soc-mail 5"]);
  });

  it("comes again later when its message comes too early", async () => {
    const { bench, trigger } = await due(3);
    bench.now = trigger.flushAt - 1;
    await assert.rejects(bench.flusher().run(trigger), /too early/);
    assert.deepEqual(tells(bench), []);
  });

  it("tells a channel that failed again, and only that one, with all of it", async () => {
    const { bench, trigger } = await due(5);
    bench.route = () => [MAIL, SLACK];
    const tell: FlushingParts["tell"] = async (alert, _, { name }) => {
      if (name === "soc-slack") throw new Error("Step Functions is down");
      await bench.delivered(alert, name);
    };
    const failing = { step: async () => undefined };
    await assert.rejects(bench.flusher(failing, { tell }).run(trigger), /down/);
    assert.deepEqual(tells(bench), ["soc-mail 5"]);
    assert.equal(bench.held.length, 5, "nothing passes for told before all channels are");
    await bench.flusher().run(trigger);
    assert.deepEqual(tells(bench), ["soc-mail 5", "soc-slack 5"]);
    assert.deepEqual(bench.held, []);
  });

  it("does not repeat a message whose workflow recorded it before the flusher died", async () => {
    const { bench, trigger } = await due(5);
    let dead = false;
    const mortal = {
      step: async () => {
        if (dead) throw new Error("the flusher died");
      },
    };
    const tell: FlushingParts["tell"] = async (alert, _, { name }) => {
      await bench.delivered(alert, name);
      dead = true;
    };
    await assert.rejects(bench.flusher(mortal, { tell }).run(trigger), /died/);
    await assert.rejects(bench.flusher().run(trigger), /another attempt/, "its time is not over yet");
    bench.now += 16 * MINUTE;
    await bench.flusher().run(trigger);
    assert.deepEqual(tells(bench), ["soc-mail 5"]);
    assert.deepEqual(bench.held, []);
  });

  it("does not take for told what was held for it after it began", async () => {
    const { bench, trigger } = await due(4);
    let dead = false;
    const mortal = {
      step: async () => {
        if (dead) throw new Error("the flusher died");
      },
    };
    const tell: FlushingParts["tell"] = async (alert, _, { name }) => {
      await bench.delivered(alert, name);
      dead = true;
    };
    await assert.rejects(bench.flusher(mortal, { tell }).run(trigger), /died/);
    // A write that took very long: it was decided before the flush.
    const { now } = bench;
    bench.now = trigger.flushAt - MINUTE;
    await bench.arrive(oneOfMany(7));
    bench.now = now + 17 * MINUTE;
    await bench.flusher().run(trigger);
    assert.deepEqual(
      bench.messages.map(({ alert, csv }) => [alert.storm?.count, rowsOf(csv).some((row) => row[7] === "finding-7")]),
      [[4, false]],
    );
    assert.equal(bench.flushed[0]?.finding.id, "finding-7");
    assert.deepEqual(bench.held, []);
  });

  it("routes by the names of the table's accounts, by the reason, and by tags of any resource", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    const tagged = oneOfMany(2, {
      resources: [...oneOfMany(2).resources, aResource({ id: "i-1", tags: { team: "web" } })],
      accountId: "444444444444",
    });
    await bench.arrive(oneOfMany(0), ...many(3, 5), oneOfMany(1), tagged, oneOfMany(5, { accountId: "666666666666" }));
    const { id, name = "", path = [] } = anAccount();
    bench.triage.table.items.set(`account#${id}`, { id: { S: id }, name: { S: name }, path: { L: path.map((unit) => ({ S: unit })) } });
    bench.route = ({ finding, account, held }) =>
      routeTo(
        [
          { when: { accounts: ["payments"], organizationalUnits: ["Production"], reasons: ["new"] }, to: ["payments"] },
          { when: { tags: { team: "web" } }, to: ["web"] },
          { to: ["others"] },
        ],
        { finding, account, reason: held.record.claim.reason },
      ).map((channel) => ({ name: channel, kind: "email" }));
    const [trigger] = bench.triggers;
    assert.ok(trigger);
    bench.now = trigger.flushAt + 15_000;
    await bench.flusher().run(trigger);
    assert.deepEqual(tells(bench), ["others 1", "payments 3", "web 1"]);
    const places = bench.messages.map(({ alert }) => alert.storm?.accounts[0]);
    assert.deepEqual(places.find((place) => place?.id === id)?.name, "payments");
    assert.ok(places.some((place) => place?.id === "666666666666" && place.name === undefined));
  });

  it("tells the others when no route fits one, and fails for that one until it is told: the queue's alarm says so", async () => {
    const { bench, trigger } = await due(8);
    bench.route = ({ finding }) => (Number(finding.id.slice(-1)) > 4 ? [] : [MAIL]);
    for (let attempt = 0; attempt < 2; attempt++) {
      await assert.rejects(bench.flusher().run(trigger), /no channel is routed to for 4 of the securityhub findings of kind EC2.19/);
      assert.deepEqual(tells(bench), ["soc-mail 4"]);
      assert.equal(bench.held.length, 4, "it does not pass for told");
    }
    assert.deepEqual(
      new Set(bench.logged.find(({ kind }) => kind === "warning")?.findingIds as string[]),
      new Set(many(5, 9).map(({ id }) => id)),
    );
    bench.route = () => [MAIL];
    await bench.flusher().run(trigger);
    assert.deepEqual(tells(bench), ["soc-mail 4", "soc-mail 4"]);
    assert.deepEqual(bench.held, []);
  });

  it("leaves everybody what its first attempt gave them, though more is known by the next", async () => {
    const { bench, trigger } = await due(4);
    const down: FlushingParts["tell"] = async (alert, _, { name }) => {
      if (name === "soc-slack") throw new Error("Step Functions is down");
      await bench.delivered(alert, name);
    };
    bench.route = ({ finding }) => (finding.id === "finding-1" ? [SLACK] : [MAIL]);
    await assert.rejects(bench.flusher({ step: async () => undefined }, { tell: down }).run(trigger), /down/);
    bench.route = () => [MAIL];
    await bench.flusher().run(trigger);
    assert.deepEqual(tells(bench), ["soc-mail 3", "soc-slack 1"]);
    assert.ok(rowsOf(bench.messages.at(-1)?.csv ?? "").some((row) => row[7] === "finding-1"));
  });

  it("has no more in its memory than it can tell at once, and tells the rest in another message", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    const resources = Array.from({ length: 16 }, (_, index) => aResource({ id: `${index}`.padEnd(900, "x") }));
    await bench.arrive(...many(0, 3_001).map((finding) => ({ ...finding, resources })));
    let loaded = 0;
    const most: number[] = [];
    const { send } = bench.triage.table.client;
    const counting = {
      send: async (command: object) => {
        const answer = (await send(command as never)) as { Responses?: { episodes: object[] } };
        loaded += answer.Responses?.episodes.filter((item) => "held" in item).length ?? 0;
        return answer;
      },
    } as unknown as DynamoDBClient;
    const tell: FlushingParts["tell"] = async (alert, _, { name }) => {
      most.push(loaded);
      loaded = 0;
      await bench.delivered(alert, name);
    };
    const [trigger] = bench.triggers;
    assert.ok(trigger);
    bench.now = trigger.flushAt + 15_000;
    await bench.flusher(undefined, { tell, episodes: new HeldEpisodes(counting, "episodes") }).run(trigger);
    const counts = bench.messages.map(({ alert }) => alert.storm?.count ?? 0);
    assert.ok(counts.length === 2 && counts.every((count) => count > 500), counts.join());
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      3_000,
    );
    assert.ok(most[0] !== undefined && most[0] < 3_000, `${most[0]} loaded for the first message`);
    assert.deepEqual(bench.held, []);
  }).timeout(60_000);

  it("tells all of a message that another attempt began, however much came to be held meanwhile", async () => {
    const { bench, trigger } = await due(5);
    const down = async (): Promise<void> => {
      throw new Error("Step Functions is down");
    };
    await assert.rejects(bench.flusher(undefined, { tell: down }).run(trigger), /down/);
    const { now } = bench;
    bench.now = trigger.flushAt - MINUTE;
    await bench.arrive(...many(10, 14));
    bench.now = now;
    await bench.flusher().run(trigger);
    assert.deepEqual(tells(bench), ["soc-mail 4", "soc-mail 5"]);
    assert.deepEqual(bench.held, []);
  });

  it("asks Security Hub to mark all findings of all episodes, a hundred a message", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    await bench.arrive(...many(0, 151), ...many(1, 151).map((finding) => ({ ...finding, id: `${finding.id}-cis` })));
    await bench.arrive(aGuardDutyFinding());
    const [trigger] = bench.triggers;
    assert.ok(trigger);
    bench.now = trigger.flushAt + 15_000;
    const sizes: number[] = [];
    const tireless = { step: async () => undefined };
    await bench.flusher(tireless, { mark: async (marks) => void sizes.push(marks.length) }).run(trigger);
    assert.deepEqual(sizes, [100, 100, 100]);
  });

  it("names all finding ids in the log before a channel is told, in lines that CloudWatch takes", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    await bench.arrive(...many(0, 701).map((finding) => ({ ...finding, id: `${finding.id}-${"漢".repeat(400)}` })));
    await bench.flush();
    const lines = bench.logged.filter(({ kind }) => kind === "storm");
    assert.equal(new Set(lines.flatMap(({ findingIds }) => findingIds as string[])).size, 700);
    assert.ok(lines.length > 3 && lines.every((entry) => Buffer.byteLength(JSON.stringify(entry)) < 256_000), String(lines.length));
    assert.ok(lines.every(({ storm, channel }) => storm === bench.messages[0]?.alert.episode && channel === "soc-mail"));
  });

  it("makes an alert that a workflow can carry, however long the findings' texts are", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    const long = (n: number) =>
      oneOfMany(n, {
        kind: "漢".repeat(256),
        title: "漢".repeat(256),
        id: `${n}${"漢".repeat(1000)}`,
        region: "漢".repeat(64),
        accountName: "漢".repeat(256),
        accountId: String(100_000_000_000 + n),
        resources: Array.from({ length: 20 }, (_, index) =>
          aResource({ id: `${n}${index}${"漢".repeat(1000)}`, name: "漢".repeat(256), tags: { [`${index}`]: "漢".repeat(256) } }),
        ),
      });
    await bench.arrive(...Array.from({ length: 400 }, (_, n) => long(n)));
    await bench.flush();
    const [message] = bench.messages;
    const bytes = Buffer.byteLength(JSON.stringify(message?.alert));
    assert.ok(bytes < 200_000 && bytes > 100_000, String(bytes));
    assert.equal(message?.alert.storm?.count, 399);
    assert.equal(rowsOf(message?.csv ?? "").length, 399);
    assert.deepEqual([message?.alert.storm?.accounts.length, message?.alert.storm?.accountCount], [20, 399]);
  });

  it("puts the gravest first", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    await bench.arrive(
      oneOfMany(0),
      oneOfMany(1, { severity: "MEDIUM" }),
      oneOfMany(2, { severity: "CRITICAL" }),
      oneOfMany(3, { severity: "HIGH" }),
      oneOfMany(4, { severity: "MEDIUM" }),
    );
    await bench.flush();
    const [{ alert } = { alert: undefined }] = bench.messages;
    assert.deepEqual(
      alert?.storm?.findings.map(({ severity }) => severity),
      ["CRITICAL", "HIGH", "MEDIUM", "MEDIUM"],
    );
    assert.equal(alert?.finding.id, "finding-2");
    assert.deepEqual(alert?.storm?.severities, { CRITICAL: 1, HIGH: 1, MEDIUM: 2 });
  });

  it("says of samples that they are samples, and tells them apart from what is none", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    const samples = many(0, 5).map((finding) => ({ ...finding, sample: true, severity: "CRITICAL" as const }));
    await bench.arrive(...samples, ...many(5, 10).map((finding) => ({ ...finding, severity: "HIGH" as const })));
    await bench.flush();
    assert.deepEqual(
      bench.messages.map(({ alert, csv }) => [
        alert.finding.sample,
        rowsOf(csv)
          .map((row) => row[7])
          .sort(),
      ]),
      [
        [true, ["finding-1", "finding-2", "finding-3", "finding-4"]],
        [false, ["finding-6", "finding-7", "finding-8", "finding-9"]],
      ],
    );
    assert.equal(new Set(bench.messages.map(({ alert }) => alert.storm?.list.key)).size, 2);
  });
});
