import assert from "node:assert/strict";
import { dueReason } from "../../../../functions/episodes/due";
import { aChange, aPutBack, sshForTheWorld } from "../../../support/changes";
import { alertSettings } from "../../../support/triage";
import { TellingBench } from "./bench";

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

describe("telling of a change of a security group", () => {
  it("tells of it once, as a new episode of its own", async () => {
    const bench = new TellingBench(aChange());
    const alert = await bench.toldAndDelivered("found");
    assert.deepEqual(
      [alert?.reason, alert?.number, alert?.markable, alert?.actions, alert?.outcome],
      ["new", 1, false, undefined, undefined],
    );
    assert.deepEqual(
      [alert?.finding.origin, alert?.finding.id, alert?.finding.kind],
      ["security-group", "k3x7qamz2bpt", "AuthorizeSecurityGroupIngress by alice@example.com"],
    );
    await bench.run("found");
    assert.equal(bench.told.length, 1);
  });

  it("neither loses nor doubles it when an attempt dies", async () => {
    const bench = new TellingBench(aChange());
    bench.tell = async () => {
      throw new Error("died");
    };
    await assert.rejects(bench.run("found"), /died/);
    bench.tell = async (alert) => void bench.told.push(alert);
    await assert.rejects(bench.run("found"), /another attempt/);
    bench.now += 6 * MINUTE;
    await bench.toldAndDelivered("found");
    bench.now += 6 * MINUTE;
    await bench.run("found");
    assert.deepEqual(
      bench.told.map(({ reason }) => reason),
      ["new"],
    );
  });

  it("says at once what was put back, offers to undo it, and is done with it", async () => {
    const bench = new TellingBench(aPutBack());
    const alert = await bench.toldAndDelivered("found");
    assert.deepEqual(
      [alert?.reason, alert?.outcome, alert?.actions?.map(({ id, value }) => [id, value])],
      ["new", "Put back by tocsin.", [["undo", "k3x7qamz2bpt"]]],
    );
    await bench.delivered("soc-mail");
    const episode = await bench.episode();
    assert.deepEqual(
      [episode?.status, episode?.number, episode?.due, Object.keys(episode?.channels ?? {})],
      ["closed", 2, undefined, ["soc-slack", "soc-mail"]],
    );
    bench.now += 6 * MINUTE;
    await bench.run("found");
    assert.equal(bench.told.length, 1);
  });

  it("reminds of what is still open, not of what was put back", async () => {
    for (const [change, reason] of [
      [aChange(), "reminder"],
      [aPutBack(), undefined],
    ] as const) {
      const bench = new TellingBench(change);
      await bench.toldAndDelivered("found");
      const episode = await bench.episode();
      assert.equal(episode && dueReason(alertSettings(), episode, bench.now + 6 * DAY), reason);
    }
  });

  it("asks with both buttons, and keeps the token to itself", async () => {
    const bench = new TellingBench(aChange({ mode: "approve" }));
    const alert = await bench.toldAndDelivered("ask", "TOKEN");
    assert.deepEqual(
      alert?.actions?.map(({ id, label }) => [id, label]),
      [
        ["approve", "Approve"],
        ["undo", "Undo"],
      ],
    );
    assert.equal(alert?.outcome, "Waiting for a decision until 1 March 2026, 09:30 UTC. Without one nothing is changed.");
    assert.doesNotMatch(JSON.stringify(alert), /TOKEN/);
    const { status, token } = (await bench.table.change("k3x7qamz2bpt")) ?? {};
    assert.deepEqual([status, token], ["asked", "TOKEN"]);
    await bench.run("ask", "SECOND");
    assert.deepEqual([bench.told.length, (await bench.table.change("k3x7qamz2bpt"))?.token], [1, "SECOND"]);
  });

  it("asks nobody about what was closed meanwhile", async () => {
    const bench = new TellingBench(aChange({ mode: "approve", status: "closed" }));
    await assert.rejects(bench.run("ask", "TOKEN"), { name: "NothingToAsk" });
    assert.equal(bench.told.length, 0);
  });

  it("escalates what was opened again and again", async () => {
    const reasons = [];
    for (const change of [
      aPutBack({ repeated: 2 }),
      aChange({ mode: "revert", repeated: 3, touchable: false }),
      aChange({ mode: "revert", status: "failed" }),
    ]) {
      const alert = await new TellingBench(change).toldAndDelivered("found");
      reasons.push([alert?.reason, alert?.outcome]);
    }
    assert.deepEqual(reasons, [
      ["escalated", "Put back by tocsin, for the second time within an hour. Next time it stays open."],
      ["escalated", "Not put back: it is the third time within an hour that this was opened. Somebody has to decide."],
      ["escalated", "Could not be put back: several attempts broke off before they changed anything. It is still open."],
    ]);
  });

  it("says nothing of what is muted, and that it is", async () => {
    const bench = new TellingBench(aChange());
    bench.mutes = [{ when: { accounts: ["444444444444"] }, reason: "test", owner: "bob@example.com", expires: "2026-03-02T09:00:00Z" }];
    await bench.run("found");
    assert.equal(bench.told.length, 0);
    assert.deepEqual(
      bench.logged.map(({ decision, reason, event }) => [decision, reason, event]),
      [["quiet", "muted", "11112222-3333-4444-5555-666677778888"]],
    );
  });
});

