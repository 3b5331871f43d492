import assert from "node:assert/strict";
import { aFinding, aGuardDutyFinding } from "../../support/findings";
import { Hub, reconcile, reminders } from "../../support/timed";
import { alertSettings, DAY, HOUR, START, TriageBench } from "../../support/triage";

describe("the reminders", () => {
  it("tell again when the period has passed since the last delivery, and then not before the next period", async () => {
    const bench = new TriageBench();
    const hub = new Hub([aFinding()]);
    await bench.arrivesAndIsDelivered(aFinding());
    bench.now += 5 * DAY - HOUR;
    assert.deepEqual(await reminders(bench, hub), { told: 0, closed: 0, quiet: 0, left: 0 });
    bench.now += HOUR;
    assert.deepEqual(await reminders(bench, hub), { told: 1, closed: 0, quiet: 0, left: 0 });
    assert.equal(bench.told.at(-1)?.reason, "reminder");
    await bench.delivered();
    bench.now += 4 * DAY;
    assert.equal((await reminders(bench, hub)).told, 0);
    bench.now += DAY;
    assert.equal((await reminders(bench, hub)).told, 1);
  });

  it("never remind of a severity without a period", async () => {
    const bench = new TriageBench(alertSettings({ remind: {} }));
    await bench.arrivesAndIsDelivered(aFinding());
    for (let day = 0; day < 30; day++) {
      bench.now += DAY;
      await bench.arrives(aFinding({ updatedAt: new Date(bench.now).toISOString() }));
      assert.equal((await reminders(bench, new Hub([aFinding()]))).told, 0, "also not because it is reported again");
    }
  });

  it("stop for a problem that has become milder than anybody asked for", async () => {
    const bench = new TriageBench();
    await bench.arrivesAndIsDelivered(aFinding());
    bench.now += 5 * DAY;
    const milder = new Hub([aFinding({ severity: "LOW" })]);
    assert.deepEqual(await reminders(bench, milder), { told: 0, closed: 0, quiet: 1, left: 0 });
    assert.deepEqual(await reminders(bench, milder), { told: 0, closed: 0, quiet: 0, left: 0 });
  });

  it("come at the same hour each time, not an hour later after each", async () => {
    const bench = new TriageBench(alertSettings({ remind: { CRITICAL: "1d" } }));
    bench.now += 700;
    await bench.arrivesAndIsDelivered(aFinding());
    for (let day = 1; day <= 3; day++) {
      bench.now = START + day * DAY;
      assert.equal((await reminders(bench, new Hub([aFinding()]))).told, 1, `day ${day}`);
      bench.now += 900;
      await bench.delivered();
    }
  });

  it("do not tell of a GuardDuty finding that nothing was heard of for as long as `forget`", async () => {
    const bench = new TriageBench(alertSettings({ forget: "7d", remind: { HIGH: "1d" } }));
    await bench.arrivesAndIsDelivered(aGuardDutyFinding());
    bench.now += 7 * DAY;
    assert.deepEqual(await reminders(bench, new Hub([])), { told: 0, closed: 1, quiet: 0, left: 0 });
  });

  it("never take a telling that is still on its way for a lost one, however long a throttled channel makes it wait", async () => {
    const bench = new TriageBench();
    await bench.arrives(aFinding());
    bench.now += 5 * 60_000;
    assert.equal((await reminders(bench, new Hub([aFinding()]))).told, 0);
  });

  it("mark all of a problem's findings that are still NEW when its wait is over", async () => {
    const bench = new TriageBench(alertSettings({ wait: { CRITICAL: "1d" } }));
    const [fsbp, cis] = [aFinding({ id: "fsbp" }), aFinding({ id: "cis" })];
    await bench.arrives(fsbp);
    await bench.arrives(cis);
    bench.now += DAY;
    await reminders(bench, new Hub([fsbp, cis]));
    assert.deepEqual(bench.told[0]?.marks.map(({ id }) => id).sort(), ["cis", "fsbp"]);
    await bench.delivered();
    assert.equal(await bench.arrives(aFinding({ id: "third" })), "duplicate");
    assert.deepEqual(
      bench.marks.map(({ id }) => id),
      ["third"],
    );
  });

  it("go by today's settings: a period that was taken away no longer reminds", async () => {
    const bench = new TriageBench();
    await bench.arrivesAndIsDelivered(aFinding());
    bench.now += 6 * DAY;
    const quieter = new TriageBench(alertSettings({ remind: { HIGH: "15d" } }));
    for (const [key, item] of bench.table.items) quieter.table.items.set(key, item);
    quieter.now = bench.now;
    assert.equal((await reminders(quieter, new Hub([aFinding()]))).told, 0);
  });

  it("close instead of reminding when Security Hub no longer holds the finding as active", async () => {
    const bench = new TriageBench();
    await bench.arrivesAndIsDelivered(aFinding());
    bench.now += 5 * DAY;
    assert.deepEqual(await reminders(bench, new Hub([])), { told: 0, closed: 1, quiet: 0, left: 0 });
  });

  it("remind of a GuardDuty finding that Security Hub never had, from what the table remembers", async () => {
    const bench = new TriageBench();
    await bench.arrivesAndIsDelivered(aGuardDutyFinding());
    bench.now += 15 * DAY;
    assert.equal((await reminders(bench, new Hub([]))).told, 1);
    assert.equal(bench.told.at(-1)?.finding.title, aGuardDutyFinding().title);
  });

  it("tell after the wait, unless the problem went away meanwhile", async () => {
    const medium = aFinding({ severity: "MEDIUM" });
    for (const [hub, told] of [[new Hub([medium]), 1] as const, [new Hub([]), 0] as const]) {
      const bench = new TriageBench(alertSettings({ wait: { MEDIUM: "1d" } }));
      await bench.arrives(medium);
      bench.now += DAY - 1;
      assert.equal((await reminders(bench, hub)).told, 0);
      bench.now += 1;
      assert.equal((await reminders(bench, hub)).told, told);
      assert.equal(bench.told[0]?.reason, told === 1 ? "new" : undefined);
    }
  });

  it("leave everything for the next hour while Security Hub does not answer", async () => {
    const bench = new TriageBench();
    const hub = new Hub([aFinding()]);
    await bench.arrivesAndIsDelivered(aFinding());
    bench.now += 5 * DAY;
    hub.down = true;
    assert.deepEqual(await reminders(bench, hub), { told: 0, closed: 0, quiet: 0, left: 1 });
    hub.down = false;
    assert.equal((await reminders(bench, hub)).told, 1);
  });

  it("take up a telling that was claimed and then lost", async () => {
    const bench = new TriageBench();
    await bench.arrives(aFinding());
    bench.told.length = 0;
    bench.now += HOUR;
    assert.equal((await reminders(bench, new Hub([aFinding()]))).told, 1);
    assert.equal(bench.told[0]?.reason, "new");
  });
});

