import assert from "node:assert/strict";
import { billOf, CLASSIC, FINDINGS, ofAMillion, together, traceDollars } from "../../bench/bill";

describe("a bill", () => {
  it("has a line for each thing that was used, at its price", () => {
    const { lines, dollars } = billOf({ writeUnits: 2_000_000, mails: 10_000, sqsRequests: 0 });
    assert.deepEqual(lines, [
      { billed: "writeUnits", quantity: 2_000_000, dollars: 1.25 },
      { billed: "mails", quantity: 10_000, dollars: 1 },
    ]);
    assert.equal(dollars, 2.25);
  });

  it("adds usages up, each so many times", () => {
    assert.deepEqual(together([2, { mails: 3 }], [10, { mails: 1, readUnits: 0.5 }]), { readUnits: 5, mails: 16 });
  });

  it("is for a million findings of which ten thousand are told", () => {
    assert.deepEqual(ofAMillion({ mails: 1, writeUnits: 2 }, { writeUnits: 1 }), { writeUnits: 1_010_000, mails: 10_000 });
  });

  it("knows what the classic design costs: 157 $, 150 of it for transitions", () => {
    const { lines, dollars } = billOf(together([FINDINGS, CLASSIC]));
    assert.equal(Math.round(dollars), 157);
    assert.equal(lines.find(({ billed }) => billed === "standardTransitions")?.dollars, 150);
  });
});

describe("X-Ray's share", () => {
  it("is every invocation of a trickle", () => assert.equal(traceDollars(1000), 0.005));
  it("is one a second and a twentieth of the others of a stream", () => {
    assert.equal(traceDollars(1_000_000).toFixed(4), ((86_400 + 0.05 * 913_600) * 0.000005).toFixed(4));
  });
});
