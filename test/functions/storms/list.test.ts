import assert from "node:assert/strict";
import fc from "fast-check";
import { cell, listKey } from "../../../functions/storms/list";
import { hostileText } from "../../support/hostile";
import { START } from "../../support/triage";
import { oneOfMany, rowsOf, StormBench } from "./bench";

describe("the full list of a storm", () => {
  it("has a line for each finding, with what it is, whose, where, since when, and all its ids", async () => {
    const bench = new StormBench({ over: 1, within: "10m" });
    await bench.arrive(oneOfMany(0), oneOfMany(1), oneOfMany(1, { id: "finding-1-cis" }), oneOfMany(2), oneOfMany(3), oneOfMany(4));
    const [key = ""] = bench.held;
    await bench.flush();
    const csv = bench.messages[0]?.csv ?? "";
    assert.equal(
      csv.split("\r\n")[0],
      '\uFEFF"Severity","Title","Account id","Account name","Region","Resource","First seen","Finding ids","Episode","Why"',
    );
    const { title, accountId, region, firstSeen, resources } = oneOfMany(1);
    const rows = rowsOf(csv);
    assert.equal(rows.length, 4);
    assert.deepEqual(rows[0], [
      ...["CRITICAL", title, accountId, "", region, resources[0]?.id, firstSeen],
      ...["finding-1 finding-1-cis", `${key}-1`, "new"],
    ]);
  });

  it("keeps cells from being taken for formulas", () => {
    for (const trick of [
      "=HYPERLINK(1)",
      "+1",
      "-1",
      "@SUM(1)",
      "\t=1",
      "\r\n=1",
      " =1",
      "\u200B=1",
      "\uFEFF=1",
      "＝1",
      "|calc",
      "%0A=1",
    ]) {
      assert.match(cell(trick), /^"'/, trick);
    }
    assert.equal(cell("sg-1 = open"), '"sg-1 = open"');
  });

  it("keeps cells apart, whatever is in them", () => {
    fc.assert(
      fc.property(fc.array(hostileText(300), { minLength: 9, maxLength: 9 }), (texts) => {
        const line = `${texts.map(cell).join(",")}\r\n`;
        const cells = rowsOf(`heading\r\n${line}`)[0] ?? [];
        assert.equal(cells.length, 9);
        assert.deepEqual(
          cells.filter((value) => /^[=+\-@|%]/.test(value)),
          [],
        );
        assert.doesNotMatch(line.slice(0, -2), /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
      }),
    );
  });

  it("has a name that says when, of what and for whom, in characters that no URL changes", () => {
    const part = {
      storm: { origin: "guardduty", kind: "UnauthorizedAccess:EC2/SSHBruteForce", sample: false } as const,
      flushAt: START + 600_000,
      number: 1,
    };
    assert.match(
      listKey(part, "soc-mail"),
      /^storms\/2026\/03\/01\/unauthorizedaccess-ec2-sshbruteforce-[0-9a-f]{6}-091000-1-soc-mail\.csv$/,
    );
    fc.assert(
      fc.property(hostileText(256), hostileText(100), (kind, channel) => {
        assert.match(listKey({ ...part, storm: { origin: "inspector", kind, sample: false } }, channel), /^storms\/[a-z0-9/-]+\.csv$/);
      }),
    );
    const other = { ...part, storm: { ...part.storm, kind: "UnauthorizedAccess:EC2-SSHBruteForce" } };
    assert.notEqual(listKey(part, "soc-mail"), listKey(other, "soc-mail"), "nothing overwrites the list of another kind");
    assert.notEqual(listKey(part, "soc.mail"), listKey(part, "soc-mail"));
  });
});
