import assert from "node:assert/strict";
import type { DeliveryEntry } from "../../../sandbox/replay/report";
import { printCard } from "../../../sandbox/terminal/card";
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
  printCard(screenOn({ ...output, write: (part: string) => (text += part) }, {}), mail, "  ");
  return text;
}

describe("A message on the terminal", () => {
  it("is, as a mail, a card with sender, recipients, subject, account and the first lines of the text", () => {
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

  const other = (kind: DeliveryEntry["kind"], payload: DeliveryEntry["payload"]): string =>
    shown({ ...delivery("", ""), kind, channel: "there", payload });
  const assertShows = (card: string, ...parts: readonly string[]): void => {
    assert.deepEqual(
      parts.filter((part) => !card.includes(part)),
      [],
      card,
    );
    assert.deepEqual(new Set(card.trimEnd().split("\n").map(textWidth)), new Set([100]));
  };

  it("is a card for Slack too: its header, what its blocks say, its buttons and reactions", () => {
    const text = (value: string, type = "plain_text") => ({ type, text: value });
    const payload = {
      thread_ts: "1.2",
      blocks: [
        { type: "header", text: text("HIGH · web") },
        { type: "section", fields: [text("*Region*", "mrkdwn"), text("eu-west-1")] },
        { type: "rich_text", elements: [{ type: "rich_text_section", elements: [text("rich ", "text"), text("text\u001b[2J", "text")] }] },
        { type: "actions", elements: [{ type: "button", text: text("Open"), url: "https://x.example" }] },
      ],
      attachments: [{ blocks: [{ type: "context", elements: [text("a &lt; <https://x.example|link>", "mrkdwn")] }] }],
    };
    const card = shown({ ...delivery("", ""), kind: "slack", channel: "soc-slack", payload, reactions: ["white_check_mark"] });
    assertShows(
      card,
      "─ Slack · ",
      "soc-slack, in the thread",
      "Title    HIGH · web",
      "│ Region ",
      "│ eu-west-1 ",
      "│ rich text[2J",
      "│ a < link",
      "[ Open ]",
      ":white_check_mark:",
    );
  });

  it("is a card for SNS: what phones get, and the text for all others", () => {
    const Message = JSON.stringify({ default: "HIGH\nin full", sms: "HIGH web: short" });
    assertShows(
      other("sns", { Subject: "HIGH web", Message, MessageStructure: "json" }),
      "─ SNS · ",
      "Title    HIGH web",
      "│ SMS: HIGH web: short",
      "│ in full",
    );
    assertShows(other("sns", { Message: "just text" }), "Title    just text");
  });

  it("is a card for Teams and for webhooks", () => {
    const body = [
      { type: "TextBlock", text: "HIGH" },
      { type: "ColumnSet", columns: [{ type: "Column", items: [{ type: "TextBlock", text: "brute force" }] }] },
      { type: "FactSet", facts: [{ title: "Account", value: "web" }] },
      { type: "ActionSet", actions: [{ type: "Action.OpenUrl", title: "Open" }] },
    ];
    assertShows(
      other("teams", { attachments: [{ content: { body } }] }),
      "─ Microsoft Teams · ",
      "Title    HIGH",
      "│ brute force",
      "│ Account: web",
      "[ Open ]",
    );
    assertShows(
      other("webhook", { headers: {}, body: { type: "alert" }, raw: '{"type":"alert"}' }),
      "─ webhook · ",
      "Title    alert",
      '│ {"type":"alert"}',
    );
  });
});
