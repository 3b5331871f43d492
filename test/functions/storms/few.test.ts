import assert from "node:assert/strict";
import type { Trigger } from "../../../functions/storms/trigger";
import { aFinding } from "../../support/findings";
import { HOUR, START } from "../../support/triage";
import { MINUTE, oneOfMany, rowsOf, StormBench } from "./bench";

const many = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => oneOfMany(from + index));
const later = (bench: StormBench): string => new Date(bench.now + 1000).toISOString();

/** A storm whose flush is due and has so many findings. */
async function due(held: number, bench = new StormBench({ over: 1, within: "1h" })): Promise<{ bench: StormBench; trigger: Trigger }> {
  await bench.arrive(...many(0, held + 1));
  const [trigger] = bench.triggers;
  assert.ok(trigger);
  bench.now = trigger.flushAt + 15_000;
  return { bench, trigger };
}

describe("how long a storm keeps people waiting", () => {
  it("is a minute for its first message, and ten minutes at most for those after it", async () => {
    const bench = new StormBench({ over: 3, within: "1d" });
    await bench.arrive(...many(0, 9));
    assert.deepEqual(
      bench.triggers.map(({ flushAt }) => flushAt),
      [START + MINUTE],
    );
    await bench.flush();
    bench.now += HOUR;
    await bench.arrive(oneOfMany(9));
    assert.equal(bench.triggers[0]?.flushAt, bench.now + 10 * MINUTE);
  });

  it("does not make many messages of one: 10,000 within a minute are two", async () => {
    const bench = new StormBench({ over: 20, within: "1h" });
    for (const finding of many(0, 10_000)) {
      await bench.arrive(finding);
      bench.now += 6;
    }
    await bench.flush();
    assert.equal(bench.singles.length, 20);
    assert.ok(bench.messages.length <= 2, String(bench.messages.length));
    assert.equal(
      bench.messages.reduce((sum, { alert }) => sum + (alert.storm?.count ?? 0), 0),
      9_980,
    );
  }).timeout(60_000);
});

