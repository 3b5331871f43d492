import assert from "node:assert/strict";
import fc from "fast-check";

import validate = require("asl-validator");

import { guardDefinition } from "../../../components/guard/guard-definition";
import { redriven } from "../../../functions/guard/redriven";
import { asking, failure, PARTS, type Run, run, statesOf } from "./executions";

const ID = "abcdefghijkl";
const input = (mode: string, more: object = {}) => ({ changeId: ID, mode, repeated: 1, touchable: true, ...more });
const names = ({ tasks }: Run): string[] => tasks.map(([name]) => name);
const payload = ({ tasks }: Run, state: string): unknown => tasks.find(([name]) => name === state)?.[1];
const fails = (name = "Error") => {
  return () => {
    throw failure(name);
  };
};
const answer = (decision: string) => () => ({ decision, by: "U0123456789" });

describe("the workflow guard", function () {
  this.timeout(60_000);

  for (const [what, parts] of [
    ["without approvals", PARTS],
    ["with approvals that keep", asking("keep")],
    ["with approvals that undo", asking("undo")],
    ["in another partition", { ...PARTS, partition: "aws-us-gov" }],
  ] as const) {
    it(`is valid Amazon States Language ${what}`, () => {
      const { isValid, errorsText } = validate(JSON.parse(JSON.stringify(guardDefinition(parts))));
      assert.ok(isValid, errorsText());
    });
  }

  it("tells, and touches nothing, with mode alert, the third time, and where it may not touch", async () => {
    for (const given of [
      input("alert"),
      input("revert", { repeated: 3 }),
      input("revert", { touchable: false }),
      input("approve", { touchable: false }),
    ]) {
      const told = await run(asking("undo"), given);
      assert.deepEqual([told.status, told.tasks], ["succeeded", [["Tell", { changeId: ID, what: "found" }]]]);
    }
  });

  it("puts back and then tells with mode revert, the second time as well", async () => {
    for (const repeated of [1, 2]) {
      const done = await run(PARTS, input("revert", { repeated }));
      assert.deepEqual(done.tasks, [
        ["PutBack", { changeId: ID, task: "put-back" }],
        ["Tell", { changeId: ID, what: "found" }],
      ]);
    }
  });

  it("tells what could not be put back, after it was written down as failed", async () => {
    const failed = await run(PARTS, input("revert"), { PutBack: fails() });
    assert.deepEqual([failed.status, names(failed)], ["succeeded", ["PutBack", "GiveUp", "Tell"]]);
    const worse = await run(PARTS, input("revert"), { PutBack: fails(), GiveUp: fails() });
    assert.deepEqual([worse.status, names(worse)], ["succeeded", ["PutBack", "GiveUp", "Tell"]]);
    assert.deepEqual(statesOf(PARTS).GiveUp?.Parameters?.Key, {
      pk: { "S.$": "States.Format('change#{}', $.changeId)" },
      sk: { S: "change" },
    });
  });

  it("asks with mode approve, and does nothing before somebody has answered", async () => {
    let answered: (() => void) | undefined;
    const waiting = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const seen: string[] = [];
    const going = run(asking("keep"), input("approve"), {
      Ask: async (given) => {
        seen.push(JSON.stringify(given));
        await waiting;
        return answer("undo")();
      },
      PutBack: () => seen.push("put back"),
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(seen.length, 1);
    assert.match(String(seen[0]), /"what":"ask","token":"the-token"/);
    answered?.();
    assert.deepEqual(names(await going), ["Ask", "PutBack", "Report"]);
  });

  it("does what was answered, in the name of who answered", async () => {
    const undone = await run(asking("keep"), input("approve"), { Ask: answer("undo") });
    assert.deepEqual(payload(undone, "PutBack"), { changeId: ID, task: "put-back", by: "U0123456789" });
    assert.deepEqual(payload(undone, "Report"), { changeId: ID, what: "outcome" });
    const kept = await run(asking("undo"), input("approve"), { Ask: answer("keep") });
    assert.deepEqual(names(kept), ["Ask", "Keep", "Report"]);
    assert.deepEqual(payload(kept, "Keep"), { changeId: ID, task: "keep", by: "U0123456789" });
  });

  it("takes any other word for no", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string().filter((word) => word !== "undo"),
        async (word) => {
          assert.deepEqual(names(await run(asking("undo"), input("approve"), { Ask: answer(word) })), ["Ask", "Keep", "Report"]);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("does what the settings say when nobody answers in time, in nobody's name", async () => {
    const kept = await run(asking("keep"), input("approve"), { Ask: fails("States.Timeout") });
    assert.deepEqual(kept.tasks.slice(1), [
      ["Leave", { changeId: ID, task: "keep" }],
      ["Report", { changeId: ID, what: "outcome" }],
    ]);
    const undone = await run(asking("undo"), input("approve"), { Ask: fails("States.Timeout") });
    assert.deepEqual(undone.tasks.slice(1), [
      ["PutBack", { changeId: ID, task: "put-back" }],
      ["Report", { changeId: ID, what: "outcome" }],
    ]);
    assert.equal(statesOf(asking("keep")).Ask?.TimeoutSeconds, 1800);
  });

  it("does not ask again when nobody answers, only when the question could not be put", () => {
    const retried = statesOf(asking("keep")).Ask?.Retry?.flatMap(({ ErrorEquals, MaxAttempts }) => (MaxAttempts > 0 ? ErrorEquals : []));
    assert.deepEqual(retried, ["States.TaskFailed"], "which a time-out is not");
  });

  it("asks nobody about what was closed meanwhile", async () => {
    const over = await run(asking("undo"), input("approve"), { Ask: fails("NothingToAsk") });
    assert.deepEqual([over.status, names(over)], ["succeeded", ["Ask", "Report"]]);
  });

  it("tells those who know of a change that somebody else closed it", async () => {
    assert.deepEqual((await run(PARTS, input("closed"))).tasks, [
      ["Closed", { changeId: ID, what: "outcome", result: { status: "closed" } }],
    ]);
  });

  it("undoes, and tells of it", async () => {
    const undone = await run(PARTS, { changeId: ID, task: "undo", by: "U0123456789" });
    assert.deepEqual(undone.tasks, [
      ["Undo", { changeId: ID, task: "undo", by: "U0123456789" }],
      ["ReportUndo", { changeId: ID, what: "outcome", undo: "the-execution" }],
    ]);
  });

  it("answers in its output what became of an undo, for whoever waits for it", async () => {
    const answer = { status: "put-back", done: "", untouched: [], refused: "it could be undone until then" };
    const { output } = await run(PARTS, { changeId: ID, task: "undo", by: "carol" }, { Undo: () => ({ Payload: answer }) });
    assert.deepEqual((output as { undone: { Payload: unknown } }).undone.Payload, answer);
  });

  it("can be begun anew with what it left in the dead-letter queue, without asking people twice", async () => {
    const decided = { ...input("approve"), answer: { decision: "keep", by: "U0123456789" } };
    for (const [given, first] of [
      [input("revert"), "PutBack"],
      [input("closed"), "Closed"],
      [{ changeId: ID, task: "undo", by: "carol" }, "Undo"],
      [decided, "Keep"],
    ] as const) {
      const broken = { Tell: fails(), Report: fails(), ReportUndo: fails(), Closed: fails() };
      const buried = payload(await run(asking("keep"), given, broken), "DeadLetter");
      const again = redriven(JSON.parse(JSON.stringify(buried)));
      assert.deepEqual(again, given);
      assert.equal(names(await run(asking("keep"), again)).at(0), first);
    }
    const asked = await run(asking("keep"), input("approve"), { Ask: answer("keep"), Keep: fails() });
    const again = redriven(JSON.parse(JSON.stringify(payload(asked, "DeadLetter"))));
    assert.deepEqual(names(await run(asking("keep"), again)), ["Keep", "Report"]);
  });

  it("ends in people being told or in the dead-letter queue, whatever fails, and never touches what it may not", async () => {
    const failing = fc.subarray(["PutBack", "GiveUp", "Ask", "Keep", "Leave", "Undo", "Tell", "Report", "ReportUndo", "Closed"]);
    const errors = fc.constantFrom("Error", "Lambda.Unknown", "States.Timeout", "NothingToAsk");
    const given = fc.record({
      mode: fc.constantFrom("alert", "revert", "approve", "closed"),
      repeated: fc.constantFrom(1, 2, 3),
      touchable: fc.boolean(),
      undo: fc.boolean(),
    });
    const parts = fc.constantFrom(PARTS, asking("keep"), asking("undo"));
    await fc.assert(
      fc.asyncProperty(
        parts,
        given,
        failing,
        errors,
        fc.constantFrom("keep", "undo"),
        async (machine, { undo, ...more }, broken, error, word) => {
          const whole = undo ? { changeId: ID, task: "undo", by: "somebody" } : { changeId: ID, ...more };
          const done = await run(machine, whole, {
            Ask: answer(word),
            ...Object.fromEntries(broken.map((state) => [state, fails(error)])),
          });
          const last = names(done).at(-1);
          if (done.status === "succeeded") {
            assert.match(String(last), /^(Tell|Report|ReportUndo|Closed)$/);
            assert.ok(!broken.includes(String(last)));
          } else {
            assert.equal(last, "DeadLetter");
            assert.match(JSON.stringify(payload(done, "DeadLetter")), new RegExp(ID));
          }
          if (!undo && (more.mode === "alert" || more.repeated === 3 || !more.touchable)) {
            assert.ok(!names(done).includes("PutBack"));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it("tells of a failed step within moments, and rides out an outage of an hour where nobody waits", () => {
    const attempts = (name: string) => statesOf(asking("keep"))[name]?.Retry?.at(-1)?.MaxAttempts ?? 0;
    assert.ok(attempts("PutBack") <= 3);
    for (const name of ["Tell", "Report", "ReportUndo", "Closed", "Ask", "Keep", "Leave"]) assert.ok(attempts(name) >= 40, name);
  });
});
