import assert from "node:assert/strict";
import fc from "fast-check";
import { compilePattern } from "../../../../sandbox/runtime/event-bridge/pattern";

type Case = readonly [what: string, pattern: unknown, matching: readonly unknown[], other: readonly unknown[]];

const a = (value: unknown): unknown => ({ a: value });

const CASES: readonly Case[] = [
  ["an exact text", a(["x"]), [a("x"), a(["y", "x"])], [a("X"), a("xy"), {}, a({ x: "x" }), a([])]],
  ["one of several values", a(["x", "y"]), [a("y")], [a("z")]],
  ["numbers by value, not by spelling", a([300]), [a(300), a(3.0e2)], [a("300"), a(301)]],
  ["null, true and false", a([null, true]), [a(null), a(true)], [a(false), a("null"), {}]],
  ["the empty text", a([""]), [a("")], [a(null), a(" ")]],
  ["several fields at once", { a: ["x"], b: [1] }, [{ a: "x", b: 1, c: 0 }], [a("x"), { a: "x", b: 2 }]],
  ["nested fields", { detail: { state: { code: [1] } } }, [{ detail: { state: { code: 1 } } }], [{ detail: { state: 1 } }, { detail: {} }]],
  ["a prefix", a([{ prefix: "eu-" }]), [a("eu-west-1"), a(["us", "eu-"])], [a("EU-west-1"), a(5), {}]],
  ["a prefix whatever its case", a([{ prefix: { "equals-ignore-case": "eu-" } }]), [a("EU-west-1")], [a("us-east-1")]],
  ["a suffix", a([{ suffix: ".png" }]), [a("x.png")], [a("x.PNG"), a("png")]],
  ["a suffix whatever its case", a([{ suffix: { "equals-ignore-case": ".png" } }]), [a("x.PNG")], [a("x.jpg")]],
  ["a text whatever its case", a([{ "equals-ignore-case": "Alice" }]), [a("ALICE")], [a("alic"), a(1)]],
  ["anything but a value", a([{ "anything-but": "x" }]), [a("y"), a(1), a(["x", "y"])], [a("x"), {}]],
  ["anything but several values", a([{ "anything-but": ["x", 5] }]), [a("y"), a(6)], [a("x"), a(5)]],
  ["anything but a prefix", a([{ "anything-but": { prefix: "init" } }]), [a("x-init")], [a("initial")]],
  ["anything but several prefixes", a([{ "anything-but": { prefix: ["a", "b"] } }]), [a("cab")], [a("ab"), a("ba")]],
  ["anything but a suffix", a([{ "anything-but": { suffix: ".txt" } }]), [a("x.log")], [a("x.txt")]],
  ["anything but a wildcard", a([{ "anything-but": { wildcard: "*/lib/*" } }]), [a("/usr/bin/x")], [a("/usr/lib/x")]],
  ["anything but a text whatever its case", a([{ "anything-but": { "equals-ignore-case": ["x", "y"] } }]), [a("z")], [a("X"), a("Y")]],
  ["a number in a range", a([{ numeric: [">", 0, "<=", 5] }]), [a(5), a(0.1)], [a(0), a(5.1), a("3"), {}]],
  ["a number equal to", a([{ numeric: ["=", 7] }]), [a(7)], [a(8)]],
  ["numbers at least and below", a([{ numeric: [">=", -3] }]), [a(-3)], [a(-4)]],
  ["a field that is there", a([{ exists: true }]), [a("x"), a(null), a([1])], [{}, a({}), a([])]],
  ["a field that is not there", a([{ exists: false }]), [{}, a([]), a({ b: 1 })], [a(null), a("x")]],
  ["a missing field below a missing one", { a: { b: [{ exists: false }] } }, [{}, a({}), a("text")], [a({ b: 1 })]],
  ["missing, or a value", a([{ exists: false }, "x"]), [{}, a("x")], [a("y")]],
  ["an address in a range", a([{ cidr: "10.0.0.0/24" }]), [a("10.0.0.255")], [a("10.0.1.0"), a("10.0.0"), a("::1")]],
  ["an IPv6 address in a range", a([{ cidr: "2001:db8::/32" }]), [a("2001:db8:1::1")], [a("2001:db9::1"), a("10.0.0.1")]],
  ["a wildcard", a([{ wildcard: "arn:*:iam::*:role/x" }]), [a("arn:aws:iam::1:role/x")], [a("arn:aws:iam::1:role/xy"), a("arn")]],
  ["a wildcard's own characters", a([{ wildcard: "a\\*b\\\\*" }]), [a("a*b\\"), a("a*b\\c")], [a("axb\\"), a("a*b")]],
  ["a wildcard with characters that regular expressions know", a([{ wildcard: "a.b(*" }]), [a("a.b(c")], [a("axb(c")]],
  ["one of several patterns", { $or: [a(["x"]), { b: [1] }] }, [a("x"), { b: 1 }], [{ a: "y", b: 2 }, {}]],
  ["one of several patterns and a field", { c: [1], $or: [a(["x"]), { b: [1] }] }, [{ a: "x", c: 1 }], [a("x"), { c: 1 }]],
  ["one of several patterns inside a field", { d: { $or: [a(["x"]), a(["y"])] } }, [{ d: a("y") }], [{ d: a("z") }, a("x")]],
  [
    "an element of an array of objects",
    { detail: { findings: { Severity: { Label: ["HIGH"] }, Workflow: { Status: ["NEW"] } } } },
    [{ detail: { findings: [{ Severity: { Label: "LOW" } }, { Severity: { Label: "HIGH" }, Workflow: { Status: "NEW" } }] } }],
    [
      {
        detail: {
          findings: [
            { Severity: { Label: "HIGH" }, Workflow: { Status: "NOTIFIED" } },
            { Severity: { Label: "LOW" }, Workflow: { Status: "NEW" } },
          ],
        },
      },
    ],
  ],
  [
    "what no element of an array has",
    { findings: { Note: [{ exists: false }] } },
    [{ findings: [{ Id: 1 }, { Id: 2 }] }, { findings: [] }],
    [{ findings: [{ Id: 1 }, { Note: "x" }] }],
  ],
  [
    "standards in a list of objects",
    { c: { AssociatedStandards: { StandardsId: [{ prefix: "standards/aws-" }, { prefix: "ruleset/cis-" }] } } },
    [{ c: { AssociatedStandards: [{ StandardsId: "standards/nist" }, { StandardsId: "ruleset/cis-1.2" }] } }],
    [{ c: { AssociatedStandards: [{ StandardsId: "standards/nist" }] } }],
  ],
];

