import assert from "node:assert/strict";
import fc from "fast-check";
import type { Alert } from "../../../functions/alert";
import { webhookBody, webhookJson } from "../../../functions/webhook/body";
import { aFinding, anAccount, anAlert } from "../../support/findings";
import { hostileInput } from "../../support/hostile";
import { aStorm, aStormAlert } from "../../support/storms";

const SENT_AT = "2026-03-01T09:00:00.000Z";
const body = (alert: Alert = anAlert(), runbook?: string) =>
  JSON.parse(webhookJson(webhookBody({ alert, account: anAccount(), runbook }, SENT_AT)));

describe("what a webhook is sent", () => {
  it("is version 1: why, which episode, the finding, its account, links and when", () => {
    const finding = JSON.parse(JSON.stringify(aFinding()));
    assert.deepEqual(body(), {
      version: 1,
      type: "alert",
      reason: "new",
      episode: anAlert().episode,
      finding,
      account: anAccount(),
      console: finding.consoleUrl,
      runbook: finding.remediation.url,
      sentAt: SENT_AT,
    });
  });

  it("says what it was and when it was told before", () => {
    const { previousSeverity, reason } = body(anAlert({ reason: "escalated", previousSeverity: "MEDIUM" }));
    assert.deepEqual([reason, previousSeverity], ["escalated", "MEDIUM"]);
    assert.equal(body(anAlert({ reason: "reminder", lastDelivery: "2026-02-24T09:00:00.000Z" })).lastDelivery, "2026-02-24T09:00:00.000Z");
  });

  it("tells apart one finding, the end of an episode and a storm", () => {
    const resolved = body(anAlert({ reason: "resolved", ending: "forgotten" }));
    assert.deepEqual([resolved.type, resolved.reason, resolved.ending], ["resolved", "resolved", "forgotten"]);
    const storm = body(aStormAlert());
    assert.deepEqual([storm.type, storm.reason, storm.storm], ["storm", "new", aStorm()]);
  });

  it("prefers the team's own runbook", () => {
    assert.equal(body(anAlert(), "https://wiki.example.com/ports").runbook, "https://wiki.example.com/ports");
  });

  it("hands over what attackers wrote unchanged, as ASCII that no browser takes for markup, and links https only", () => {
    fc.assert(
      fc.property(hostileInput, (input) => {
        const json = webhookJson(webhookBody(input, SENT_AT));
        assert.match(json, /^[ -~]+$/);
        assert.doesNotMatch(json, /[<>&]/);
        const read = JSON.parse(json);
        assert.deepEqual(read.finding, JSON.parse(JSON.stringify(input.alert.finding)));
        assert.deepEqual(read.account, JSON.parse(JSON.stringify(input.account)));
        for (const link of [read.console, read.runbook]) {
          assert.ok(link === undefined || /^https:\/\//.test(link), link);
        }
      }),
      { numRuns: 100 },
    );
  });
});
