import assert from "node:assert/strict";
import fc from "fast-check";
import { isOpen } from "../../../functions/guard/record";
import { judge } from "../../../functions/security-groups/judge";
import { sameTraffic } from "../../../functions/security-groups/rule";
import { ACCOUNT, guardSettings, opening, REGION } from "../../support/guard";
import { SweepBench } from "./bench";

const SETTINGS = guardSettings({ mode: "alert" });
const GROUPS = ["sg-1", "sg-2", "sg-3"];
const RANGES = ["0.0.0.0/0", "::/0", "198.51.100.0/24", "10.1.0.0/16"];
const PORTS = [22, 443, 5432];

const group = fc.constantFrom(...GROUPS);
const rule = fc.tuple(fc.constantFrom(...RANGES), fc.constantFrom(...PORTS)).map(([range, port]) => opening(range, port));

/** What people do, and whether CloudTrail tells of it. */
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant("open" as const), group, rule, missed: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant("close" as const), group, nth: fc.nat(5), missed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("delete" as const), group, missed: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("look" as const) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("lookAgain" as const) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("fault" as const), after: fc.nat(30) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The table fails at one request, some requests from now; then it works again. */
function breakOnce(bench: SweepBench, after: number): void {
  let left = after;
  bench.stored.memory.before = () => {
    if (left-- === 0) throw new Error("the table is down");
  };
}

async function take(bench: SweepBench, one: Step): Promise<void> {
  bench.now += 60_000;
  const there = "group" in one ? bench.ec2.groups.get(one.group) : undefined;
  switch (one.does) {
    case "fault":
      return breakOnce(bench, one.after);
    case "look":
      await bench.look().catch(() => undefined);
      return;
    case "lookAgain": {
      const next = bench.queue[0];
      if (next === undefined) return;
      bench.now += next.seconds * 1000;
      // A message stays in the queue until it was handled.
      await bench.sweeping.run(next.place).then(
        () => void bench.queue.shift(),
        () => undefined,
      );
      return;
    }
    case "delete":
      bench.ec2.groups.delete(one.group);
      return;
    case "open": {
      if (there === undefined) bench.ec2.group(one.group);
      else if (there.rules.some((known) => sameTraffic(known, one.rule))) return;
      const event = bench.eventOf(bench.ec2.authorize("somebody", one.group, one.rule));
      return one.missed ? undefined : arrives(bench, event);
    }
    case "close": {
      const known = there?.rules[one.nth % Math.max(there.rules.length, 1)];
      if (known === undefined) return;
      const event = bench.eventOf(bench.ec2.revoke("somebody", one.group, known.id));
      return one.missed ? undefined : arrives(bench, event);
    }
  }
}

/** The queue brings an event again until the guard has handled it. */
async function arrives(bench: SweepBench, event: Record<string, unknown>): Promise<void> {
  await bench.arrives(event).catch(() => bench.arrives(event));
}

describe("after a whole sweep", () => {
  it("everything open is told of, once, nothing else is, and nobody's rules were touched", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25, size: "max" }), async (steps) => {
        const bench = new SweepBench(SETTINGS);
        for (const one of steps) await take(bench, one);
        bench.stored.memory.before = () => undefined;
        bench.queue.length = 0;
        bench.hourPasses();
        await bench.sweep();

        const { open } = await bench.table.place(ACCOUNT, REGION, bench.now);
        const records = (await Promise.all([...open.values()].flat().map((id) => bench.table.change(id)))).filter(
          (record) => record !== undefined && isOpen(record),
        );
        for (const [groupId, { rules }] of bench.ec2.groups) {
          for (const there of rules.filter((one) => judge(one, SETTINGS).verdict !== "approved")) {
            const about = records.filter((record) => record?.groupId === groupId && record.offending.some(({ id }) => id === there.id));
            assert.equal(about.length, 1, `${groupId} ${JSON.stringify(there)} is told ${about.length} times`);
            assert.ok(bench.executions.has(String(about[0]?.id)), "written down, but not told");
          }
        }
        for (const record of records) {
          const rules = bench.ec2.groups.get(String(record?.groupId))?.rules ?? [];
          assert.ok(
            record?.offending.some(({ id }) => rules.some((there) => there.id === id)),
            "open, but nothing of it is there",
          );
        }
        assert.deepEqual(
          bench.ec2.made.filter(({ by }) => by === "tocsin"),
          [],
        );
      }),
      { numRuns: 300 },
    );
  });

  it("nothing is written by the next one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25, size: "max" }), async (steps) => {
        const bench = new SweepBench(SETTINGS);
        for (const one of steps) await take(bench, one);
        bench.stored.memory.before = () => undefined;
        bench.queue.length = 0;
        bench.hourPasses();
        await bench.sweep();
        bench.hourPasses();
        bench.requests();
        await bench.look();
        const { table, ec2 } = bench.requests();
        assert.deepEqual(
          table.filter((operation) => operation !== "Query" && operation !== "GetItem"),
          [],
        );
        assert.deepEqual(ec2, ["DescribeSecurityGroupRules"]);
      }),
      { numRuns: 150 },
    );
  });
});
