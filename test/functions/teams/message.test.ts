import assert from "node:assert/strict";
import fc from "fast-check";
import type { Alert } from "../../../functions/alert";
import { CUT_NOTE, type MessageInput, SAMPLE_NOTE } from "../../../functions/message/content";
import { isTeamsHost } from "../../../functions/teams/hosts";
import { teamsMessage } from "../../../functions/teams/message";
import { MOST_BYTES } from "../../../functions/teams/room";
import { aFinding, aGuardDutyFinding, anAccount, anAlert, aResource } from "../../support/findings";
import { hostileInput } from "../../support/hostile";
import { aStormAlert } from "../../support/storms";
import { readCard, unescaped } from "./card";

const request = (input: Partial<MessageInput> = {}): string => teamsMessage({ alert: anAlert(), account: anAccount(), ...input });
const card = (overrides: Partial<Alert> = {}, input: Partial<MessageInput> = {}) =>
  readCard(request({ alert: anAlert(overrides), ...input }));

describe("the card in Microsoft Teams about a finding", () => {
  it("is wrapped as the workflow of Teams takes it", () => {
    const { type, attachments } = JSON.parse(request());
    assert.equal(type, "message");
    assert.equal(attachments.length, 1);
    const [{ contentType, contentUrl, content }] = attachments;
    assert.deepEqual([contentType, contentUrl], ["application/vnd.microsoft.card.adaptive", null]);
    assert.deepEqual([content.type, content.version], ["AdaptiveCard", "1.5"]);
  });

  it("says severity, title, account by name, Region, resource, what happened, why it is sent, and where to look", () => {
    const { shown, facts, buttons, styles } = card();
    assert.deepEqual(shown.slice(0, 5), [
      "🔴 CRITICAL",
      "New",
      "Security groups should not allow unrestricted access to ports with high risk",
      "Security Hub control · EC2.19",
      "New. You have not been told of this problem before.",
    ]);
    assert.deepEqual(styles, ["attention"]);
    assert.equal(facts.Account, "payments (333333333333, Production)");
    assert.equal(facts.Region, "eu-west-1");
    assert.equal(facts.Resource, "sg-0a1b2c3d4e5f60718 (AwsEc2SecurityGroup)");
    assert.equal(facts["First seen"], "27 February 2026, 22:14 UTC");
    assert.equal(facts.Compliance, "FAILED");
    assert.ok(shown.includes(aFinding().description) && shown.includes("What happened") && shown.includes("What to do"));
    assert.deepEqual(buttons, { "Open in the AWS console": aFinding().consoleUrl, Runbook: aFinding().remediation.url });
  });

  it("leads to the team's own runbook where there is one", () => {
    assert.equal(card({}, { runbook: "https://wiki.example.com/ports" }).buttons.Runbook, "https://wiki.example.com/ports");
  });

  it("shows a sample as a sample, in no colour of alarm", () => {
    const { shown, styles } = card({ finding: aGuardDutyFinding({ sample: true, severity: "CRITICAL" }) });
    assert.equal(shown[0], "🟣 [SAMPLE] CRITICAL");
    assert.ok(shown.includes(SAMPLE_NOTE) && shown.some((line) => line.startsWith("[SAMPLE] 198.51.100.7 is performing")));
    assert.deepEqual(styles, ["emphasis"]);
  });

  it("says why it comes again", () => {
    const again = (overrides: Partial<Alert>, input: Partial<MessageInput> = {}) => card(overrides, input).shown;
    const reminder = again(
      { reason: "reminder", lastDelivery: "2026-03-01T09:00:00.000Z" },
      { now: "2026-03-06T09:00:00.000Z", period: "5d" },
    );
    assert.equal(reminder[1], "Reminder");
    assert.match(
      reminder[4] ?? "",
      /^Reminder\. Still unresolved, last told 5 days ago, .* repeated every 5 days until they are resolved\.$/,
    );
    const escalated = again({ reason: "escalated", previousSeverity: "MEDIUM" });
    assert.equal(escalated[4], "Escalated. Raised from MEDIUM to CRITICAL since you were last told.");
    assert.equal(again({ reason: "reopened" })[4], "Reopened. It was resolved or archived, and now it is back.");
  });

  it("tells the end of an episode in short", () => {
    const { shown, styles, buttons } = card({ reason: "resolved", ending: "no longer active" });
    assert.deepEqual([shown[0], shown[1], shown[4]], ["✅ CRITICAL", "Resolved", "Resolved. Security Hub no longer holds it as active."]);
    assert.deepEqual(styles, ["good"]);
    assert.ok(!shown.includes("What happened") && !shown.includes("What to do"));
    assert.deepEqual(Object.keys(buttons), ["Open in the AWS console"]);
  });

  it("tells of a storm with counts, accounts, some findings and the way to all of them", () => {
    const { shown, facts, buttons } = readCard(request({ alert: aStormAlert(), runbook: "https://wiki.example.com/ports" }));
    assert.deepEqual(shown.slice(0, 4), ["🔴 CRITICAL", "Storm", "9,980 findings in 3 accounts", "Security Hub control · EC2.19"]);
    assert.equal(facts.Severities, "CRITICAL 80 · HIGH 9,900");
    assert.equal(facts["9,000"], "payments (333333333333)");
    assert.equal(facts.CRITICAL, "payments · eu-west-1 · arn:aws:ec2:eu-west-1:333333333333:security-group/sg-0");
    assert.ok(shown.includes(": and 9,970 more findings"));
    assert.deepEqual(buttons, {
      "All findings": "https://eu-west-1.console.aws.amazon.com/s3/object/lists?prefix=2026/03/01/a.csv",
      Runbook: "https://wiki.example.com/ports",
    });
  });

  it("is cut with a note where Teams would refuse it, and still names account and resource", () => {
    const finding = aFinding({
      description: "中".repeat(1_024),
      facts: Array.from({ length: 20 }, (_, index) => ({ label: `Fact ${index}`, value: "中".repeat(512) })),
      resources: Array.from({ length: 20 }, () => aResource({ id: "中".repeat(1_024) })),
    });
    const body = request({ alert: anAlert({ finding }) });
    assert.ok(Buffer.byteLength(body) <= MOST_BYTES, `${Buffer.byteLength(body)} bytes`);
    const { shown, facts } = readCard(body);
    assert.ok(shown.includes(CUT_NOTE));
    assert.equal(facts.Account, "payments (333333333333, Production)");
    assert.equal(facts.Resource, "sg-0a1b2c3d4e5f60718 (AwsEc2SecurityGroup)");
  });
});

