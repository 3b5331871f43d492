import assert from "node:assert/strict";
import { confirmationAttribute } from "../../../functions/episodes/key";
import type { Mute } from "../../../functions/mutes/mutes";
import { aFinding, aGuardDutyFinding } from "../../support/findings";
import { Hub, reminders } from "../../support/timed";
import { alertSettings, DAY, HOUR, START, TriageBench } from "../../support/triage";

const at = (milliseconds: number): string => new Date(milliseconds).toISOString();

const aMute = (overrides: Partial<Mute> = {}): Mute => ({
  when: {},
  expires: at(START + 2 * DAY),
  owner: "alice@example.com",
  reason: "penetration test",
  ...overrides,
});

function muted(mutes: readonly Mute[] = [aMute()], settings = alertSettings()): TriageBench {
  const bench = new TriageBench(settings);
  bench.mutes = mutes;
  return bench;
}

/** Hours pass, each with a run of the reminders; what is told is delivered. */
async function hoursPass(bench: TriageBench, hub: Hub, hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour++) {
    bench.now += HOUR;
    const told = bench.told.length;
    await reminders(bench, hub);
    for (const alert of bench.told.slice(told)) await bench.delivered(alert);
  }
}

describe("a muted problem", () => {
  it("is written down but not told; who muted it, and until when, is logged", async () => {
    const bench = muted();
    assert.equal(await bench.arrives(aFinding()), "muted");
    assert.equal(await bench.arrives(aFinding({ updatedAt: at(bench.now) })), "muted");
    const { decision, owner, until } = bench.decisions[0] ?? {};
    assert.deepEqual({ decision, owner, until }, { decision: "quiet", owner: "alice@example.com", until: "2026-03-03T09:00:00.000Z" });
    assert.deepEqual(bench.table.requests, ["UpdateItem", "UpdateItem"]);
    assert.equal(bench.told.length, 0);
  });

  it("is told when the mute is over and it is still there, without waiting for another event", async () => {
    const bench = muted();
    await bench.arrives(aFinding());
    const hub = new Hub([aFinding()]);
    await hoursPass(bench, hub, 47);
    assert.equal(bench.told.length, 0);
    await hoursPass(bench, hub, 1);
    assert.deepEqual(
      bench.told.map(({ reason }) => reason),
      ["new"],
    );
    assert.deepEqual(bench.logged.find(({ kind }) => kind === "postponed")?.owner, "alice@example.com");
  });

  it("is told by its next event if that comes first after the mute", async () => {
    const bench = muted();
    await bench.arrives(aFinding());
    bench.now += 2 * DAY;
    assert.equal(await bench.arrivesAndIsDelivered(aFinding({ updatedAt: at(bench.now) })), "new!");
    assert.equal(await bench.arrives(aFinding({ updatedAt: at(bench.now + 1) })), "duplicate");
  });

  it("is never told if it is over before the mute", async () => {
    const bench = muted();
    await bench.arrives(aFinding());
    await hoursPass(bench, new Hub([]), 72);
    assert.equal(bench.told.length, 0);
  });

  it("is told within a day after its mute was taken out of the settings", async () => {
    const bench = muted([aMute({ expires: at(START + 60 * DAY) })]);
    await bench.arrives(aFinding());
    bench.mutes = [];
    await hoursPass(bench, new Hub([aFinding()]), 24);
    assert.equal(bench.told.length, 1);
  });

  it("stays quiet where its mute was prolonged", async () => {
    const bench = muted();
    await bench.arrives(aFinding());
    bench.mutes = [aMute({ expires: at(START + 9 * DAY) })];
    await hoursPass(bench, new Hub([aFinding()]), 8 * 24);
    assert.equal(bench.told.length, 0);
    await hoursPass(bench, new Hub([aFinding()]), 24);
    assert.equal(bench.told.length, 1);
  });

  it("is told as new when it becomes graver, once, even if the first attempt to tell dies", async () => {
    const bench = muted();
    assert.equal(await bench.arrives(aFinding({ severity: "HIGH", updatedAt: at(START) })), "muted");
    const risen = aFinding({ severity: "CRITICAL", updatedAt: at(START + 1) });
    let requests = 0;
    bench.table.before = () => {
      // The write that notes the rise gets through, the claim does not.
      if (++requests === 2) throw new Error("the worker died");
    };
    await assert.rejects(bench.arrives(risen, "rise"), /died/);
    bench.table.before = () => undefined;
    assert.equal(await bench.arrives(risen, "rise"), "new!");
    await bench.delivered();
    assert.equal(await bench.arrives(aFinding({ severity: "CRITICAL", updatedAt: at(START + 2) })), "duplicate");
    assert.equal(bench.told.length, 1);
  });

  it("is told at once where it is graver than the mute may keep back", async () => {
    const bench = muted([aMute({ highestSeverity: "HIGH" })]);
    assert.equal(await bench.arrives(aFinding({ severity: "HIGH" })), "muted");
    assert.equal(await bench.arrives(aFinding({ severity: "CRITICAL" })), "new!");
  });

  it("was not muted before it was told: its rise is told, its repeats and reminders are not", async () => {
    const bench = muted([]);
    await bench.arrivesAndIsDelivered(aFinding({ severity: "HIGH" }));
    bench.mutes = [aMute({ expires: at(START + 20 * DAY) })];
    assert.equal(await bench.arrives(aFinding({ severity: "HIGH", updatedAt: at(bench.now) })), "duplicate");
    assert.equal(await bench.arrivesAndIsDelivered(aFinding({ severity: "CRITICAL", updatedAt: at(bench.now + 1) })), "escalated!");
    const hub = new Hub([aFinding()]);
    await hoursPass(bench, hub, 19 * 24);
    assert.equal(bench.told.length, 2);
    await hoursPass(bench, hub, 24);
    assert.deepEqual(
      bench.told.map(({ reason }) => reason),
      ["new", "escalated", "reminder"],
    );
  });

  it("is told of its rise by the reminders where that got lost, whatever is muted", async () => {
    const bench = muted([]);
    await bench.arrivesAndIsDelivered(aFinding({ severity: "HIGH" }));
    bench.mutes = [aMute()];
    assert.equal(await bench.arrives(aFinding({ severity: "CRITICAL", updatedAt: at(bench.now + 1) })), "escalated!");
    bench.told.length = 1;
    await hoursPass(bench, new Hub([aFinding()]), 1);
    assert.deepEqual(
      bench.told.map(({ reason }) => reason),
      ["new", "escalated"],
    );
  });

  it("waits for the later of its mute and the wait of its severity", async () => {
    for (const [wait, hours] of [["3d", 72] as const, ["1d", 48] as const]) {
      const bench = muted([aMute()], alertSettings({ wait: { CRITICAL: wait } }));
      assert.equal(await bench.arrives(aFinding()), "muted");
      await hoursPass(bench, new Hub([aFinding()]), hours - 1);
      assert.equal(bench.told.length, 0, wait);
      await hoursPass(bench, new Hub([aFinding()]), 1);
      assert.equal(bench.told.length, 1, wait);
    }
  });

  it("that was waiting when it was muted is not told when its wait is over", async () => {
    const bench = muted([], alertSettings({ wait: { CRITICAL: "1d" } }));
    assert.equal(await bench.arrives(aFinding()), "waiting");
    bench.mutes = [aMute()];
    assert.equal(await bench.arrives(aFinding()), "muted");
    await hoursPass(bench, new Hub([aFinding()]), 47);
    assert.equal(bench.told.length, 0);
    await hoursPass(bench, new Hub([aFinding()]), 1);
    assert.equal(bench.told.length, 1);
  });

  it("that becomes milder than anybody asked for, and grave again, is still told after the mute", async () => {
    const bench = muted([aMute({ expires: at(START + 4 * DAY) })]);
    await bench.arrives(aFinding());
    const hub = new Hub([aFinding({ severity: "LOW" })]);
    await hoursPass(bench, hub, 30);
    hub.findings = [aFinding()];
    assert.equal(await bench.arrives(aFinding({ updatedAt: at(bench.now) })), "muted");
    await hoursPass(bench, hub, 4 * 24);
    assert.equal(bench.told.length, 1);
  });

  it("is not told from memory either, where only its event had the tags that it is muted by", async () => {
    const bench = muted([aMute({ when: { tags: { Name: "bastion-1" } } })]);
    assert.equal(await bench.arrives(aGuardDutyFinding()), "muted");
    await hoursPass(bench, new Hub([]), 47);
    assert.equal(bench.told.length, 0);
    await hoursPass(bench, new Hub([]), 1);
    assert.equal(bench.told.length, 1);
  });
});

