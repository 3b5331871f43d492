import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { START, VirtualClock } from "../../../sandbox/runtime/clock";

const MINUTE = 60_000;

describe("the virtual clock", () => {
  it("starts at 2026-03-01T09:00:00Z and stands still by itself", async () => {
    const clock = new VirtualClock();
    await clock.quiet();
    assert.equal(new Date(clock.now()).toISOString(), "2026-03-01T09:00:00.000Z");
  });

  it("fires what is due in the order of time, and at one moment in the order of registration", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 20 }), async (minutes) => {
        const clock = new VirtualClock();
        const fired: [number, number][] = [];
        for (const [index, minute] of minutes.entries()) {
          clock.after(minute * MINUTE, () => fired.push([clock.now(), index]));
        }
        await clock.advanceTo(START + 20 * MINUTE);
        const wanted = minutes
          .map((minute, index) => [START + minute * MINUTE, index])
          .sort(([a = 0, i = 0], [b = 0, j = 0]) => a - b || i - j);
        assert.deepEqual(fired, wanted);
        assert.equal(clock.now(), START + 20 * MINUTE);
      }),
      { numRuns: 50 },
    );
  });

  it("waits for work to end before it moves on", async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.after(MINUTE, () =>
      clock.work(async () => {
        await sleep(10);
        seen.push(`slow ${clock.now() - START}`);
      }),
    );
    clock.after(2 * MINUTE, () => seen.push(`next ${clock.now() - START}`));
    await clock.settle();
    assert.deepEqual(seen, [`slow ${MINUTE}`, `next ${2 * MINUTE}`]);
  });

  it("settles through what is due within 15 minutes from when settling began, and stops there", async () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    const again = (): void => {
      fired.push((clock.now() - START) / MINUTE);
      clock.after(6 * MINUTE, again);
    };
    clock.after(6 * MINUTE, again);
    await clock.settle();
    assert.deepEqual(fired, [6, 12]);
    assert.equal(clock.now(), START + 12 * MINUTE);
  });

  it("keeps held work back from settling, and catches up with it on the next advance", async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    clock.after(MINUTE, () => fired.push("schedule"), { held: true });
    clock.after(2 * MINUTE, () => fired.push("retry"));
    await clock.settle();
    assert.deepEqual(fired, ["retry"]);
    await clock.advanceTo(START + 3 * MINUTE);
    assert.deepEqual(fired, ["retry", "schedule"]);
  });

  it("does not fire what was cancelled", async () => {
    const clock = new VirtualClock();
    let fired = false;
    const cancel = clock.after(MINUTE, () => {
      fired = true;
    });
    cancel();
    cancel();
    await clock.advanceTo(START + MINUTE);
    assert.equal(fired, false);
    assert.equal(clock.pending, 0);
  });

  it("refuses to go back", async () => {
    await assert.rejects(new VirtualClock().advanceTo(START - 1), /cannot go back from 2026-03-01T09:00:00.000Z/);
  });

  it("does not swallow what work throws", async () => {
    const clock = new VirtualClock();
    clock.work(async () => {
      throw new Error("broken sandbox");
    });
    await assert.rejects(clock.quiet(), /broken sandbox/);
    await clock.quiet();
  });
});
