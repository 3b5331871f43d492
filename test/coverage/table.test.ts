import assert from "node:assert/strict";
import type { Row } from "../../coverage/coverage";
import { printCoverage } from "../../coverage/table";
import { screenOn } from "../../sandbox/terminal/screen";

const row = (accountName: string | null, region: string, reason: string | null = null): Row => ({
  accountId: accountName === "web" ? "444444444444" : "333333333333",
  accountName,
  region,
  covered: reason === null,
  reason,
  lastHeartbeat: null,
});

function printed(rows: readonly Row[], suspended = 0): string[] {
  let text = "";
  const screen = screenOn({ write: (part: string) => (text += part) }, {});
  const covered = rows.filter((one) => one.covered).length;
  printCoverage(screen, { rows, covered, missing: rows.length - covered, suspended });
  return text.split("\n").filter((line) => line.trim() !== "");
}

describe("the table of coverage", () => {
  it("has a line for the Regions of an account that fare alike, and what is missing last", () => {
    assert.deepEqual(
      printed([row("payments", "eu-west-1"), row("payments", "us-east-1", "no heartbeat yet"), row("web", "eu-west-1")], 1),
      [
        "    account   id            Regions",
        "  ✓ payments  333333333333  eu-west-1",
        "  ✓ web       444444444444  eu-west-1",
        "  ✗ payments  333333333333  us-east-1",
        "      no heartbeat yet",
        "  2 of 3 covered (account × Region), 1 missing · left out: 1 account not active",
      ],
    );
  });

  it("breaks long lists of Regions and reasons, and prints no control characters of other people's texts", () => {
    const regions = Array.from({ length: 20 }, (_, index) => `ap-southeast-${index}`);
    const lines = printed(regions.map((region) => row("\u001b[31mred", region, `AccessDenied \u001b]0;x\u0007${"because ".repeat(30)}`)));
    assert.ok(lines.every((line) => line.length <= 100));
    assert.ok(lines.every((line) => !/\p{Cc}/u.test(line)));
    assert.ok(regions.every((region) => lines.some((line) => line.includes(region))));
  });
});