describe("reconcile", () => {
  it("closes what Security Hub no longer holds as active, so that it counts as new when it comes back", async () => {
    const bench = new TriageBench();
    await bench.arrivesAndIsDelivered(aFinding());
    bench.now += DAY;
    assert.deepEqual(await reconcile(bench, new Hub([aFinding({ state: "inactive" })])), { open: 1, closed: 1, unanswered: 0 });
    bench.now += DAY;
    assert.equal(await bench.arrives(aFinding({ updatedAt: new Date(bench.now).toISOString() })), "reopened!");
  });

  it("leaves what is still active, and what nobody answered for", async () => {
    const bench = new TriageBench();
    const hub = new Hub([aFinding()]);
    await bench.arrivesAndIsDelivered(aFinding());
    assert.deepEqual(await reconcile(bench, hub), { open: 1, closed: 0, unanswered: 0 });
    hub.down = true;
    assert.deepEqual(await reconcile(bench, hub), { open: 1, closed: 0, unanswered: 1 });
  });

  it("keeps a problem open as long as one of its standards' findings is active", async () => {
    const bench = new TriageBench();
    await bench.arrivesAndIsDelivered(aFinding({ id: "fsbp" }));
    await bench.arrives(aFinding({ id: "cis" }));
    const hub = new Hub([aFinding({ id: "fsbp", state: "inactive" }), aFinding({ id: "cis" })]);
    assert.equal((await reconcile(bench, hub)).closed, 0);
  });

  it("does not take absence for the end of a GuardDuty finding, but forgets it after 30 days without an event", async () => {
    const bench = new TriageBench();
    await bench.arrivesAndIsDelivered(aGuardDutyFinding());
    bench.now += 29 * DAY;
    assert.equal((await reconcile(bench, new Hub([]))).closed, 0);
    bench.now += 2 * DAY;
    assert.equal((await reconcile(bench, new Hub([]))).closed, 1);
  });
});
