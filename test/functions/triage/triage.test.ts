import assert from "node:assert/strict";
import { confirmationAttribute } from "../../../functions/episodes/key";
import { LEASE } from "../../../functions/episodes/lease";
import { aFinding, aGuardDutyFinding } from "../../support/findings";
import { alertSettings, DAY, HOUR, TriageBench } from "../../support/triage";

const at = (milliseconds: number): string => new Date(milliseconds).toISOString();

describe("triage", () => {
  it("tells of a new problem once, and keeps quiet about its repeats with one write each", async () => {
    const bench = new TriageBench();
    assert.equal(await bench.arrivesAndIsDelivered(aFinding()), "new!");
    const before = bench.table.requests.length;
    for (let day = 1; day <= 3; day++) {
      bench.now += DAY;
      assert.equal(await bench.arrives(aFinding({ updatedAt: at(bench.now) })), "duplicate");
    }
    assert.deepEqual(bench.table.requests.slice(before), ["UpdateItem", "UpdateItem", "UpdateItem"]);
    assert.equal(bench.told.length, 1);
  });

  it("takes the same open port found by two standards for one problem, and marks the second finding too", async () => {
    const bench = new TriageBench();
    assert.equal(await bench.arrivesAndIsDelivered(aFinding({ id: "fsbp" })), "new!");
    assert.equal(await bench.arrives(aFinding({ id: "cis", standards: ["cis"] })), "duplicate");
    assert.deepEqual(
      bench.marks.map(({ id }) => id),
      ["cis"],
    );
    assert.equal(await bench.arrives(aFinding({ id: "cis", standards: ["cis"] })), "duplicate");
    assert.equal(bench.marks.length, 1);
  });

  it("takes GuardDuty's own event and Security Hub's copy for one, whichever comes first", async () => {
    const own = aGuardDutyFinding();
    const copy = aGuardDutyFinding({ fromSecurityHub: true, workflow: "NEW" });
    for (const [first, second] of [[own, copy] as const, [copy, own] as const]) {
      const bench = new TriageBench();
      assert.equal(await bench.arrivesAndIsDelivered(first), "new!");
      assert.equal(await bench.arrives(second), "duplicate");
      const marked = bench.told[0]?.markable ? 1 : bench.marks.length;
      assert.equal(marked, 1, "the copy in Security Hub is marked exactly once");
    }
  });

  it("keeps apart the same control and resource in two accounts or Regions", async () => {
    const bench = new TriageBench();
    await bench.arrives(aFinding());
    assert.equal(await bench.arrives(aFinding({ accountId: "444444444444" })), "new!");
    assert.equal(await bench.arrives(aFinding({ region: "us-east-1" })), "new!");
  });

  it("tells of a rise in severity at once, once, and not of a fall", async () => {
    const bench = new TriageBench();
    await bench.arrivesAndIsDelivered(aFinding({ severity: "HIGH" }));
    const risen = aFinding({ severity: "CRITICAL", workflow: "NOTIFIED", updatedAt: at(bench.now + 1) });
    assert.equal(await bench.arrivesAndIsDelivered(risen), "escalated!");
    assert.equal(bench.told[1]?.previousSeverity, "HIGH");
    assert.equal(await bench.arrives({ ...risen, updatedAt: at(bench.now + 2) }), "duplicate");
    assert.equal(await bench.arrives({ ...risen, severity: "HIGH", updatedAt: at(bench.now + 3) }), "duplicate");
  });

  it("keeps quiet about what is older than what is known", async () => {
    const bench = new TriageBench();
    await bench.arrives(aFinding({ updatedAt: at(bench.now) }));
    assert.equal(await bench.arrives(aFinding({ updatedAt: at(bench.now - 1), severity: "CRITICAL" })), "stale");
  });

  it("lets a severity with a wait rest, and tells at once when it rises meanwhile", async () => {
    const bench = new TriageBench(alertSettings({ wait: { MEDIUM: "1d" } }));
    assert.equal(await bench.arrives(aFinding({ severity: "MEDIUM" })), "waiting");
    assert.equal(await bench.arrives(aFinding({ severity: "MEDIUM" })), "waiting");
    assert.equal(bench.told.length, 0);
    assert.equal(await bench.arrives(aFinding({ severity: "HIGH" })), "new!");
  });

  it("closes an archived problem quietly, ignores what was overtaken, and tells of its return as reopened", async () => {
    const bench = new TriageBench();
    const first = aGuardDutyFinding({ updatedAt: at(bench.now) });
    await bench.arrivesAndIsDelivered(first);
    bench.now += HOUR;
    assert.equal(await bench.arrives({ ...first, state: "inactive" }), "resolved");
    assert.equal(await bench.arrives(first), "stale", "a late copy of the same second");
    bench.now += HOUR;
    assert.equal(await bench.arrives({ ...first, updatedAt: at(bench.now) }), "reopened!");
    assert.notEqual(bench.told[0]?.episode, bench.told[1]?.episode);
  });

  it("tells of a return as reopened even if the archiving overtook the record of the first delivery", async () => {
    const bench = new TriageBench();
    const first = aGuardDutyFinding({ updatedAt: at(bench.now) });
    await bench.arrives(first);
    await bench.arrives({ ...first, state: "inactive", updatedAt: at(bench.now + 10) });
    await bench.delivered();
    bench.now += HOUR;
    assert.equal(await bench.arrives({ ...first, updatedAt: at(bench.now) }), "reopened!");
  });

  it("is not fooled by an archiving that overtakes its finding", async () => {
    const bench = new TriageBench();
    const finding = aGuardDutyFinding({ updatedAt: at(bench.now) });
    assert.equal(await bench.arrives({ ...finding, state: "inactive", updatedAt: at(bench.now + 1) }), "resolved");
    assert.equal(await bench.arrives(finding), "stale");
    assert.equal(bench.told.length, 0);
  });

  it("stays quiet about a finding suppressed in Security Hub until Security Hub lifts it", async () => {
    const bench = new TriageBench();
    const copy = aGuardDutyFinding({ fromSecurityHub: true, workflow: "NEW", updatedAt: at(bench.now) });
    await bench.arrivesAndIsDelivered(copy);
    assert.equal(await bench.arrives({ ...copy, workflow: "SUPPRESSED", state: "inactive" }), "resolved");
    bench.now += HOUR;
    assert.equal(await bench.arrives(aGuardDutyFinding({ updatedAt: at(bench.now) })), "resolved");
    bench.now += HOUR;
    assert.equal(await bench.arrives({ ...copy, updatedAt: at(bench.now) }), "reopened!");
  });

  it("tells of a control that was fixed and broke again: NEW after Security Hub confirmed our mark", async () => {
    const bench = new TriageBench();
    await bench.arrivesAndIsDelivered(aFinding());
    const [alert] = bench.told;
    const item = bench.table.items.get(alert?.key ?? "");
    assert.ok(item);
    item[confirmationAttribute(aFinding().id)] = { S: `${alert?.number}|${at(bench.now + HOUR)}` };
    assert.equal(await bench.arrives(aFinding({ updatedAt: at(bench.now + HOUR - 1) })), "duplicate", "a late copy");
    assert.equal(await bench.arrivesAndIsDelivered(aFinding({ updatedAt: at(bench.now + 2 * HOUR) })), "reopened!");
    assert.equal(await bench.arrives(aFinding({ updatedAt: at(bench.now + 3 * HOUR) })), "duplicate", "the new mark is not confirmed yet");
  });

  it("takes NEW for a late copy as long as our mark is not confirmed", async () => {
    const bench = new TriageBench();
    await bench.arrivesAndIsDelivered(aFinding());
    assert.equal(await bench.arrives(aFinding({ updatedAt: at(bench.now + 9 * DAY) })), "duplicate");
  });

  it("takes a finding that others marked NOTIFIED for told, and still sees it rise or break again", async () => {
    const bench = new TriageBench();
    const notified = aFinding({ severity: "HIGH", workflow: "NOTIFIED", updatedAt: at(bench.now) });
    assert.equal(await bench.arrives(notified), "duplicate");
    assert.equal(await bench.arrives({ ...notified, severity: "CRITICAL", updatedAt: at(bench.now + 1) }), "escalated!");
    const other = new TriageBench();
    await other.arrives(notified);
    assert.equal(await other.arrives({ ...notified, workflow: "NEW", updatedAt: at(other.now + HOUR) }), "reopened!");
  });

  it("is not silenced by its own old mark when GuardDuty reports again what was forgotten", async () => {
    const bench = new TriageBench();
    const copy = aGuardDutyFinding({ fromSecurityHub: true, workflow: "NEW", updatedAt: at(bench.now) });
    await bench.arrivesAndIsDelivered(copy);
    const item = bench.table.items.get(bench.told[0]?.key ?? "");
    assert.ok(item);
    item[confirmationAttribute(copy.id)] = { S: `1|${at(bench.now)}` };
    const record = await bench.store.get(bench.told[0]?.key ?? "");
    assert.ok(record && (await bench.store.retire(record, bench.now + 40 * DAY)));
    bench.now += 41 * DAY;
    assert.equal(await bench.arrives({ ...copy, workflow: "NOTIFIED", updatedAt: at(bench.now) }), "duplicate");
    assert.equal(await bench.arrives(aGuardDutyFinding({ updatedAt: at(bench.now) })), "reopened!");
  });

  it("filters what no source asks for, without a write", async () => {
    const bench = new TriageBench();
    assert.equal(await bench.arrives(aFinding({ severity: "LOW" })), "filtered");
    const strict = new TriageBench(alertSettings({ sources: [{ origin: "securityhub", standards: ["cis"], severities: ["CRITICAL"] }] }));
    assert.equal(await strict.arrives(aFinding({ standards: ["fsbp"] })), "filtered");
    assert.deepEqual([...bench.table.requests, ...strict.table.requests], []);
  });

  it("tells of a sample like of any other finding", async () => {
    assert.equal(await new TriageBench().arrives(aGuardDutyFinding({ sample: true })), "new!");
  });

  it("logs what was decided even if it cannot be handed over at once", async () => {
    const bench = new TriageBench();
    bench.tell = () => Promise.reject(new Error("Step Functions is down"));
    await assert.rejects(bench.arrives(aFinding()), /down/);
    assert.deepEqual(
      bench.decisions.map(({ decision, reason }) => `${decision} ${reason}`),
      ["notify new"],
    );
  });

  it("loses nothing when a worker dies after its claim: the retry of the same event waits for the lease, then tells", async () => {
    const bench = new TriageBench();
    const { tell } = bench;
    bench.tell = () => Promise.reject(new Error("the worker died"));
    await assert.rejects(bench.arrives(aFinding(), "event-a"), /died/);
    bench.tell = tell;
    await assert.rejects(bench.arrives(aFinding(), "event-a"), /another attempt/);
    assert.equal(await bench.arrives(aFinding(), "event-b"), "duplicate");
    bench.now += LEASE + 1;
    assert.equal(await bench.arrives(aFinding(), "event-a"), "new!");
    assert.equal(bench.told.length, 1);
  });

  it("has what an event ended the wait of looked after at once, not when the wait would have ended", async () => {
    const bench = new TriageBench(alertSettings({ wait: { MEDIUM: "1d" } }));
    await bench.arrives(aFinding({ severity: "MEDIUM" }));
    bench.now += HOUR;
    assert.equal(await bench.arrives(aFinding({ severity: "CRITICAL", updatedAt: at(bench.now) })), "new!");
    assert.equal([...bench.table.items.values()][0]?.due?.S, at(bench.now + LEASE));
  });
});
