import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { billOf } from "../../bench/bill";
import { billRows, markdownTable, withBill } from "../../bench/bill-table";
import { GUIDE, millionsOf, readResults } from "../../bench/results";

describe("the guide to costs", () => {
  const results = readResults();
  assert.ok(results);

  it("shows the bill that was measured last, at today's price table", () => {
    const guide = readFileSync(GUIDE, "utf8");
    assert.equal(guide, withBill(guide, billRows(millionsOf(results))), "npm run bench -- --only cost writes it");
  });

  it("shows totals that the budgets are checked by", () => {
    const totals = millionsOf(results).map(({ usage }) => billOf(usage).dollars.toFixed(2));
    assert.deepEqual(
      results.parts.cost?.checks.slice(0, totals.length).map(({ measured }) => measured.toFixed(2)),
      totals,
    );
  });
});

describe("a bill in a guide", () => {
  it("is a table with a column for each way in which findings come", () => {
    const rows = billRows([
      { name: "one", usage: { mails: 10_000 } },
      { name: "two", usage: { mails: 10_000, writeUnits: 1_000_000 } },
    ]);
    assert.equal(
      markdownTable(rows.slice(1)),
      "| DynamoDB writes |  | 0.63 |\n| --- | --: | --: |\n| SES mails | 1.00 | 1.00 |\n| total | 1.00 | 1.63 |",
    );
  });

  it("says so when the guide has no place for it", () => assert.throws(() => withBill("# Costs", [["a"]]), /no place for the bill/));
});
