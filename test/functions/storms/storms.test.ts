import assert from "node:assert/strict";
import { aGuardDutyFinding } from "../../support/findings";
import { HOUR } from "../../support/triage";
import { MINUTE, oneOfMany, rowsOf, StormBench } from "./bench";

const many = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => oneOfMany(from + index));
const at = (milliseconds: number): string => new Date(milliseconds).toISOString();

describe("a storm", () => {
  it("becomes two messages after the first findings were told singly, and loses none of 10,000", async () => {
    const bench = new StormBench();
    for (const finding of many(0, 10_000)) {
      await bench.arrive(finding);
      bench.now += 6;
    }
    assert.equal(bench.singles.length, 20);
    assert.equal(bench.triggers.length, 2);
    assert.equal(bench.held.length, 9_980);
    await bench.flush();
    assert.equal(bench.messages.length, 2);
    const rows = bench.messages.flatMap(({ csv }) => rowsOf(csv));
    assert.equal(rows.length, 9_980);
    const told = new Set([...bench.singles.map(({ finding }) => finding.id), ...rows.map((row) => row[7])]);
    assert.deepEqual(told, new Set(many(0, 10_000).map(({ id }) => id)));
    assert.deepEqual(bench.held, []);
    assert.equal(bench.marked.length, 9_980);
    const logged = bench.logged.filter(({ kind }) => kind === "storm").flatMap(({ findingIds }) => findingIds as string[]);
    assert.equal(new Set(logged).size, 9_980);
  }).timeout(60_000);

  it("does not begin with the last finding that may be told singly, but with the next", async () => {
    const bench = new StormBench({ over: 3, within: "10m" });
    await bench.arrive(...many(0, 3));
    assert.deepEqual([bench.singles.length, bench.triggers.length], [3, 0]);
    await bench.arrive(oneOfMany(3));
    assert.deepEqual([bench.singles.length, bench.triggers.length], [3, 1]);
  });

  it("is one of its kind: findings of another control, or of another origin, are told singly meanwhile", async () => {
    const bench = new StormBench({ over: 3, within: "10m" });
    await bench.arrive(...many(0, 9));
    await bench.arrive(oneOfMany(9, { kind: "EC2.13" }), aGuardDutyFinding({ kind: "EC2.19" }));
    assert.equal(bench.singles.length, 5);
  });

  it("is not made of samples, and samples are none of it: whoever asks GuardDuty for samples hides and delays nothing", async () => {
    const bench = new StormBench({ over: 3, within: "10m" });
    await bench.arrive(...many(0, 9).map((finding) => ({ ...finding, sample: true })));
    await bench.arrive(...many(20, 23));
    assert.equal(bench.singles.filter(({ finding }) => !finding.sample).length, 3);
    await bench.arrive(...many(23, 29));
    await bench.flush();
    assert.deepEqual(bench.messages.map(({ alert }) => `${alert.finding.sample} ${alert.storm?.count}`).sort(), ["false 6", "true 6"]);
  });

  it("does not count what is spread over windows", async () => {
    const bench = new StormBench({ over: 3, within: "10m" });
    for (let window = 0; window < 5; window++) {
      await bench.arrive(...many(window * 3, window * 3 + 3));
      bench.now += 10 * MINUTE;
    }
    assert.deepEqual([bench.singles.length, bench.held.length], [15, 0]);
  });

  it("goes on without single messages while windows exceed the bound, and ends with the first that does not", async () => {
    const bench = new StormBench({ over: 3, within: "10m" });
    const counts = [10, 10, 4, 2, 3];
    let next = 0;
    for (const count of counts) {
      await bench.arrive(...many(next, next + count));
      next += count;
      await bench.flush();
    }
    assert.deepEqual(
      bench.messages.map(({ alert }) => alert.storm?.count),
      [7, 10, 4],
    );
    assert.equal(bench.singles.length - bench.flushed.length, 3 + 3, "the first three of the storm, and the three after its end");
  });

  it("is over when nothing came for a whole window, and then the next finding is told singly", async () => {
    const bench = new StormBench({ over: 3, within: "10m" });
    await bench.arrive(...many(0, 9));
    await bench.flush();
    bench.now += 20 * MINUTE;
    await bench.arrive(oneOfMany(9));
    assert.equal(bench.singles.length, 4);
  });

  it("tells in the next message what comes while one is being told", async () => {
    const bench = new StormBench({ over: 3, within: "10m" });
    await bench.arrive(...many(0, 9));
    const [first] = bench.triggers;
    bench.now = (first?.flushAt ?? 0) + 1;
    await bench.arrive(oneOfMany(9));
    assert.equal(bench.held.length, 7);
    await bench.flush();
    assert.deepEqual(
      bench.messages.map(({ alert }) => alert.storm?.count),
      [6],
    );
    assert.deepEqual(
      bench.flushed.map(({ finding }) => finding.id),
      ["finding-9"],
    );
  });

  it("lets through what says that an episode is over", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    await bench.arrive(...many(0, 5));
    const [single] = bench.singles;
    assert.ok(single);
    await bench.storms().tell({ ...single, reason: "resolved" });
    assert.equal(bench.singles.at(-1)?.reason, "resolved");
  });

  it("costs a lone finding one write, and a held one a single write as soon as the worker knows of the storm", async () => {
    const bench = new StormBench({ over: 2, within: "10m" });
    const writes = async (n: number): Promise<number> => {
      const before = bench.triage.table.requests.length;
      await bench.arrive(oneOfMany(n));
      // One of them is triage's own.
      return bench.triage.table.requests.length - before - 1;
    };
    assert.equal(await writes(0), 1);
    assert.equal(await writes(1), 2);
    await writes(2);
    assert.equal(await writes(3), 1);
    bench.worker();
    assert.equal(await writes(4), 2);
    assert.equal(await writes(5), 1);
  });

  it("is planned once by a worker, however many findings it works on at the same time", async () => {
    const bench = new StormBench({ over: 2, within: "10m" });
    await Promise.all(many(0, 10).map((finding, index) => bench.triage.arrives(finding, `event-${index}`)));
    assert.deepEqual([bench.singles.length, bench.triggers.length, bench.held.length], [2, 1, 8]);
  });

  it("plans the flush before it remembers it: a worker that dies in between leaves a message too many, not one too few", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    await bench.arrive(oneOfMany(0));
    let dying = true;
    bench.triage.table.before = () => {
      if (dying && bench.triggers.length > 0) {
        throw new Error("the worker died");
      }
    };
    await assert.rejects(bench.arrive(oneOfMany(1)), /died/);
    assert.equal(bench.triggers.length, 1);
    dying = false;
    bench.now += 6 * MINUTE;
    await bench.triage.arrives(oneOfMany(1), "event-2");
    assert.equal(bench.held.length, 1);
    await bench.flush();
    assert.deepEqual([bench.held.length, bench.flushed.length], [0, 1]);
  });

  it("hands what was lost with its flush to the reminders, and stops holding for it", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    await bench.arrive(...many(0, 3));
    const record = await bench.triage.store.get(bench.held[0] ?? "");
    assert.equal(record?.claim?.until, at((bench.triggers[0]?.flushAt ?? 0) + HOUR));
    bench.triggers = [];
    bench.now += 2 * HOUR;
    await bench.arrive(oneOfMany(9));
    assert.equal(bench.singles.length, 2);
  });

  it("leaves an episode to whoever took it over meanwhile", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    await bench.arrive(...many(0, 6));
    const [key = ""] = bench.held;
    const item = bench.triage.table.items.get(key);
    assert.ok(item);
    item.claim = { S: "another" };
    item.claimBy = { S: "somebody" };
    await bench.flush();
    assert.equal(bench.messages[0]?.alert.storm?.count, 4);
    assert.equal(item.deliveredTelling, undefined);
  });

  it("does not take back an episode that somebody else claimed before it could be held", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    await bench.arrive(...many(0, 2));
    const [key = ""] = bench.held;
    const [single] = bench.singles;
    const item = bench.triage.table.items.get(key);
    assert.ok(single && item);
    item.claimBy = { S: "somebody" };
    await bench.storms().tell({ ...single, key, telling: "an older one" });
    assert.equal(bench.triage.table.items.get(key)?.claimBy?.S, "somebody");
  });
});