describe("a muted problem that came back", () => {
  it("after it was archived is told as reopened when the mute is over", async () => {
    const bench = muted([]);
    await bench.arrivesAndIsDelivered(aGuardDutyFinding({ updatedAt: at(START) }));
    await bench.arrives(aGuardDutyFinding({ state: "inactive", updatedAt: at(START + 1) }));
    bench.mutes = [aMute()];
    bench.now += HOUR;
    assert.equal(await bench.arrives(aGuardDutyFinding({ updatedAt: at(bench.now) })), "muted");
    await hoursPass(bench, new Hub([]), 47);
    assert.deepEqual(
      bench.told.map(({ reason }) => reason),
      ["new", "reopened"],
    );
  });

  it("as NEW in Security Hub is told as reopened when the mute is over, with no more than one write more to remember it", async () => {
    const bench = muted([]);
    await bench.arrivesAndIsDelivered(aFinding());
    const [first] = bench.told;
    const item = bench.table.items.get(first?.key ?? "");
    assert.ok(item);
    item[confirmationAttribute(aFinding().id)] = { S: `1|${at(bench.now)}` };
    bench.mutes = [aMute({ expires: at(START + 3 * DAY) })];
    bench.now += HOUR;
    const again = (): Promise<string> => bench.arrives(aFinding({ updatedAt: at(bench.now) }));
    assert.equal(await again(), "muted");
    const requests = bench.table.requests.length;
    bench.now += HOUR;
    assert.equal(await again(), "muted");
    assert.equal(bench.table.requests.length, requests + 1);
    const hub = new Hub([aFinding({ updatedAt: at(bench.now) })]);
    await hoursPass(bench, hub, 69);
    assert.equal(bench.told.length, 1);
    await hoursPass(bench, hub, 1);
    assert.deepEqual(
      bench.told.map(({ reason, number }) => [reason, number]),
      [
        ["new", 1],
        ["reopened", 2],
      ],
    );
    await hoursPass(bench, hub, 24);
    assert.equal(bench.told.length, 2);
  });
});

