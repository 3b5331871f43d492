import assert from "node:assert/strict";
import fc from "fast-check";
import type { Alert } from "../../../functions/alert";
import type { Finding } from "../../../functions/finding";
import type { FlushingParts } from "../../../functions/storms/flushing";
import type { Trigger } from "../../../functions/storms/trigger";
import { Hub, reminders } from "../../support/timed";
import { START } from "../../support/triage";
import { MINUTE, oneOfMany, rowsOf, StormBench, type Worker } from "./bench";

class Crash extends Error {}

/** A message of a queue: it comes back until a worker has finished with it. */
interface Message {
  readonly at: number;
  readonly work: (worker: Worker) => Promise<void>;
}

const OVER = 3;
const WITHIN = 10;
const CHANNELS = ["soc-mail", "soc-slack"];

const arrivals = fc.array(
  fc.record({ finding: fc.nat(30), minute: fc.oneof(fc.nat(3), fc.nat(40)), copies: fc.integer({ min: 1, max: 2 }) }),
  { minLength: 1, maxLength: 40 },
);

/** How often each channel was told of a finding. */
const timesTold = ({ singles, messages }: StormBench, { id }: Finding, channel: string): number =>
  singles.filter(({ finding }) => finding.id === id).length +
  messages.filter((message) => message.channel === channel && rowsOf(message.csv).some((row) => row[7] === id)).length;

const history = fc.array(fc.record({ finding: fc.nat(9), minute: fc.nat(60), severity: fc.constantFrom("MEDIUM", "HIGH", "CRITICAL") }), {
  minLength: 1,
  maxLength: 40,
});

describe("what a storm does to episodes that a channel was told of singly, before or after it", () => {
  it("is nothing: the channel will hear of their end, in the thread that began first", () =>
    fc.assert(
      fc.asyncProperty(history, async (events) => {
        const bench = new StormBench({ over: OVER, within: `${WITHIN}m` });
        bench.route = () => [{ name: "soc-slack", kind: "slack" }];
        const threads = new Map<string, string>();
        const accept = async (alert: Alert): Promise<void> => {
          await bench.accepts(alert, "soc-slack", `thread-${alert.telling}`);
          threads.set(alert.key, threads.get(alert.key) ?? `thread-${alert.telling}`);
        };
        const flushDue = async (until: number): Promise<void> => {
          const due = bench.triggers.filter(({ flushAt }) => flushAt + 15_000 <= until);
          bench.triggers = bench.triggers.filter((trigger) => !due.includes(trigger));
          for (const trigger of due) {
            bench.now = Math.max(bench.now, trigger.flushAt + 15_000);
            await bench.flusher(undefined, { start: accept }).run(trigger);
          }
        };
        let recorded = 0;
        for (const { finding, minute, severity } of events.toSorted((a, b) => a.minute - b.minute)) {
          await flushDue(START + minute * MINUTE);
          bench.now = Math.max(bench.now, START + minute * MINUTE) + 1;
          await bench.arrive(oneOfMany(finding, { severity, updatedAt: new Date(bench.now).toISOString() }));
          for (const alert of bench.singles.slice(recorded)) {
            await accept(alert);
          }
          recorded = bench.singles.length;
        }
        await flushDue(Number.POSITIVE_INFINITY);
        for (const [key, item] of bench.triage.table.items) {
          if (item.status === undefined) continue;
          const told = (await bench.triage.store.get(key))?.channels["soc-slack"];
          assert.deepEqual([told?.thread, told?.resolved], [threads.get(key), !threads.has(key)]);
        }
      }),
      { numRuns: 300 },
    )).timeout(60_000);
});