describe("a card about a finding whose texts an attacker chose", () => {
  it("keeps them text: links, emphasis, lists, mentions and markup are shown as they were written", () => {
    const text = "- [pay](javascript:alert(1)) **now** _or_ <at>all</at> <!channel> <script>x</script> {{DATE(2026-03-01T09:00:00Z)}}";
    const { runs, markdown, shown, facts } = card({
      finding: aFinding({ title: text, description: `first\n${text}`, facts: [{ label: "1. note", value: text }], remediation: { text } }),
    });
    assert.equal(facts["1. note"], text);
    assert.equal(shown[2], text);
    assert.ok(shown.includes("first") && shown.filter((line) => line === text).length === 3);
    for (const field of [...runs, ...markdown]) {
      assert.doesNotMatch(field, /\{\{/, "one of the card's own functions");
    }
    for (const field of markdown) {
      assert.doesNotMatch(field, /(?<!\\)[[\]*_<>`]|^[-+#]|^\d+[.)]/m, field);
    }
  });

  it("has no other elements, no other markup and no links but ours, and always fits", () => {
    const expected = new Set(["Container", "ColumnSet", "Column", "TextBlock", "RichTextBlock", "FactSet"]);
    fc.assert(
      fc.property(hostileInput, (input) => {
        const body = teamsMessage(input);
        assert.ok(Buffer.byteLength(body) <= MOST_BYTES, `${Buffer.byteLength(body)} bytes`);
        const { markdown, runs, buttons, types } = readCard(body);
        assert.deepEqual(new Set([...types].filter((type) => !expected.has(type))), new Set());
        for (const [title, url] of Object.entries(buttons)) {
          assert.ok(["Open in the AWS console", "Runbook", "All findings"].includes(title));
          assert.match(url, /^https:\/\//);
        }
        for (const field of markdown) {
          // With its escapes taken for letters nothing of it may mean anything; our own only marks are those of a sample.
          const bare = field.replace(/\\[!-/:-@[-`{-~]/g, "x").replace(/^(\S+) \[SAMPLE\] /, "$1 ");
          assert.doesNotMatch(bare, /[\\`*_[\]<>~&{}\n]|^\s*([-+#]|\d+[.)])/m, field);
        }
        for (const text of [...runs, ...markdown.map(unescaped)]) {
          assert.doesNotMatch(text, /[\p{Cc}\u2028\u2029\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]/u);
          assert.ok(text.isWellFormed());
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe("the hosts of Teams", () => {
  it("are those that Microsoft hands out webhooks for", () => {
    for (const host of [
      "default5c07eba4.61.environment.api.powerplatform.com",
      "prod-23.westeurope.logic.azure.com",
      "prod-01.usgovtexas.logic.azure.us",
      "contoso.webhook.office.com",
    ]) {
      assert.ok(isTeamsHost(host), host);
    }
    for (const host of [
      "logic.azure.com",
      ".logic.azure.com",
      "evillogic.azure.com",
      "logic.azure.com.evil.example",
      "evil.example",
      "169.254.169.254",
    ]) {
      assert.ok(!isTeamsHost(host), host);
    }
  });
});
