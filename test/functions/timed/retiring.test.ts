import assert from "node:assert/strict";
import { LEASE } from "../../../functions/episodes/lease";
import { aFinding } from "../../support/findings";
import { ends, Hub, reconcile, reminders, slack, told } from "../../support/timed";
import { alertSettings, DAY, HOUR, START, TriageBench } from "../../support/triage";

const at = (milliseconds: number): string => new Date(milliseconds).toISOString();

describe("an episode that a schedule closes", () => {
  const control = aFinding({ updatedAt: at(START) });

  it("is told as over by reconcile, with the reason", async () => {
    const bench = await told(slack, control);
    await reconcile(bench, new Hub([]));
    const [end] = ends(bench);
    assert.equal(end?.ending, "no longer active");
    assert.equal(end?.finding.title, control.title);
    await bench.delivered(end, "soc-slack");
    bench.now += DAY;
    await reminders(bench, new Hub([]));
    assert.equal(ends(bench).length, 1);
  });

  it("is told as forgotten where nothing was heard of it for long", async () => {
    const bench = await told();
    bench.now += 31 * DAY;
    await reconcile(bench, new Hub([]));
    assert.deepEqual(
      ends(bench).map(({ ending }) => ending),
      ["forgotten"],
    );
  });

  it("is told as over by the reminders that find it so", async () => {
    const bench = await told(slack, control);
    bench.now += 5 * DAY;
    assert.equal((await reminders(bench, new Hub([]))).closed, 1);
    assert.equal(ends(bench).length, 1);
    assert.deepEqual(
      bench.logged.filter(({ kind }) => kind === "closed").map(({ why }) => why),
      ["no longer active"],
    );
  });

  it("is told by the reminders where the telling got lost, but not while it may be on its way", async () => {
    const bench = await told(slack, control);
    const { tell } = bench;
    bench.tell = () => Promise.reject(new Error("Step Functions is down"));
    await reconcile(bench, new Hub([]));
    bench.tell = tell;
    bench.now += LEASE - 1;
    assert.equal((await reminders(bench, new Hub([]))).told, 0);
    bench.now += 1;
    assert.equal((await reminders(bench, new Hub([]))).told, 1);
    assert.equal(ends(bench)[0]?.ending, "no longer active");
    await bench.delivered(ends(bench)[0], "soc-slack");
    bench.now += HOUR;
    assert.deepEqual(await reminders(bench, new Hub([])), { told: 0, closed: 0, quiet: 0, left: 0 });
  });

  it("is still told as over where an event says the same before that", async () => {
    const bench = await told(slack, control);
    const { tell } = bench;
    bench.tell = () => Promise.reject(new Error("Step Functions is down"));
    await reconcile(bench, new Hub([]));
    bench.tell = tell;
    await bench.arrives({ ...control, state: "inactive", workflow: "SUPPRESSED", updatedAt: at(bench.now) });
    bench.now += HOUR;
    assert.equal((await reminders(bench, new Hub([]))).told, 1);
  });

  it("is not looked after where nobody can hear of its end", async () => {
    const bench = await told({ channels: [], routed: false }, control);
    await reconcile(bench, new Hub([]));
    bench.now += DAY;
    assert.deepEqual(await reminders(bench, new Hub([])), { told: 0, closed: 0, quiet: 0, left: 0 });
    assert.equal(ends(bench).length, 0);
  });

  it("leaves the wait of a return alone, even if its end was not told before", async () => {
    const settings = alertSettings({ wait: { MEDIUM: "1d" } });
    const medium = aFinding({ severity: "MEDIUM", updatedAt: at(START) });
    const bench = new TriageBench(settings, slack);
    await bench.arrives(medium);
    bench.now += DAY;
    await reminders(bench, new Hub([medium]));
    await bench.delivered(bench.told[0], "soc-slack");
    bench.tell = () => Promise.reject(new Error("Step Functions is down"));
    await reconcile(bench, new Hub([]));
    bench.tell = async (alert) => void bench.told.push(alert);
    const back = aFinding({ severity: "MEDIUM", updatedAt: at(bench.now + 1) });
    assert.equal(await bench.arrives(back), "waiting");
    bench.now += DAY - 1;
    assert.equal((await reminders(bench, new Hub([back]))).told, 0);
    bench.now += 1;
    assert.equal((await reminders(bench, new Hub([back]))).told, 1);
  });
});

describe("an episode that a storm holds", () => {
  it("is left alone by the reminders until its flush must have been lost, then told", async () => {
    const bench = new TriageBench();
    await bench.arrives(aFinding());
    const item = bench.table.items.get(bench.told[0]?.key ?? "");
    assert.ok(item);
    item.claimBy = { S: "storm" };
    item.due = { S: at(START + 600_000) };
    item.claimUntil = { S: at(START + 600_000 + HOUR) };
    bench.now += HOUR;
    const hub = new Hub([aFinding()]);
    assert.deepEqual(await reminders(bench, hub), { told: 0, closed: 0, quiet: 0, left: 0 });
    bench.now += HOUR;
    assert.deepEqual(await reminders(bench, hub), { told: 1, closed: 0, quiet: 0, left: 0 });
    assert.equal(bench.told[1]?.reason, "new");
  });
});
