import assert from "node:assert/strict";
import fc from "fast-check";
import { type Finding, type Severity, severityRank } from "../../../functions/finding";
import { aFinding } from "../../support/findings";
import { START, TriageBench } from "../../support/triage";

class Crash extends Error {}

/** A message in the intake queue: it comes back until a worker has finished with it. */
interface Message {
  readonly eventId: string;
  readonly finding: Finding;
}

const findings = fc.array(
  fc.record({
    problem: fc.constantFrom("a", "b"),
    severity: fc.constantFrom<Severity>("MEDIUM", "HIGH", "CRITICAL"),
    minute: fc.nat(5),
    copies: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 8 },
);

describe("the bound on deliveries", () => {
  it("holds under duplicated, reordered and concurrent events and dying workers: 1 ≤ deliveries per episode and reason ≤ 1 + crashes", () =>
    fc.assert(
      fc.asyncProperty(fc.scheduler(), findings, fc.infiniteStream(fc.nat(9)), async (scheduler, arrivals, dice) => {
        const bench = new TriageBench();
        let crashes = 0;
        let dying = true;
        const mayDie = (): void => {
          if (dying && crashes < 5 && dice.next().value === 0) {
            crashes++;
            throw new Crash();
          }
        };
        // Every request and every hand-over is a moment at which another worker may go first, and at which this one may die, before or after it.
        bench.table.before = async () => {
          await scheduler.schedule(Promise.resolve());
          mayDie();
        };
        const { tell } = bench;
        bench.tell = async (alert) => {
          await scheduler.schedule(Promise.resolve());
          mayDie();
          await tell(alert);
          mayDie();
        };
        let queue: Message[] = arrivals.flatMap(({ problem, severity, minute, copies }, index) => {
          const updatedAt = new Date(START + minute * 60_000).toISOString();
          return Array<Message>(copies).fill({
            eventId: `event-${index}`,
            finding: aFinding({ id: problem, problem, severity, updatedAt }),
          });
        });
        for (let round = 0; queue.length > 0; round++) {
          assert.ok(round < 100, "the queue does not drain");
          dying = round < 5;
          const again: Message[] = [];
          const working = queue.map((message) => bench.arrives(message.finding, message.eventId).catch(() => void again.push(message)));
          await scheduler.waitFor(Promise.all(working));
          // What the workflow "alert" delivered is recorded before the queue shows the failed messages again.
          bench.table.before = () => undefined;
          for (const alert of bench.told) await bench.delivered(alert).catch(() => undefined);
          bench.table.before = async () => {
            await scheduler.schedule(Promise.resolve());
            mayDie();
          };
          bench.now += 180_000;
          queue = again;
        }
        const tellings = Map.groupBy(
          bench.told,
          ({ episode, reason, finding }) => `${episode} ${reason} ${reason === "escalated" ? finding.severity : ""}`,
        );
        for (const [what, alerts] of tellings) {
          assert.ok(alerts.length <= 1 + crashes, `${what}: ${alerts.length} deliveries, ${crashes} crashes`);
        }
        for (const [problem, events] of Map.groupBy(arrivals, (arrival) => arrival.problem)) {
          const newest = events.reduce((a, b) => (b.minute > a.minute ? b : a));
          const told = bench.told.filter(({ finding }) => finding.problem === problem).map(({ finding }) => severityRank(finding.severity));
          assert.ok(Math.max(-1, ...told) >= severityRank(newest.severity), `nobody was told that ${problem} is ${newest.severity}`);
        }
      }),
      { numRuns: 200 },
    )).timeout(20_000);
});
