import assert from "node:assert/strict";
import fc from "fast-check";
import { nearest } from "../../settings/fault";
import { addressRange, duration } from "../../settings/forms";

const accepts = (range: string) => addressRange.safeParse(range).success;

/** A 16-byte address as eight groups, without abbreviation. */
const groups = (number: bigint) =>
  Array.from({ length: 8 }, (_, index) => ((number >> BigInt(112 - 16 * index)) & 0xffffn).toString(16)).join(":");
const bytes = (number: bigint) => Array.from({ length: 4 }, (_, index) => (number >> BigInt(24 - 8 * index)) & 0xffn).join(".");

describe("address ranges", () => {
  for (const [version, bits, text] of [
    [4, 32, bytes],
    [6, 128, groups],
  ] as const) {
    it(`of IPv${version} are accepted exactly if no bit is set behind the prefix`, () => {
      fc.assert(
        fc.property(fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }), fc.integer({ min: 0, max: bits }), (address, prefix) => {
          const host = 1n << BigInt(bits - prefix);
          assert.equal(accepts(`${text(address)}/${prefix}`), address % host === 0n);
          assert.ok(accepts(`${text(address - (address % host))}/${prefix}`));
        }),
      );
    });
  }

  it("may be abbreviated", () => {
    for (const range of ["::/0", "2001:db8::/32", "::ffff:10.0.0.0/104", "fe80::/10", "::1/128"]) assert.ok(accepts(range), range);
  });

  it("need an address and a prefix of its length", () => {
    for (const range of [
      "",
      "/",
      "10.0.0.0",
      "10.0.0/8",
      "10.0.0.0/",
      "10.0.0.0/-1",
      "10.0.0.0/8/8",
      "10.0.0.0/08x",
      "::/129",
      "fe80::%eth0/10",
      "any",
    ]) {
      assert.ok(!accepts(range), range);
    }
  });
});

describe("durations", () => {
  it("are a whole number and a unit, within the bound", () => {
    const form = duration({ max: "7d" });
    for (const right of ["1m", "90m", "12h", "7d", "1w", "168h"]) assert.ok(form.safeParse(right).success, right);
    for (const wrong of ["", "5", "d", "0d", "-1d", "1.5d", "5 d", "1s", "1y", "8d", "2w", "05d", "5D"])
      assert.ok(!form.safeParse(wrong).success, wrong);
  });
});

describe("a proposal", () => {
  it("is made for a slip, not for another word", () => {
    assert.equal(nearest("hihg", ["CRITICAL", "HIGH"]), "HIGH");
    assert.equal(nearest("HIG", ["CRITICAL", "HIGH"]), "HIGH");
    assert.equal(nearest("critcal", ["CRITICAL", "HIGH"]), "CRITICAL");
    assert.equal(nearest("via", ["to"]), undefined);
    assert.equal(nearest("x", []), undefined);
  });
});
