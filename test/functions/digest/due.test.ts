import assert from "node:assert/strict";
import { isDue, type Period } from "../../../functions/digest/due";
import { DAY, HOUR } from "./support";

const MONDAY = Date.parse("2026-03-02T07:00:00Z");

describe("a digest is due", () => {
  const cases: readonly [Period, lastSent: string | undefined, now: number, due: boolean, what: string][] = [
    ["daily", undefined, MONDAY, true, "at the first run"],
    ["weekly", undefined, MONDAY + 3 * DAY, true, "at the first run, whatever the day"],
    ["daily", "2026-03-01T07:00:00Z", MONDAY, true, "the day after"],
    ["daily", "2026-03-01T11:00:00Z", MONDAY, true, "the morning after a run by hand"],
    ["daily", "2026-03-01T11:00:01Z", MONDAY, false, "not within 20 hours"],
    ["daily", "2026-03-02T07:00:00Z", MONDAY + HOUR, false, "not twice on a day"],
    ["weekly", "2026-02-23T07:00:12Z", MONDAY, true, "a week later, though this run was quicker to start"],
    ["weekly", "2026-02-25T16:00:00Z", MONDAY, true, "on the first Monday after a first one on Wednesday"],
    ["weekly", "2026-03-01T16:00:00Z", MONDAY, false, "not on Monday after one on Sunday evening"],
    ["weekly", "2026-03-02T07:00:00Z", MONDAY + DAY, false, "not on the days in between"],
    ["weekly", "2026-02-24T07:00:00Z", MONDAY - DAY, false, "not on Sunday after one on Tuesday"],
    ["weekly", "2026-03-01T16:00:00Z", MONDAY + 6 * DAY, true, "a week later on any day, where Monday was too early"],
  ];
  for (const [period, lastSent, now, due, what] of cases) {
    it(`${period}: ${what}`, () => {
      assert.equal(isDue(period, lastSent === undefined ? undefined : Date.parse(lastSent), now), due);
    });
  }
});
