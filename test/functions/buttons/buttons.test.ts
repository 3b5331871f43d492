import assert from "node:assert/strict";
import fc from "fast-check";
import { aChange, alice, aPutBack } from "../../support/changes";
import { ButtonsBench, signed } from "../../support/presses";

const DAY = 86_400_000;

describe("a press of a button in Slack", () => {
  let bench: ButtonsBench;
  beforeEach(async () => {
    bench = new ButtonsBench();
    await bench.table.putChange(aChange({ mode: "approve", status: "asked", token: "TOKEN" }));
  });

  const nothingHappened = async (): Promise<void> => {
    assert.deepEqual([bench.resumed, bench.undone], [[], []]);
  };

  it("approves what was asked about", async () => {
    assert.deepEqual(await bench.press(), { statusCode: 200, body: "" });
    assert.deepEqual(bench.resumed, [{ token: "TOKEN", decision: "keep", by: "U0123456789" }]);
    assert.deepEqual(bench.logged, [
      { kind: "press", button: "approve", user: "U0123456789", accepted: true, reason: "keep", change: "k3x7qamz2bpt" },
    ]);
    assert.match(bench.said[0] ?? "", /^Approved/);
    const { status, decidedBy, token } = (await bench.table.change("k3x7qamz2bpt")) ?? {};
    assert.deepEqual([status, decidedBy, token], ["acting", "U0123456789", undefined]);
  });

  it("has what was asked about put back", async () => {
    await bench.press({ button: "tocsin-undo" });
    assert.deepEqual(bench.resumed, [{ token: "TOKEN", decision: "undo", by: "U0123456789" }]);
    assert.equal(bench.outcome, "accepted: put-back");
  });

  it("undoes what was put back", async () => {
    await bench.table.updateStatus("k3x7qamz2bpt", ["asked"], "put-back");
    await bench.press({ button: "tocsin-undo" });
    assert.deepEqual([bench.resumed, bench.undone], [[], ["k3x7qamz2bpt by U0123456789"]]);
    assert.deepEqual([bench.outcome, await bench.status()], ["accepted: undo", "put-back"]);
  });

  it("undoes once when two are made at the same moment, and again after it was refused", async () => {
    await bench.table.updateStatus("k3x7qamz2bpt", ["asked"], "put-back");
    const press = () => bench.press({ button: "tocsin-undo" });
    await Promise.all([press(), press(), press()]);
    assert.equal(bench.undone.length, 1);
    await bench.table.updateStatus("k3x7qamz2bpt", ["put-back"], "put-back", { undoRefused: "the group has changed since" });
    await press();
    assert.deepEqual([bench.undone.length, bench.outcome], [2, "accepted: undo"]);
    await press();
    assert.deepEqual([bench.undone.length, bench.outcome], [2, "refused: already decided"]);
    assert.match(bench.said.at(-1) ?? "", /refused: the group has changed since.*npm run undo -- k3x7qamz2bpt/);
  });

  it("counts also if the function URL hands the body over as it is", async () => {
    await bench.press({ base64: false });
    assert.equal(bench.outcome, "accepted: keep");
  });

  it("counts once, however often and by whomever it is made", async () => {
    await bench.press();
    await bench.press({ button: "tocsin-undo" });
    assert.equal(bench.outcome, "refused: already decided");
    assert.match(bench.said[1] ?? "", /decided already by <@U0123456789>/);
    assert.equal(bench.resumed.length, 1);
  });

  it("counts once when two are made at the same moment", async () => {
    await Promise.all([bench.press(), bench.press({ button: "tocsin-undo" }), bench.press()]);
    assert.equal(bench.resumed.length, 1);
    assert.deepEqual(bench.logged.map(({ accepted }) => accepted).sort(), [false, false, true]);
  });

  it("is refused with a wrong signature, an old time, or a time ahead", async () => {
    const refusals = [];
    for (const how of [{ secret: "0".repeat(32) }, { age: 301 }, { age: -301 }]) {
      refusals.push([(await bench.press(how)).statusCode, bench.outcome]);
    }
    assert.deepEqual(refusals, [
      [401, "refused: wrong signature"],
      [401, "refused: old timestamp"],
      [401, "refused: timestamp in the future"],
    ]);
    await nothingHappened();
    assert.deepEqual([bench.said, await bench.status()], [[], "asked"]);
  });

  it("is refused the second time it arrives", async () => {
    const request = bench.request({ user: "USTRANGER00" });
    await bench.buttons.take(request);
    assert.equal(bench.outcome, "refused: not an approver");
    assert.equal((await bench.buttons.take(request)).statusCode, 401);
    assert.equal(bench.outcome, "refused: replayed");
  });

  it("is refused to strangers, who are told why", async () => {
    assert.equal((await bench.press({ user: "USTRANGER00" })).statusCode, 200);
    await bench.press({ user: "" });
    assert.deepEqual(
      bench.logged.map(({ reason }) => reason),
      ["not an approver", "not an approver"],
    );
    assert.match(bench.said[0] ?? "", /not among the people who may decide/);
    await nothingHappened();
  });

  it("is refused to the person who made the change, by any of their names", async () => {
    await bench.press({ user: "UALICE00000" });
    assert.equal(bench.outcome, "refused: own change");
    await bench.press({ userName: "alice@example.com" });
    assert.equal(bench.outcome, "refused: own change");
    const byArn = new ButtonsBench([{ user: "UALICE00000", identities: [alice().arn] }]);
    await byArn.table.putChange(aChange({ mode: "approve", status: "asked", token: "TOKEN" }));
    await byArn.press({ user: "UALICE00000" });
    assert.equal(byArn.outcome, "refused: own change");
    await nothingHappened();
  });

  it("is refused once the workflow waits no longer, and nobody passes for having decided", async () => {
    bench.waits = () => false;
    await bench.press();
    assert.equal(bench.outcome, "refused: expired");
    const { status, decidedBy } = (await bench.table.change("k3x7qamz2bpt")) ?? {};
    assert.deepEqual([status, decidedBy], ["asked", undefined]);
  });

  it("is refused after the timeout was dealt with", async () => {
    await bench.table.updateStatus("k3x7qamz2bpt", ["asked"], "told", {}, ["token"]);
    for (const button of ["tocsin-approve", "tocsin-undo"]) {
      await bench.press({ button });
      assert.equal(bench.outcome, "refused: expired");
    }
    await nothingHappened();
  });

  it("can be made again if AWS fails", async () => {
    bench.waits = () => {
      throw new Error("ServiceUnavailable");
    };
    await assert.rejects(bench.press(), /ServiceUnavailable/);
    assert.equal(bench.outcome, "refused: failed");
    bench.waits = () => true;
    await bench.press();
    assert.equal(bench.outcome, "accepted: keep");
  });

  it("is refused where there is nothing left to decide", async () => {
    const outcomes: [string, string][] = [];
    for (const status of ["kept", "undone", "closed", "undoing", "failed", "not-touched"] as const) {
      await bench.table.updateStatus("k3x7qamz2bpt", [(await bench.status()) ?? "asked"], status);
      await bench.press({ button: "tocsin-undo" });
      outcomes.push([status, bench.outcome]);
    }
    assert.deepEqual(outcomes, [
      ["kept", "refused: already decided"],
      ["undone", "refused: already undone"],
      ["closed", "refused: already closed"],
      ["undoing", "refused: already decided"],
      ["failed", "refused: nothing to decide"],
      ["not-touched", "refused: nothing to decide"],
    ]);
    await nothingHappened();
  });

  it("undoes nothing after 30 days", async () => {
    await bench.table.putChange(aPutBack({ id: "aaaaaaaaaaaa" }));
    bench.now += 31 * DAY;
    await bench.press({ button: "tocsin-undo", change: "aaaaaaaaaaaa" });
    assert.equal(bench.outcome, "refused: expired");
    await nothingHappened();
  });

  it("is refused for a change that nobody knows", async () => {
    for (const change of ["bbbbbbbbbbbb", "", "../../etc", "change#k3x7qamz2bpt"]) {
      await bench.press({ change });
      assert.equal(bench.outcome, "refused: unknown change");
    }
  });

  it("does nothing, and leaves no trace, if the button only opens a link", async () => {
    assert.equal((await bench.press({ button: "open-console" })).statusCode, 200);
    assert.deepEqual([bench.logged, bench.said], [[], []]);
  });

  it("does nothing if the button is not one of ours", async () => {
    assert.equal((await bench.press({ button: "tocsin-deny" })).statusCode, 200);
    assert.equal(bench.outcome, "refused: unknown button");
    await nothingHappened();
  });

  it("counts with a secret that was rotated a moment ago, and looks for one at most once a minute", async () => {
    await bench.press({ change: "bbbbbbbbbbbb" });
    bench.manager.values.signing = "1".repeat(32);
    await bench.press({ secret: "1".repeat(32) });
    assert.equal(bench.outcome, "accepted: keep");
    const { length } = bench.manager.read;
    await Promise.all(Array.from({ length: 20 }, () => bench.press({ secret: "2".repeat(32) })));
    assert.equal(bench.manager.read.length, length);
    bench.now += 61_000;
    await bench.press({ secret: "2".repeat(32) });
    assert.equal(bench.manager.read.length, length + 1);
  });

  it("is refused unread if it is longer than a megabyte", async () => {
    const reply = await bench.buttons.take(signed("x".repeat(1_048_577), bench.now));
    assert.deepEqual([reply.statusCode, bench.outcome], [413, "refused: too long"]);
  });

  it("never does anything with garbage, signed or not", async () => {
    const json = fc.json({ maxDepth: 5 });
    const bodies = fc.oneof(
      fc.string({ unit: "binary" }),
      json.map((payload) => new URLSearchParams({ payload }).toString()),
      fc
        .record({
          type: fc.constantFrom("block_actions", "view_submission", 1, null),
          actions: fc.oneof(
            fc.array(
              fc.record({
                action_id: fc.constantFrom("tocsin-approve", "tocsin-undo", {}, ["x"]),
                value: fc.oneof(fc.constant("k3x7qamz2bpt"), fc.anything()),
              }),
            ),
            fc.anything(),
          ),
          user: fc.oneof(
            fc.record({ id: fc.oneof(fc.string(), fc.constant(["U0123456789"]), fc.constant({ id: "U0123456789" })) }),
            fc.anything(),
          ),
          response_url: fc.anything(),
        })
        .map((payload) => new URLSearchParams({ payload: text(payload) }).toString()),
    );
    const headers = fc.oneof(
      fc.dictionary(fc.constantFrom("x-slack-signature", "x-slack-request-timestamp", "host"), fc.string()),
      fc.constant(undefined),
    );
    await fc.assert(
      fc.asyncProperty(bodies, headers, fc.boolean(), async (body, sent, isSigned) => {
        const event = isSigned ? signed(body, bench.now) : { headers: sent as never, body, isBase64Encoded: body.length % 2 === 0 };
        const { statusCode } = await bench.buttons.take(event);
        assert.ok(isSigned ? statusCode === 200 || bench.outcome === "refused: replayed" : statusCode === 401);
        assert.deepEqual([bench.resumed, bench.undone, await bench.status()], [[], [], "asked"]);
      }),
      { numRuns: 300 },
    );
    const nothing: unknown[] = [{}, { headers: {} }, { body: 7, headers: [] }, { isBase64Encoded: true, body: "%%%" }];
    for (const event of nothing) {
      assert.equal((await bench.buttons.take(event as never)).statusCode, 401);
    }
  });
});

/** JSON of anything, also of what JSON does not know. */
const text = (value: unknown): string => {
  try {
    return JSON.stringify(value, (_, one) => (typeof one === "bigint" ? String(one) : one)) ?? "";
  } catch {
    return "";
  }
};
