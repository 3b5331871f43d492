import assert from "node:assert/strict";
import { attributeBytes, indexWrites, itemBytes, writeUnits } from "../../bench/item-size";

describe("the size of an item, as DynamoDB bills it", () => {
  it("counts names and values in UTF-8", () => assert.equal(itemBytes({ pk: { S: "é" } }), 4));

  it("counts two digits of a number as a byte, and one byte more", () => {
    assert.deepEqual(
      ["0", "7", "100", "1785315640", "-12.5"].map((number) => itemBytes({ n: { N: number } })),
      [2, 3, 3, 7, 5],
    );
  });

  it("counts what lists, maps and sets hold, and what holds it", () => {
    assert.equal(itemBytes({ l: { L: [{ S: "ab" }, { BOOL: true }] } }), 1 + 3 + (1 + 2) + (1 + 1));
    assert.equal(itemBytes({ m: { M: { id: { S: "abc" } } } }), 1 + 3 + (1 + 2 + 3));
    assert.equal(itemBytes({ s: { SS: ["ab", "c"] } }), 1 + 3);
  });

  it("counts the bytes of what is binary, not the letters that it is sent as", () =>
    assert.equal(itemBytes({ b: { B: Buffer.from("abcd").toString("base64") } }), 1 + 4));

  it("names the largest attributes first", () => {
    assert.deepEqual(attributeBytes({ a: { S: "1" }, b: { S: "123" } }), [
      ["b", 4],
      ["a", 2],
    ]);
  });

  it("is paid for by the kilobyte, rounded up", () => {
    assert.deepEqual([0, 1, 1024, 1025, 2049].map(writeUnits), [1, 1, 1, 2, 3]);
  });
});

describe("writes to the index of due episodes", () => {
  const opening = "SET #told = if_not_exists(#told, :new_told), #due = if_not_exists(#due, :new_due) ADD #seen :new_seen";
  it("are one for an episode that opens", () => assert.equal(indexWrites(opening, undefined), 1));
  it("are none for one that is due already", () => assert.equal(indexWrites(opening, { due: { S: "2026-03-06" } }), 0));
  it("are two for a new time: one entry goes, another comes", () => {
    assert.equal(indexWrites("SET #due = :new_due", undefined), 2);
    assert.equal(indexWrites("SET #due = if_not_exists(#closedThrough, :new_due)", undefined), 2);
  });
  it("are one when the time goes", () => assert.equal(indexWrites("SET #status = :new_status REMOVE #claim, #due", undefined), 1));
  it("are none for anything else", () => assert.equal(indexWrites("SET #seen = :new_seen REMOVE #suppressed", undefined), 0));
});
