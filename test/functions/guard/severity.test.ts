import assert from "node:assert/strict";
import { severityOf } from "../../../functions/guard/severity";
import type { Rule } from "../../../functions/security-groups/rule";
import { opening } from "../../support/guard";

const open = (ports: readonly [from: number, to: number], ranges: readonly string[] | undefined, given: Partial<Rule> = {}) => ({
  rule: { ...opening("0.0.0.0/0"), fromPort: ports[0], toPort: ports[1], ...given },
  ranges,
});

describe("how grave an opening is", () => {
  const cases: readonly [string, Parameters<typeof severityOf>[0], string][] = [
    ["SSH to the world", [open([22, 22], ["0.0.0.0/0"])], "CRITICAL"],
    ["SSH to all of IPv6", [open([22, 22], ["::/0"])], "CRITICAL"],
    ["a database to a /8", [open([5432, 5432], ["198.0.0.0/8"])], "CRITICAL"],
    ["a range of ports with RDP in it", [open([3000, 4000], ["0.0.0.0/0"])], "CRITICAL"],
    ["all traffic", [open([-1, -1], ["0.0.0.0/1"], { protocol: "-1" })], "CRITICAL"],
    ["all TCP ports", [open([-1, -1], ["0.0.0.0/0"])], "CRITICAL"],
    ["SSH to the world in two rules of half a /8 each", [open([22, 22], ["8.0.0.0/9"]), open([22, 22], ["8.128.0.0/9"])], "CRITICAL"],
    ["SSH to the world but for an approved range", [open([22, 22], ["0.0.0.0/5", "8.0.0.0/7", "11.0.0.0/8"])], "CRITICAL"],
    ["another port to the world", [open([8080, 8080], ["0.0.0.0/0"])], "HIGH"],
    ["ping to the world", [open([-1, -1], ["0.0.0.0/0"], { protocol: "icmp" })], "HIGH"],
    ["what cannot be judged", [open([8080, 8080], undefined)], "HIGH"],
    ["SSH to a provider's IPv6 range", [open([22, 22], ["2a00:1450::/29"])], "MEDIUM"],
    ["SSH to a single address", [open([22, 22], ["198.51.100.7/32"])], "MEDIUM"],
    ["SSH to one address and HTTP to the world", [open([22, 22], ["198.51.100.7/32"]), open([8080, 8080], ["0.0.0.0/0"])], "HIGH"],
    ["nothing", [], "INFORMATIONAL"],
  ];
  for (const [what, given, expected] of cases) {
    it(`is ${expected} for ${what}`, () => assert.equal(severityOf(given), expected));
  }
});
