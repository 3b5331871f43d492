import assert from "node:assert/strict";
import fc from "fast-check";
import { entering, LEEWAY, LONGEST_HOLD, OVERDUE, type StormState } from "../../../functions/storms/rules";
import { START } from "../../support/triage";
import { MINUTE } from "./bench";

const settings = { over: 3, within: "10m" };
/** Minutes and seconds after the start. */
const at = (minutes: number, seconds = 0): number => START + minutes * MINUTE + seconds * 1000;
const single = (windowEnds: number, count: number): StormState => ({ windowEnds, count });
const storm = (windowEnds: number, count: number, flushAt?: number): StormState => ({ windowEnds, count, since: at(1), flushAt });

/** What is expected, in words: `count`, `begin until 20`, `hold until 10`, `plan 10 in the window until 10, 4 counted`. */
function inWords(state: StormState, now: number): string {
  const minutes = (time: number): number => (time - START) / MINUTE;
  const step = entering(settings, state, now);
  switch (step.kind) {
    case "count":
      return "count";
    case "begin":
      return `begin until ${minutes(step.next.windowEnds)}`;
    case "hold":
      return `hold until ${minutes(step.flushAt)}`;
    case "plan":
      return `plan ${minutes(step.next.flushAt)} in the window until ${minutes(step.next.windowEnds)}, ${step.next.count} counted`;
  }
}

describe("what becomes of one more finding of a kind", () => {
  const table: readonly (readonly [what: string, state: StormState, now: number, expected: string])[] = [
    ["a window is open", single(at(10), 1), at(5), "count"],
    ["as many as may be were told singly, which the count will say", single(at(10), 3), at(5), "count"],
    ["more than that were counted", single(at(10), 4), at(1), "plan 2 in the window until 10, 4 counted"],
    [
      "more than that were counted, and the window is about to end",
      single(at(10), 4),
      at(9, 30),
      "plan 10 in the window until 10, 4 counted",
    ],
    ["the window is over", single(at(10), 3), at(10), "begin until 20"],
    ["the window is over, and was full", single(at(10), 4), at(12), "begin until 22"],
    ["a flush is planned", storm(at(10), 4, at(10)), at(9), "hold until 10"],
    [
      "a flush is planned, and hardly any time left",
      storm(at(10), 4, at(10)),
      at(9, 51),
      "plan 10.183333333333334 in the window until 10, 4 counted",
    ],
    ["no flush is planned yet in this window", storm(at(20), 0), at(12), "plan 20 in the window until 20, 0 counted"],
    ["the last window exceeded the bound", storm(at(10), 4), at(13), "plan 20 in the window until 20, 0 counted"],
    ["the last window stayed within the bound", storm(at(20), 3), at(23), "begin until 33"],
    ["nothing came for a whole window", storm(at(10), 4_000), at(20), "begin until 30"],
    ["the last flush is not done yet", storm(at(20), 0, at(20)), at(20, 5), "plan 30 in the window until 30, 0 counted"],
    ["the last flush is late, by more than a window", storm(at(20), 0, at(20)), at(45), "plan 55 in the window until 55, 0 counted"],
    ["the last flush never came", storm(at(20), 0, at(20)), at(20) + OVERDUE, "begin until 90"],
  ];
  for (const [what, state, now, expected] of table) {
    it(`${what}: ${expected}`, () => assert.equal(inWords(state, now), expected));
  }

  it("is never held for longer than ten minutes, nor for a flush that is too near", () => {
    fc.assert(
      fc.property(
        fc.record({
          windowEnds: fc.integer({ min: -2_000, max: 2_000 }),
          count: fc.nat(6),
          since: fc.option(fc.constant(at(0)), { nil: undefined }),
          flushAt: fc.option(fc.integer({ min: -2_000, max: 700 }), { nil: undefined }),
        }),
        fc.constantFrom("1m", "10m", "1d"),
        ({ windowEnds, count, since, flushAt }, within) => {
          const now = at(0);
          const known =
            flushAt === undefined || since === undefined ? undefined : now + Math.min(flushAt * 1000, LONGEST_HOLD + 2 * LEEWAY);
          const step = entering({ over: 3, within }, { windowEnds: now + windowEnds * 1000, count, since, flushAt: known }, now);
          const held = step.kind === "hold" ? step.flushAt : step.kind === "plan" ? step.next.flushAt : undefined;
          assert.ok(held === undefined || (held >= now + LEEWAY && held <= now + LONGEST_HOLD + 2 * LEEWAY));
        },
      ),
    );
  });
});
