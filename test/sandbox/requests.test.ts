import assert from "node:assert/strict";
import { fixture } from "../functions/normalize/support";
import { CONFIG, control, imported } from "../support/lines";
import { OpenSandbox } from "../support/open-sandbox";
import type { Step } from "../support/replay";

describe("what a finding costs", function () {
  this.timeout(60_000);
  let open: OpenSandbox;
  before(async () => {
    // One channel, no storms, and nothing below HIGH.
    open = await OpenSandbox.open(
      CONFIG.replace("[cis, fsbp], severities: [CRITICAL, HIGH, MEDIUM]", "[cis, fsbp], severities: [CRITICAL, HIGH]"),
    );
    // The first alert of an account also looks up its name.
    await open.play(imported(control("first")), { run: "accounts" });
  });
  after(() => open.close());

  const guardDuty = (minute: number): Step["line"] => ({
    account: "web",
    region: "eu-west-1",
    event: fixture("guardduty-ssh-brute-force", [["detail", "updatedAt"], `2026-03-01T09:${String(minute).padStart(2, "0")}:00.000Z`]),
  });

  /** Requests to DynamoDB and workflows started by these lines. */
  async function costOf(...lines: readonly Step["line"][]): Promise<{ dynamodb: number; workflows: number }> {
    const before = { dynamodb: open.requests("dynamodb"), workflows: open.requests("states") };
    await open.play(...lines);
    return { dynamodb: open.requests("dynamodb") - before.dynamodb, workflows: open.requests("states") - before.workflows };
  }

  it("is one write, and one more for the delivery, when it is told", async () => {
    await open.play(guardDuty(0));
    const other = guardDuty(0);
    assert.deepEqual(await costOf(JSON.parse(JSON.stringify(other).replaceAll("/finding/", "/finding/0"))), { dynamodb: 2, workflows: 1 });
  });

  it("is one write and no workflow when it is a repeat that the edge lets through", async () => {
    assert.deepEqual(await costOf(...[1, 2, 3, 4, 5].map(guardDuty)), { dynamodb: 5, workflows: 0 });
  });

  it("is nothing when it is a repeat of what was written back", async () => {
    const high = { Severity: { Label: "HIGH" } };
    await open.play(imported(control("again", high, open.minutes)));
    assert.deepEqual(await costOf(imported(control("again", high, open.minutes + 1))), { dynamodb: 0, workflows: 0 });
  });
});
