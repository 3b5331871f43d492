import assert from "node:assert/strict";
import type { StormSummary } from "../../../functions/alert";
import { stormContent } from "../../../functions/message/storm";
import { aStorm, aStormAlert } from "../../support/storms";

const contentOf = (overrides: Partial<StormSummary>) => {
  const storm = aStorm(overrides);
  return stormContent({ alert: aStormAlert({ storm }), storm }, 10);
};

describe("why people are told of a storm, in words", () => {
  const table: readonly (readonly [Partial<StormSummary>, string])[] = [
    [{ reasons: { new: 9_980 } }, "9,980 new"],
    [{ reasons: { reminder: 1, new: 9, escalated: 2 }, escalatedFrom: ["HIGH"] }, "9 new, 2 escalated from HIGH, 1 reminder"],
    [{ reasons: { escalated: 3 }, escalatedFrom: ["LOW", "MEDIUM", "HIGH"] }, "3 escalated from LOW, MEDIUM or HIGH"],
    [{ reasons: { escalated: 2 } }, "2 escalated"],
    [{ reasons: { reopened: 4, reminder: 40 } }, "4 reopened, 40 reminders"],
  ];
  for (const [storm, words] of table) {
    it(words, () => {
      assert.equal(contentOf(storm).reasons, words);
      assert.ok(contentOf(storm).sentence.startsWith(`${words}. `), contentOf(storm).sentence);
    });
  }

  it("does not say of reminders that they came", () => assert.doesNotMatch(contentOf({ reasons: { reminder: 40 } }).sentence, /came/));
});
