import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveMessages } from "../../../sandbox/inbox-files";
import type { DeliveryEntry } from "../../../sandbox/replay/report";

const delivery = (kind: DeliveryEntry["kind"], payload: DeliveryEntry["payload"]): DeliveryEntry => ({
  at: "2026-03-01T09:00:00.000Z",
  cause: "event",
  channel: "c",
  kind,
  reason: "new",
  episode: "e-1",
  findingIds: [],
  origin: "guardduty",
  severity: "HIGH",
  accountId: "444444444444",
  accountName: "web",
  region: "eu-west-1",
  resource: "i-1",
  title: "t",
  payload,
});

describe("The inbox in a folder", () => {
  it("has a file for each message: pages of mails and Slack's, the request of all others", () => {
    const folder = mkdtempSync(join(tmpdir(), "tocsin-inbox-"));
    const sns = { Subject: "HIGH web", Message: "m" };
    const count = saveMessages(folder, [
      delivery("email", { subject: "[HIGH] ../../web", html: "<p>hi</p>", text: "hi" }),
      delivery("slack", { text: "HIGH web" }),
      delivery("sns", sns),
      delivery("teams", { attachments: [{ content: { body: [{ type: "TextBlock", text: "HIGH" }] } }] }),
      delivery("webhook", { headers: {}, body: { type: "alert" }, raw: "{}" }),
    ]);
    assert.equal(count, 5);
    assert.deepEqual(readdirSync(folder).sort(), [
      "01-HIGH-web.html",
      "02-slack-HIGH-web.html",
      "03-sns-HIGH-web.json",
      "04-teams-HIGH.json",
      "05-webhook-alert.json",
    ]);
    assert.equal(readFileSync(join(folder, "01-HIGH-web.html"), "utf8"), "<p>hi</p>");
    assert.match(readFileSync(join(folder, "02-slack-HIGH-web.html"), "utf8"), /^<!DOCTYPE html>/);
    assert.deepEqual(JSON.parse(readFileSync(join(folder, "03-sns-HIGH-web.json"), "utf8")), sns);
  });
});
