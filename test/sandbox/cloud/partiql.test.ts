import assert from "node:assert/strict";
import { parseUpdate } from "../../../sandbox/cloud/partiql";

describe("PartiQL updates by key", () => {
  it("reads assignments and keys, parameters in their order", () => {
    assert.deepEqual(parseUpdate(`UPDATE "t-1" SET a=?, b='it''s, AND c' WHERE pk=? AND sk = 7`, [{ S: "x" }, { S: "key" }]), {
      table: "t-1",
      set: [
        ["a", { S: "x" }],
        ["b", { S: "it's, AND c" }],
      ],
      key: { pk: { S: "key" }, sk: { N: "7" } },
    });
  });

  it("leaves what it does not understand to the emulator", () => {
    for (const statement of [
      'SELECT * FROM "t"',
      'UPDATE "t" REMOVE a WHERE pk=1',
      'UPDATE "t" SET a=b WHERE pk=1',
      'UPDATE "t" SET a=? WHERE pk=?',
    ])
      assert.equal(parseUpdate(statement, []), undefined);
  });
});
