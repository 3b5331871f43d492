import assert from "node:assert/strict";
import fc from "fast-check";
import { opensNoMore } from "../../../functions/security-groups/compare";
import { judge } from "../../../functions/security-groups/judge";
import type { Rule } from "../../../functions/security-groups/rule";

const rule = (range: string, from = 22, to = from, given: Partial<Rule> = {}): Rule => ({
  direction: "ingress",
  protocol: "tcp",
  fromPort: from,
  toPort: to,
  peer: { kind: "range", range },
  ...given,
});

describe("comparing what two rules let through", () => {
  const all = { protocol: "-1" } as const;
  const list = (id: string) => rule("", 22, 22, { peer: { kind: "prefix-list", id } });
  const cases: readonly [string, Rule, Rule, boolean][] = [
    ["a part of a range", rule("10.1.0.0/16"), rule("10.0.0.0/8"), true],
    ["more than a range", rule("10.0.0.0/8"), rule("10.1.0.0/16"), false],
    ["other addresses", rule("::/0"), rule("0.0.0.0/0"), false],
    ["a port of several", rule("0.0.0.0/0", 22), rule("0.0.0.0/0", 0, 65_535), true],
    ["one port more", rule("0.0.0.0/0", 22, 23), rule("0.0.0.0/0", 22), false],
    ["one port of all traffic", rule("0.0.0.0/0"), rule("0.0.0.0/0", -1, -1, all), true],
    ["all traffic instead of a port", rule("0.0.0.0/0", -1, -1, all), rule("0.0.0.0/0", 0, 65_535), false],
    ["another protocol", rule("0.0.0.0/0", 22, 22, { protocol: "udp" }), rule("0.0.0.0/0"), false],
    ["the other direction", rule("0.0.0.0/0", 22, 22, { direction: "egress" }), rule("0.0.0.0/0"), false],
    ["another type of ICMP", rule("0.0.0.0/0", 8, 0, { protocol: "icmp" }), rule("0.0.0.0/0", 0, 0, { protocol: "icmp" }), false],
    ["one type of all ICMP", rule("0.0.0.0/0", 8, 0, { protocol: "icmp" }), rule("0.0.0.0/0", -1, -1, { protocol: "icmp" }), true],
    ["the same prefix list", list("pl-unknown"), list("pl-unknown"), true],
    ["a prefix list within a range", list("pl-1"), rule("10.0.0.0/8"), true],
    ["a prefix list that nobody could read", list("pl-2"), rule("0.0.0.0/0"), false],
    ["what is no range", rule("everywhere"), rule("0.0.0.0/0"), false],
  ];
  for (const [what, one, other, expected] of cases) {
    it(`finds that ${what} is ${expected ? "no" : "maybe"} more`, () => {
      assert.equal(opensNoMore(one, other, { "pl-1": ["10.2.0.0/16"] }), expected);
    });
  }

  it("never takes for narrower what a policy judges worse", () => {
    const ranges = fc.constantFrom("0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/8", "10.0.0.0/9", "198.51.100.7/32", "::/0", "2001:db8::/32");
    const ports = fc.constantFrom([22, 22], [80, 80], [80, 81], [0, 65_535], [-1, -1]);
    const drawn = fc
      .tuple(ranges, ports, fc.constantFrom("tcp", "udp", "-1"))
      .map(([range, [from = 0, to = 0], protocol]) => rule(range, from, to, { protocol }));
    const policy = { approvedRanges: ["10.0.0.0/8"], publicPorts: [80, 81] };
    fc.assert(
      fc.property(drawn, drawn, (one, other) => {
        if (opensNoMore(one, other) && judge(other, policy).verdict === "approved") assert.equal(judge(one, policy).verdict, "approved");
      }),
    );
  });
});