describe("telling what became of a change", () => {
  const decided = async (status: "kept" | "put-back", by?: string) => {
    const bench = new TellingBench(aChange({ mode: "approve" }));
    await bench.toldAndDelivered("ask", "TOKEN");
    await bench.table.updateStatus(bench.change.id, ["asked"], status, by === undefined ? {} : { decidedBy: by }, ["token"]);
    return bench;
  };

  it("says who approved it to those who were asked, and closes the episode", async () => {
    const bench = await decided("kept", "U0123456789");
    const alert = await bench.toldAndDelivered("outcome");
    assert.deepEqual(
      [alert?.reason, alert?.outcome, alert?.actions, alert?.replaces],
      ["resolved", "Approved by @U0123456789.", undefined, true],
    );
    assert.deepEqual(Object.keys(alert?.told ?? {}), ["soc-slack"]);
    assert.equal((await bench.episode())?.status, "closed");
    await bench.run("outcome");
    assert.equal(bench.told.length, 2);
  });

  it("says that nobody answered, and that it stays open", async () => {
    const bench = await decided("kept");
    await bench.table.updateStatus(bench.change.id, ["kept"], "told");
    const alert = await bench.toldAndDelivered("outcome");
    assert.deepEqual(
      [alert?.reason, alert?.outcome, alert?.actions, alert?.replaces],
      ["escalated", "Nobody decided in 30 minutes: nothing was changed. It is still open.", undefined, true],
    );
    assert.equal((await bench.episode())?.status, "open");
    await bench.run("outcome");
    assert.equal(bench.told.length, 2);
  });

  it("says so when nobody answered and it was put back", async () => {
    const alert = await (await decided("put-back")).toldAndDelivered("outcome");
    assert.deepEqual([alert?.reason, alert?.outcome], ["resolved", "Nobody decided in 30 minutes: put back by tocsin."]);
  });

  it("says who undid what was put back, long after its episode was closed", async () => {
    const bench = new TellingBench(aPutBack());
    await bench.toldAndDelivered("found");
    await bench.table.updateStatus(bench.change.id, ["put-back"], "undone", {
      undoneBy: "arn:aws:sts::222222222222:assumed-role/admin/bob",
    });
    bench.now += 20 * DAY;
    const alert = await bench.toldAndDelivered("outcome");
    assert.deepEqual(
      [alert?.reason, alert?.outcome, alert?.actions, alert?.told["soc-slack"]?.thread],
      ["resolved", "Undone by bob: it is open again, as it was before tocsin put it back.", undefined, "1772355600.000100"],
    );
    await bench.run("outcome");
    assert.equal(bench.told.length, 2);
  });

  it("says why an undo was refused, and goes on offering it", async () => {
    const bench = new TellingBench(aPutBack());
    await bench.toldAndDelivered("found");
    await bench.table.updateStatus(bench.change.id, ["put-back"], "put-back", { undoRefused: "the group was changed since" });
    const alert = await bench.toldAndDelivered("outcome");
    assert.equal(alert?.outcome, "Put back by tocsin. Undoing that was refused: the group was changed since.");
    assert.deepEqual(
      alert?.actions?.map(({ id }) => id),
      ["undo"],
    );
  });

  it("tells of a second undo that is refused for the same reason, because somebody else waits for it", async () => {
    const bench = new TellingBench(aPutBack({ undoRefused: "the group was changed since" }));
    await bench.toldAndDelivered("found");
    for (const undo of ["a-undo", "a-undo", "a-undo-2"]) {
      const before = bench.told.length;
      await bench.run("outcome", undefined, { undo });
      if (bench.told.length > before) await bench.delivered();
    }
    assert.equal(bench.told.length, 3);
  });

  it("tells once who undid it, however many wanted that", async () => {
    const bench = new TellingBench(aPutBack());
    await bench.toldAndDelivered("found");
    await bench.table.updateStatus(bench.change.id, ["put-back"], "undone", { undoneBy: "U0123456789" });
    for (const undo of ["a-undo", "a-undo-at-1"]) {
      const before = bench.told.length;
      await bench.run("outcome", undefined, { undo });
      if (bench.told.length > before) await bench.delivered();
    }
    assert.equal(bench.told.length, 2);
  });

  it("says nothing of an undo that nothing became of, as one after 30 days", async () => {
    const bench = new TellingBench(aPutBack());
    await bench.toldAndDelivered("found");
    await bench.run("outcome", undefined, { undo: "a-undo-at-1" });
    assert.equal(bench.told.length, 1);
  });

  it("says of a failure what is known: EC2's reason, or how far the attempts came", async () => {
    const untouched = [{ what: "TCP 22 (SSH) to 0.0.0.0/0", why: "EC2 refused: UnauthorizedOperation" }];
    const rule = sshForTheWorld({ id: "sgr-1" });
    const planned = [{ kind: "revoke", rule: { ...rule, id: "sgr-1" } }] as const;
    for (const [details, outcome] of [
      [{ untouched }, "Could not be put back: EC2 refused: UnauthorizedOperation. It is still open."],
      [{}, "Could not be put back: several attempts broke off before they changed anything. It is still open."],
      [
        { planned },
        "Could not be put back for certain: several attempts broke off, and what they changed is not known. Look at the group.",
      ],
    ] as const) {
      const bench = new TellingBench(aChange({ mode: "revert", status: "failed", ...details }));
      await bench.run("found");
      assert.deepEqual([bench.told[0]?.reason, bench.told[0]?.outcome], ["escalated", outcome]);
    }
  });

  it("says that it was closed, also before the record does", async () => {
    const bench = new TellingBench(aChange());
    await bench.toldAndDelivered("found");
    await bench.run("outcome", undefined, { result: { status: "closed" } });
    const { reason, outcome } = bench.told.at(-1) ?? {};
    assert.deepEqual([reason, outcome], ["resolved", "Closed meanwhile: what it opened is gone."]);
  });

  it("neither loses nor doubles it when an attempt dies", async () => {
    for (const status of ["kept", "told"] as const) {
      const bench = await decided("kept", "U0123456789");
      await bench.table.updateStatus(bench.change.id, ["kept"], status);
      bench.tell = async () => {
        throw new Error("died");
      };
      await assert.rejects(bench.run("outcome"), /died/);
      bench.tell = async (alert) => void bench.told.push(alert);
      await assert.rejects(bench.run("outcome"), /told/);
      bench.now += 6 * MINUTE;
      await bench.toldAndDelivered("outcome");
      bench.now += 6 * MINUTE;
      await bench.run("outcome");
      assert.equal(bench.told.length, 2, status);
    }
  });

  it("says nothing to anybody who was not told of the change", async () => {
    const bench = new TellingBench(aChange({ status: "closed" }));
    await bench.run("outcome");
    assert.equal(bench.told.length, 0);
  });
});
