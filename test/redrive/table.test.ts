import assert from "node:assert/strict";
import type { Outcome } from "../../redrive/redrive";
import { printOutcomes } from "../../redrive/table";
import { screenOn } from "../../sandbox/terminal/screen";

const anOutcome = (overrides: Partial<Outcome> = {}): Outcome => ({
  queue: "undelivered-dlq",
  source: "undelivered",
  messages: 3,
  more: false,
  moved: 3,
  returned: 0,
  failed: 0,
  error: null,
  reasons: [{ reason: "not delivered to soc-slack", count: 3, episodes: ["a-1", "b-1"] }],
  ...overrides,
});

function printed(outcomes: readonly Outcome[], isList = false): string[] {
  let text = "";
  printOutcomes(screenOn({ write: (part: string) => (text += part) }, {}), outcomes, isList);
  return text.split("\n").filter((line) => line.trim() !== "");
}

const empty = (queue: string): Outcome => anOutcome({ queue, messages: 0, moved: 0, reasons: [] });

describe("the table of a redrive", () => {
  it("says what was moved where, why it rested, and which queues are empty", () => {
    assert.deepEqual(printed([anOutcome(), empty("intake-dlq"), empty("write-back-dlq")]), [
      "    queue            messages  moved",
      "  ✓ undelivered-dlq         3      3  to undelivered",
      "      3 × not delivered to soc-slack (episodes a-1, b-1, …)",
      "  empty: intake-dlq and write-back-dlq",
    ]);
  });

  it("moves nothing in a list", () => {
    assert.match(printed([anOutcome({ moved: 0 })], true)[1] ?? "", /^ {2}· undelivered-dlq +3 +–$/);
  });

  it("says what to do about what no queue can take back", () => {
    for (const queue of ["schedules-dlq", "forwarding-dlq", "new-dlq"]) {
      const [, line = "", , ...advice] = printed([anOutcome({ queue, source: null, moved: 0 })]);
      assert.match(line, /· .* –$/);
      assert.match(advice.join(" ").replaceAll(/\s+/g, " "), /purge the queue\.$/);
    }
  });

  it("says what could not be moved, and what failed again", () => {
    const lines = printed([anOutcome({ moved: 1, failed: 2, returned: 1, error: "AccessDenied" })]);
    assert.match(lines[1] ?? "", /✗/);
    assert.deepEqual(lines.slice(3), [
      "      2 messages could not be moved: AccessDenied",
      "      1 message failed again meanwhile and stayed: see to the cause first",
    ]);
  });

  it("prints no control characters of other people's texts, and breaks long ones", () => {
    const reason = `\u001b[31mred ${"because ".repeat(30)}`;
    const lines = printed([anOutcome({ reasons: [{ reason, count: 1, episodes: ["\u0007a"] }] })]);
    assert.ok(lines.every((line) => line.length <= 100 && !/\p{Cc}/u.test(line)));
  });
});
