import assert from "node:assert/strict";
import { LEASE } from "../../../functions/episodes/lease";
import { aFinding, aGuardDutyFinding } from "../../support/findings";
import { ends, Hub, reminders, slack, told } from "../../support/timed";
import { alertSettings, DAY, HOUR, START, TriageBench } from "../../support/triage";

const at = (milliseconds: number): string => new Date(milliseconds).toISOString();
const archived = (time: number) => aGuardDutyFinding({ state: "inactive", updatedAt: at(time) });

describe("the end of an episode that people were told of", () => {
  it("is told once, of the same episode, to those that were told, when its own event says so", async () => {
    const bench = await told();
    assert.equal(await bench.arrives(archived(bench.now)), "resolved");
    const [end] = ends(bench);
    assert.equal(end?.episode, bench.told[0]?.episode);
    assert.equal(end?.ending, "by its source");
    assert.deepEqual(Object.keys(end?.told ?? {}), ["soc-slack", "soc-mail"]);
    assert.deepEqual(end?.marks, []);
    await bench.delivered(end, "soc-slack");
    assert.equal(await bench.arrives(archived(bench.now)), "resolved", "Security Hub's copy of the same");
    assert.equal(await bench.arrives(archived(bench.now + 5)), "resolved");
    assert.equal(ends(bench).length, 1);
    bench.now += HOUR;
    assert.equal(await bench.arrives(aGuardDutyFinding({ updatedAt: at(bench.now) })), "reopened!");
  });

  it("costs one write for the event, one for each that hears of it, and two so that nobody is forgotten", async () => {
    const bench = await told();
    const before = bench.table.requests.length;
    await bench.arrives(archived(bench.now));
    await bench.delivered(ends(bench)[0], "soc-slack");
    assert.equal(bench.table.requests.length - before, 4);
  });

  it("starts nothing where nobody can use it: mail alone, or people that others told", async () => {
    const mail = await told({ channels: [], routed: false });
    await mail.arrives(archived(mail.now));
    assert.equal(ends(mail).length, 0);
    const others = new TriageBench(alertSettings(), { channels: ["soc-slack"], routed: true });
    const notified = aFinding({ workflow: "NOTIFIED", updatedAt: at(START) });
    await others.arrives(notified);
    await others.arrives({ ...notified, workflow: "SUPPRESSED", state: "inactive", updatedAt: at(START + 1) });
    assert.equal(others.told.length, 0);
  });

  it("is not told of what nobody was told", async () => {
    const bench = new TriageBench(alertSettings(), { channels: ["soc-slack"], routed: true });
    await bench.arrives(archived(START));
    assert.equal(bench.told.length, 0);
  });

  it("is told where a route asks for it, also if all that were told cannot use it", async () => {
    const bench = await told({ channels: ["pager"], routed: true });
    await bench.arrives(archived(bench.now), "event-end");
    assert.equal(ends(bench).length, 1);
    await bench.delivered(ends(bench)[0], "pager");
    bench.now += LEASE;
    await bench.arrives(archived(bench.now - LEASE), "event-end");
    assert.equal(ends(bench).length, 1, "a duplicate of the same event");
  });

  it("is told while a mute holds: what was told is taken back", async () => {
    const bench = await told();
    bench.mutes = [{ when: {}, expires: at(START + 9 * DAY), owner: "alice@example.com", reason: "test" }];
    await bench.arrives(archived(bench.now));
    assert.equal(ends(bench).length, 1);
  });

  it("is not lost with the worker that closed it: the retry of the same event waits for the lease, then tells", async () => {
    const bench = await told();
    const { tell } = bench;
    const end = archived(bench.now);
    bench.tell = () => Promise.reject(new Error("the worker died"));
    await assert.rejects(bench.arrives(end, "event-end"), /died/);
    bench.tell = tell;
    await assert.rejects(bench.arrives(end, "event-end"), /another attempt/);
    bench.now += LEASE + 1;
    await bench.arrives(end, "event-end");
    await bench.delivered(ends(bench)[0], "soc-slack");
    bench.now += LEASE + 1;
    await bench.arrives(end, "event-end");
    assert.equal(ends(bench).length, 1);
  });

  it("is told within the hour to a channel that took its last message after the end", async () => {
    const bench = new TriageBench(alertSettings(), slack);
    const first = aGuardDutyFinding({ updatedAt: at(bench.now) });
    await bench.arrives(first);
    await bench.arrives(archived(bench.now + 10));
    await bench.delivered(bench.told[0], "soc-slack");
    assert.equal(ends(bench).length, 0);
    bench.now += HOUR;
    assert.deepEqual(await reminders(bench, new Hub([])), { told: 1, closed: 0, quiet: 0, left: 0 });
    assert.equal(ends(bench)[0]?.ending, "by its source");
    await bench.delivered(ends(bench)[0], "soc-slack");
    bench.now += HOUR;
    assert.deepEqual(await reminders(bench, new Hub([])), { told: 0, closed: 0, quiet: 0, left: 0 });
    assert.equal(await bench.arrives({ ...first, updatedAt: at(bench.now) }), "reopened!");
  });

  it("is looked after once and no more where that channel cannot use it", async () => {
    const bench = new TriageBench(alertSettings(), slack);
    await bench.arrives(aGuardDutyFinding({ updatedAt: at(bench.now) }));
    await bench.arrives(archived(bench.now + 10));
    await bench.delivered(bench.told[0], "soc-mail");
    bench.now += HOUR;
    assert.deepEqual(await reminders(bench, new Hub([])), { told: 0, closed: 0, quiet: 1, left: 0 });
    assert.deepEqual(await reminders(bench, new Hub([])), { told: 0, closed: 0, quiet: 0, left: 0 });
  });
});
