import assert from "node:assert/strict";
import type { DeliveryEntry } from "../../../sandbox/replay/report";
import { printMailCard } from "../../../sandbox/terminal/mail-card";
import { screenOn } from "../../../sandbox/terminal/screen";
import { textWidth } from "../../../sandbox/terminal/text";

const delivery = (subject: string, text: string): DeliveryEntry => ({
  at: "2026-03-01T09:00:00.000Z",
  cause: "event",
  channel: "soc-mail",
  kind: "email",
  reason: "new",
  episode: "e-1",
  findingIds: [],
  origin: "guardduty",
  severity: "HIGH",
  accountId: "444444444444",
  accountName: "web",
  region: "eu-west-1",
  resource: "i-1",
  title: subject,
  payload: { from: "tocsin@example.com", to: ["soc@example.com"], subject, html: "", text },
});

function shown(mail: DeliveryEntry, output: { isTTY?: boolean; columns?: number } = {}): string {
  let text = "";
  printMailCard(screenOn({ ...output, write: (part: string) => (text += part) }, {}), mail, "  ");
  return text;
}

describe("A mail on the terminal", () => {
  it("is a card with sender, recipients, subject, account and the first lines of the text", () => {
    const card = shown(delivery("[HIGH] SSH brute force", "one\n===\n\ntwo\n3\n4\n5\n6\n7\nlast"));
    for (const part of [
      "2026-03-01 09:00",
      "tocsin@example.com",
      "soc@example.com",
      "[HIGH] SSH brute force",
      "web (444444444444)",
      "│ one",
      "│ …",
    ]) {
      assert.ok(card.includes(part), part);
    }
    assert.ok(!card.includes("last") && !card.includes("==="));
  });

  it("has straight edges within 100 columns, whatever is in it", () => {
    const card = shown(delivery(`${"警鐘 🔔 ".repeat(40)}\u001b[2J`, "x".repeat(500)), { columns: 300 });
    assert.deepEqual(new Set(card.trimEnd().split("\n").map(textWidth)), new Set([100]));
  });

  it("is coloured on a terminal only", () => {
    assert.ok(!shown(delivery("s", "t")).includes("\u001b"));
    assert.ok(shown(delivery("s", "t"), { isTTY: true, columns: 100 }).includes("\u001b"));
  });
});