describe("the bound on what a storm tells", () => {
  it("holds under duplicates, concurrency and dying workers and flushers: each finding is told to each channel once, and at most 1 + crashes times", () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), arrivals, fc.boolean(), fc.infiniteStream(fc.nat(30)), async (scheduler, events, mortal, dice) => {
        const bench = new StormBench({ over: OVER, within: `${WITHIN}m` });
        bench.route = () => CHANNELS.map((name) => ({ name, kind: "email" }));
        let crashes = 0;
        let dying = mortal;
        // Whatever a worker does is a moment at which another may go first, and at which it may die. Whoever died does nothing any more.
        const someone = (): Worker & { dead: boolean } => ({
          dead: false,
          async step() {
            await scheduler.schedule(Promise.resolve());
            const { value } = dice.next();
            if (!this.dead && dying && crashes < 6 && value === 0) {
              crashes++;
              this.dead = true;
            }
            // Some things take long.
            bench.now += mortal && value === 1 ? 20_000 : 0;
            if (this.dead) throw new Crash();
          },
        });
        const workers = [someone(), someone()].map((worker) => ({ worker, storms: bench.storms(worker) }));
        let turn = 0;
        bench.triage.tell = async (alert) => {
          const index = turn++ % workers.length;
          if (workers[index]?.worker.dead) {
            const worker = someone();
            workers[index] = { worker, storms: bench.storms(worker) };
          }
          await workers[index]?.storms.tell(alert);
        };
        // A channel's workflow may fail without anybody dying: the others must not hear of it twice.
        const sometimesDown =
          (worker: Worker): FlushingParts["tell"] =>
          async (alert, _, { name }) => {
            await worker.step();
            if (name === "soc-slack" && round < 100 && (dice.next().value ?? 0) % 2 === 0) throw new Error("Step Functions is down");
            await bench.delivered(alert, name);
            await worker.step();
          };
        const startSometimes =
          (worker: Worker): FlushingParts["start"] =>
          async (alert) => {
            await worker.step();
            if (round < 100 && (dice.next().value ?? 0) % 4 === 0) throw new Error("Step Functions is down");
            await bench.started(alert);
            await worker.step();
          };
        let round = 0;
        const flushed = (trigger: Trigger): Message => ({
          at: trigger.flushAt + 15_000,
          work: (worker) => bench.flusher(worker, { tell: sometimesDown(worker), start: startSometimes(worker) }).run(trigger),
        });
        let queue: Message[] = events.flatMap(({ finding, minute, copies }, index) =>
          Array<Message>(copies).fill({
            at: START + minute * MINUTE,
            work: async () => void (await bench.triage.arrives(oneOfMany(finding), `event-${index}`)),
          }),
        );
        const singlesAt: number[] = [];
        let recorded = 0;
        const findings = [...new Set(events.map(({ finding }) => finding))].map((n) => oneOfMany(n));
        const drain = async (): Promise<void> => {
          for (; queue.length > 0; round++) {
            assert.ok(round < 1_000, "the queues do not drain");
            dying &&= round < 200;
            bench.now = Math.max(bench.now, Math.min(...queue.map(({ at }) => at)));
            const due = queue.filter(({ at }) => at <= bench.now);
            queue = queue.filter(({ at }) => at > bench.now);
            const again: Message[] = [];
            const retried = (message: Message): void => void again.push({ ...message, at: bench.now + 3 * MINUTE });
            await scheduler.waitFor(Promise.all(due.map((message) => message.work(someone()).catch(() => retried(message)))));
            queue.push(...again, ...bench.triggers.splice(0).map(flushed));
            for (const alert of bench.singles.slice(recorded).filter((single) => !bench.flushed.includes(single))) {
              singlesAt.push(bench.now);
              await bench.triage.delivered(alert).catch(() => undefined);
            }
            recorded = bench.singles.length;
          }
        };
        await drain();
        assert.ok(mortal || bench.held.length === 0, "what is held is told by its flush");
        // The hourly schedule takes up what a crash, or a write that came too late, left behind.
        for (let hour = 0; hour < 4; hour++) {
          bench.now += 60 * MINUTE;
          dying = false;
          const run = reminders(bench.triage, new Hub(findings));
          await scheduler.waitFor(run);
          queue = bench.triggers.splice(0).map(flushed);
          await drain();
        }
        assert.deepEqual(bench.held, []);
        for (const finding of findings) {
          for (const channel of CHANNELS) {
            const times = timesTold(bench, finding, channel);
            assert.ok(times >= 1 && times <= 1 + crashes, `${finding.id}: told ${times} times to ${channel}, ${crashes} crashes`);
          }
        }
        for (const from of singlesAt) {
          const within = singlesAt.filter((at) => at >= from && at < from + WITHIN * MINUTE).length;
          assert.ok(within <= 2 * OVER + crashes, `${within} single messages within a window's time, ${crashes} crashes`);
        }
        const before = bench.singles.length;
        bench.now += 24 * 60 * MINUTE;
        await scheduler.waitFor(bench.triage.arrives(oneOfMany(99)));
        assert.equal(bench.singles.length, before + 1, "back to single messages by itself");
      }),
      { numRuns: 300 },
    )).timeout(120_000);
});
