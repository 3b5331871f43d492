import assert from "node:assert/strict";
import fc from "fast-check";
import { loggedDuring } from "../support/deliveries";
import { aGuardDutyFinding } from "../support/findings";
import { Hub, reminders } from "../support/timed";
import { alertSettings, HOUR, START, TriageBench } from "../support/triage";
import { type Trouble, Workflows } from "../support/workflow";

const CHANNELS = ["soc-slack", "soc-mail"];
const MINUTE = 60_000;

const finding = (state: "active" | "inactive" = "active", minute = 0) =>
  aGuardDutyFinding({ state, updatedAt: new Date(START + minute * MINUTE).toISOString() });

async function begun(): Promise<Workflows> {
  const bench = new TriageBench(alertSettings({ remind: {} }), { channels: ["soc-slack"], routed: false });
  await bench.arrives(finding());
  return new Workflows(bench, CHANNELS);
}

/** Six hours without trouble: the queue and the reminders do their work. */
async function calm(life: Workflows): Promise<void> {
  const { bench } = life;
  for (let quarter = 0; quarter < 24; quarter++) {
    bench.now += HOUR / 4;
    await life.redeliver();
    if (quarter % 4 === 3) {
      const told = bench.told.length;
      await reminders(bench, new Hub([]));
      for (const alert of bench.told.slice(told)) await life.run({ alert });
    }
  }
}

const times = ({ taken }: Workflows, channel: string, isEnd: boolean): number =>
  taken.filter((one) => one.channel === channel && (one.alert.reason === "resolved") === isEnd).length;

/** Each channel heard of the finding at least once, and once more at most for each trouble. */
function assertTold(life: Workflows, most: number, what: string): void {
  for (const channel of CHANNELS) {
    const heard = times(life, channel, false);
    assert.ok(heard >= 1 && heard <= most, `${what}: ${channel} heard ${heard} times`);
  }
  assert.deepEqual(life.undelivered, [], what);
}

const FAILURES: readonly (readonly string[])[] = [
  [],
  ["Enrich"],
  ["Enrich", "ParkAlert"],
  ["DeliverSlack"],
  ["DeliverSlack", "DeliverEmail"],
  ["DeliverSlack", "Park"],
  ["Record"],
  ["Record", "Park"],
  ["Settle"],
  ["DeliverSlack", "Settle"],
  ["DeliverSlack", "DeliverEmail", "Hold"],
];

const NEVER_DIES: Trouble = {};
const deaths: readonly Trouble[] = [NEVER_DIES, ...Array.from({ length: 12 }, (_, dies) => [{ dies }, { dies, after: true }]).flat()];

describe("an execution of the workflow alert that dies or fails anywhere", () => {
  for (const failing of FAILURES) {
    it(`leaves no channel untold${failing.length > 0 ? `, where ${failing.join(" and ")} ${failing.length > 1 ? "fail" : "fails"}` : ""}`, () =>
      loggedDuring(async () => {
        for (const death of deaths) {
          const life = await begun();
          await life.run({ alert: life.bench.told[0] }, { ...death, failing });
          await calm(life);
          const most =
            1 + (death === NEVER_DIES ? 0 : 1) + (failing.some((name) => ["Record", "Settle", "Park", "Hold"].includes(name)) ? 1 : 0);
          assertTold(life, most, JSON.stringify(death));
        }
      })).timeout(20_000);
  }

  for (const failing of [...FAILURES, ["SettleEnd"], ["DeliverSlack", "HoldEnd"]]) {
    it(`has every channel that was told hear of the end${failing.length > 0 ? `, where ${failing.join(" and ")} ${failing.length > 1 ? "fail" : "fails"}` : ""}, and nobody look after it for ever`, () =>
      loggedDuring(async () => {
        for (const death of deaths) {
          const life = await begun();
          const { bench } = life;
          await life.run({ alert: bench.told[0] });
          bench.now += 10 * MINUTE;
          await bench.arrives(finding("inactive", 10));
          assert.equal(bench.told[1]?.reason, "resolved");
          await life.run({ alert: bench.told[1] }, { ...death, failing });
          await calm(life);
          const heard = times(life, "soc-slack", true);
          assert.ok(heard >= 1 && heard <= 3, `${JSON.stringify(death)}: heard ${heard} times`);
          assert.equal(bench.table.items.get(bench.told[0]?.key ?? "")?.due, undefined, JSON.stringify(death));
        }
      })).timeout(20_000);
  }

  it("leaves no channel untold, whatever goes wrong in a row, and tells none more often than something went wrong", () =>
    loggedDuring(() =>
      fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              dies: fc.option(fc.nat(8), { nil: undefined }),
              after: fc.boolean(),
              failing: fc.subarray(["Enrich", "DeliverSlack", "DeliverEmail", "Park", "ParkAlert", "Record", "Settle", "Hold"]),
            }),
            { minLength: 1, maxLength: 5 },
          ),
          async (troubles) => {
            const life = await begun();
            const { bench } = life;
            let [alert] = bench.told;
            for (const trouble of troubles) {
              if (alert !== undefined) await life.run({ alert }, trouble);
              bench.now += 2 * MINUTE;
              await life.redeliver(trouble);
              bench.now += HOUR;
              const told = bench.told.length;
              await reminders(bench, new Hub([]));
              alert = bench.told[told];
            }
            if (alert !== undefined) await life.run({ alert });
            await calm(life);
            assertTold(life, 1 + 2 * troubles.length, JSON.stringify(troubles));
          },
        ),
        { numRuns: 150 },
      ),
    )).timeout(60_000);
});
