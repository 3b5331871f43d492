import assert from "node:assert/strict";
import { containsCidr, mergeCidr, parseCidr } from "cidr-tools";
import fc from "fast-check";
import { judge, type RulePolicy } from "../../../functions/security-groups/judge";
import type { Rule } from "../../../functions/security-groups/rule";

const POLICY: RulePolicy = { approvedRanges: ["10.0.0.0/8", "203.0.113.0/24", "2001:db8::/32"], publicPorts: [80, 443] };

const rule = (range: string, given: Partial<Rule> = {}): Rule => ({
  direction: "ingress",
  protocol: "tcp",
  fromPort: 22,
  toPort: 22,
  peer: { kind: "range", range },
  ...given,
});

const verdict = (given: Rule, policy = POLICY): string => judge(given, policy).verdict;

describe("the judge of security-group rules", () => {
  const cases: readonly [what: string, rule: Rule, verdict: string][] = [
    ["SSH from the whole world", rule("0.0.0.0/0"), "unapproved"],
    ["SSH from all of IPv6", rule("::/0"), "unapproved"],
    ["SSH from half of the world", rule("0.0.0.0/1"), "unapproved"],
    ["SSH from the other half", rule("128.0.0.0/1"), "unapproved"],
    ["SSH from a single address that nobody approved", rule("198.51.100.7/32"), "unapproved"],
    ["SSH from an approved range", rule("10.0.0.0/8"), "approved"],
    ["SSH from a part of an approved range", rule("203.0.113.128/25"), "approved"],
    ["SSH from an approved IPv6 range", rule("2001:db8:1::/48"), "approved"],
    ["SSH from a range that is only partly approved", rule("203.0.112.0/23"), "unapproved"],
    ["HTTPS from the whole world", rule("0.0.0.0/0", { fromPort: 443, toPort: 443 }), "approved"],
    ["HTTP/3 from the whole world", rule("::/0", { protocol: "udp", fromPort: 443, toPort: 443 }), "approved"],
    ["a range of ports that contains public ones and others", rule("0.0.0.0/0", { fromPort: 80, toPort: 443 }), "unapproved"],
    ["all TCP ports", rule("0.0.0.0/0", { fromPort: 0, toPort: 65_535 }), "unapproved"],
    ["all TCP ports, said without ports", rule("0.0.0.0/0", { fromPort: undefined, toPort: undefined }), "unapproved"],
    ["all traffic", rule("0.0.0.0/0", { protocol: "-1", fromPort: -1, toPort: -1 }), "unapproved"],
    ["all traffic from an approved range", rule("10.1.0.0/16", { protocol: "-1", fromPort: -1, toPort: -1 }), "approved"],
    ["ping from the world, whose type 80 is no port", rule("0.0.0.0/0", { protocol: "icmp", fromPort: 80, toPort: 80 }), "unapproved"],
    ["members of another group", rule("", { peer: { kind: "group", id: "sg-1" } }), "approved"],
    ["egress to the world", rule("0.0.0.0/0", { direction: "egress" }), "approved"],
    ["what is no range", rule("everywhere"), "unknown"],
    ["an IPv6 address with too long a prefix", rule("::/129"), "unknown"],
  ];
  for (const [what, given, expected] of cases) {
    it(`finds ${what} ${expected}`, () => assert.equal(verdict(given), expected));
  }

  it("takes approved ranges together: two halves make a whole", () => {
    const halves = { approvedRanges: ["10.0.0.0/9", "10.128.0.0/9"], publicPorts: [] };
    assert.equal(verdict(rule("10.0.0.0/8"), halves), "approved");
  });

  it("names the addresses that nobody approved, and only those", () => {
    assert.deepEqual(judge(rule("203.0.112.0/23"), POLICY), { verdict: "unapproved", ranges: ["203.0.112.0/24"] });
  });

  it("judges the ranges of a prefix list, and says so when it could not read them", () => {
    const listed = rule("", { peer: { kind: "prefix-list", id: "pl-1" } });
    assert.equal(judge(listed, POLICY, { "pl-1": ["10.0.0.0/16", "10.1.0.0/16"] }).verdict, "approved");
    assert.deepEqual(judge(listed, POLICY, { "pl-1": ["10.0.0.0/16", "192.0.2.0/24"] }), {
      verdict: "unapproved",
      ranges: ["192.0.2.0/24"],
    });
    assert.deepEqual(judge(listed, POLICY), { verdict: "unknown", why: "the ranges of prefix list pl-1 could not be read" });
  });

  const v4 = fc
    .tuple(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }))
    .map(([address, prefix]) => [prefix === 0 ? 0 : address - (address % 2 ** (32 - prefix)), prefix] as const)
    .map(([base, prefix]) => `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".")}/${prefix}`);

  it("agrees with counting: approved is what every address of it is", () => {
    fc.assert(
      fc.property(v4, fc.array(v4, { maxLength: 6 }), fc.nat(), (range, approvedRanges, pick) => {
        const { start, end } = parseCidr(range);
        const address = start + (BigInt(pick) % (end - start + 1n));
        const single = `${[24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join(".")}/32`;
        const policy = { approvedRanges, publicPorts: [] };
        const inside = approvedRanges.length > 0 && containsCidr(mergeCidr([...approvedRanges]), single);
        assert.equal(verdict(rule(single), policy), inside ? "approved" : "unapproved");
        if (!inside) assert.equal(verdict(rule(range), policy), "unapproved");
      }),
    );
  });

  it("never approves more for a rule that opens more", () => {
    fc.assert(
      fc.property(v4, fc.array(v4, { maxLength: 4 }), fc.integer({ min: 0, max: 32 }), (range, approvedRanges, wider) => {
        const policy = { approvedRanges, publicPorts: [443] };
        const [address = "", prefix] = range.split("/");
        const base = parseCidr(`${address}/${Math.min(wider, Number(prefix))}`);
        const superset = `${[24n, 16n, 8n, 0n].map((shift) => (base.start >> shift) & 255n).join(".")}/${base.prefix}`;
        if (verdict(rule(superset), policy) === "approved") assert.equal(verdict(rule(range), policy), "approved");
      }),
    );
  });
});