describe("event patterns", () => {
  for (const [what, pattern, matching, other] of CASES) {
    it(`match ${what}`, () => {
      const matches = compilePattern(pattern);
      for (const event of matching) {
        assert.equal(matches(event), true, `${JSON.stringify(pattern)} should match ${JSON.stringify(event)}`);
      }
      for (const event of other) {
        assert.equal(matches(event), false, `${JSON.stringify(pattern)} should not match ${JSON.stringify(event)}`);
      }
    });
  }

  it("are refused when EventBridge would refuse them", () => {
    for (const pattern of [
      {},
      [],
      "x",
      a("x"),
      a([]),
      a({}),
      a([{ prefix: 5 }]),
      a([{ unknown: 1 }]),
      a([{ prefix: "a", suffix: "b" }]),
      a([{ numeric: [">", "5"] }]),
      a([{ numeric: ["!", 5] }]),
      a([{ numeric: [] }]),
      a([{ exists: "yes" }]),
      a([{ cidr: "10.0.0/24" }]),
      a([{ cidr: "10.0.0.0/33" }]),
      a([{ wildcard: "a**b" }]),
      a([{ "anything-but": [] }]),
      a([{ "anything-but": { numeric: ["=", 1] } }]),
    ]) {
      assert.throws(() => compilePattern(pattern), { name: "InvalidEventPatternException" }, JSON.stringify(pattern));
    }
  });

  it("match an event that is made of their own values, and none without the field", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 }), (path) => {
        const build = (leaf: unknown): unknown => path.reduceRight<unknown>((inner, key) => ({ [`_${key}`]: inner }), leaf);
        const matches = compilePattern(build(["x"]));
        assert.equal(matches(build("x")), true);
        assert.equal(matches(build(["y", "x"])), true);
        assert.equal(matches(build("y")), false);
        assert.equal(matches({}), false);
      }),
    );
  });
});