describe("a mute of some reasons", () => {
  it("keeps back reminders alone", async () => {
    const bench = muted([aMute({ when: { reasons: ["reminder"] }, expires: at(START + 30 * DAY) })]);
    assert.equal(await bench.arrivesAndIsDelivered(aFinding()), "new!");
    await hoursPass(bench, new Hub([aFinding()]), 10 * 24);
    assert.equal(bench.told.length, 1);
  });

  it("that is about what came back does not keep back what is new, nor the other way round", async () => {
    const first = aGuardDutyFinding({ updatedAt: at(START) });
    const back = muted([aMute({ when: { reasons: ["reopened"] } })]);
    assert.equal(await back.arrivesAndIsDelivered(first), "new!");
    await back.arrives({ ...first, state: "inactive", updatedAt: at(START + 1) });
    assert.equal(await back.arrives({ ...first, updatedAt: at(START + 2) }), "muted");
    const fresh = muted([]);
    await fresh.arrivesAndIsDelivered(first);
    await fresh.arrives({ ...first, state: "inactive", updatedAt: at(START + 1) });
    fresh.mutes = [aMute({ when: { reasons: ["new"] } })];
    assert.equal(await fresh.arrives({ ...first, updatedAt: at(START + 2) }), "reopened!");
  });
});

describe("mutes by account", () => {
  const lab = aGuardDutyFinding({ accountId: "666666666666" });

  it("look an account up only for findings that they could hold for, and mute by what is found", async () => {
    const bench = muted([aMute({ when: { organizationalUnits: ["Sandbox"], origins: ["guardduty"] } })]);
    bench.accounts.set("666666666666", { id: "666666666666", name: "lab", path: ["Sandbox"], organizationalUnitIds: [] });
    assert.equal(await bench.arrives(aFinding()), "new!");
    assert.deepEqual(bench.lookedUp, []);
    assert.equal(await bench.arrives(lab), "muted");
    assert.deepEqual(bench.lookedUp, ["666666666666"]);
  });

  it("tell of an account that nobody knows, and look nothing up for endings", async () => {
    const bench = muted([aMute({ when: { accounts: ["lab"] } })]);
    assert.equal(await bench.arrives(lab), "new!");
    await bench.arrives({ ...lab, state: "inactive" });
    assert.equal(bench.lookedUp.length, 1);
  });
});