describe("a flush of at most three findings", () => {
  it("tells each by itself, with all that its event said", async () => {
    const bench = new StormBench({ over: 1, within: "1h" });
    const whole = aFinding({ ...oneOfMany(2), description: "What happened.", facts: [{ label: "Who", value: "alice" }] });
    await bench.arrive(...many(0, 2), whole, oneOfMany(3));
    await bench.flush();
    assert.deepEqual(bench.messages, []);
    assert.deepEqual(bench.singles.map(({ finding }) => finding.id).sort(), ["finding-0", "finding-1", "finding-2", "finding-3"]);
    const single = bench.singles.find(({ finding }) => finding.id === "finding-2");
    assert.deepEqual(single?.finding, JSON.parse(JSON.stringify(whole)));
    assert.deepEqual([single?.reason, single?.seen, single?.storm, single?.told], ["new", 1, undefined, {}]);
    assert.equal(single?.marks[0]?.id, "finding-2");
    assert.deepEqual(bench.held, []);
  });

  it("tells more than three together", async () => {
    const { bench, trigger } = await due(4);
    await bench.flusher().run(trigger);
    assert.deepEqual([bench.singles.length, bench.messages[0]?.alert.storm?.count], [1, 4]);
  });

  it("is recorded in each episode as any single message: the channel hears of its end, in the thread that began with it", async () => {
    const { bench, trigger } = await due(1);
    await bench.flusher().run(trigger);
    const [, single] = bench.singles;
    assert.ok(single);
    const record = await bench.triage.store.get(single.key);
    assert.equal(record?.deliveredTelling, single.telling);
    assert.equal(record?.channels["soc-mail"]?.resolved, false);
    const item = bench.triage.table.items.get(single.key) ?? {};
    assert.deepEqual(
      ["held", "heldFinding", "kept"].filter((name) => name in item),
      [],
    );
    assert.equal(await bench.triage.arrives(oneOfMany(1)), "duplicate");
  });

  it("says of an escalation from which severity, and to whom it was told before", async () => {
    const bench = new StormBench({ over: 1, within: "1h" });
    await bench.arrive(oneOfMany(0, { severity: "HIGH" }));
    const [single] = bench.singles;
    assert.ok(single);
    await bench.accepts(single, "soc-slack", "1.5");
    await bench.arrive(oneOfMany(1), oneOfMany(0, { severity: "CRITICAL", updatedAt: later(bench) }));
    await bench.flush();
    const told = bench.singles.findLast(({ key }) => key === single.key);
    assert.deepEqual([told?.reason, told?.previousSeverity, told?.told["soc-slack"]?.thread], ["escalated", "HIGH", "1.5"]);
    assert.equal(told?.finding.severity, "CRITICAL");
  });

  it("keeps the samples, and what ended with its telling, what they are", async () => {
    const bench = new StormBench({ over: 1, within: "1h" });
    await bench.arrive(...many(0, 3).map((finding) => ({ ...finding, sample: true })));
    await bench.flush();
    assert.deepEqual(
      bench.singles.map(({ finding }) => finding.sample),
      [true, true, true],
    );
  });

  it("tells again only what was not told, when its workflow failed for some", async () => {
    const { bench, trigger } = await due(3);
    const start = async (alert: Parameters<StormBench["started"]>[0]): Promise<void> => {
      if (alert.finding.id === "finding-2") throw new Error("Step Functions is down");
      await bench.started(alert);
    };
    await assert.rejects(bench.flusher(undefined, { start }).run(trigger), /down/);
    assert.equal(bench.held.length, 1, "it does not pass for told");
    await bench.flusher().run(trigger);
    assert.deepEqual(bench.singles.map(({ finding }) => finding.id).sort(), ["finding-0", "finding-1", "finding-2", "finding-3"]);
    assert.deepEqual(bench.held, []);
  });

  it("does not repeat what its workflow recorded before the flusher died", async () => {
    const { bench, trigger } = await due(2);
    let dead = false;
    const mortal = {
      step: async () => {
        if (dead) throw new Error("the flusher died");
      },
    };
    const start = async (alert: Parameters<StormBench["started"]>[0]): Promise<void> => {
      await bench.started(alert);
      dead = true;
    };
    await assert.rejects(bench.flusher(mortal, { start }).run(trigger), /died/);
    bench.now += 17 * MINUTE;
    await bench.flusher().run(trigger);
    assert.equal(bench.singles.length, 3);
    assert.deepEqual(bench.held, []);
  });

  it("ends when the workflow found nobody to tell: the reminders tell of it when its hour is over", async () => {
    const { bench, trigger } = await due(2);
    await bench.flusher(undefined, { start: async () => undefined }).run(trigger);
    assert.deepEqual([bench.singles.length, bench.held.length], [1, 2]);
  });

  it("counts for the storm as any flush", async () => {
    const bench = new StormBench({ over: 2, within: "10m" });
    await bench.arrive(...many(0, 12));
    await bench.flush();
    bench.now = START + 10 * MINUTE;
    await bench.arrive(...many(12, 15));
    await bench.flush();
    assert.deepEqual([bench.messages.length, bench.singles.length], [1, 2 + 3]);
    await bench.arrive(oneOfMany(15));
    assert.equal(bench.held.length, 1, "three are more than two: it goes on");
  });
});

describe("what a storm's message says of why people are told", () => {
  it("is how many are new, how many escalated and from what, how many are reminders: for each channel of its own", async () => {
    const bench = new StormBench({ over: 2, within: "1h" });
    await bench.arrive(oneOfMany(0, { severity: "HIGH" }), oneOfMany(1, { severity: "MEDIUM" }));
    for (const single of bench.singles) await bench.triage.delivered(single);
    await bench.arrive(
      ...many(2, 6),
      oneOfMany(0, { severity: "CRITICAL", updatedAt: later(bench) }),
      oneOfMany(1, { severity: "CRITICAL", updatedAt: later(bench) }),
    );
    bench.route = ({ held }) =>
      ["soc-mail", ...(held.record.claim.reason === "escalated" ? ["pager"] : [])].map((name) => ({ name, kind: "email" }));
    await bench.flush();
    const summaries = Object.fromEntries(bench.messages.map(({ channel, alert }) => [channel, alert.storm]));
    assert.deepEqual(summaries["soc-mail"]?.reasons, { new: 4, escalated: 2 });
    assert.deepEqual(summaries["soc-mail"]?.escalatedFrom, ["MEDIUM", "HIGH"]);
    assert.deepEqual(summaries.pager?.reasons, { escalated: 2 });
    const list = bench.messages.find(({ channel }) => channel === "soc-mail");
    assert.deepEqual(
      rowsOf(list?.csv ?? "")
        .map((row) => row[9])
        .sort(),
      ["escalated from HIGH", "escalated from MEDIUM", "new", "new", "new", "new"],
    );
  });
});
