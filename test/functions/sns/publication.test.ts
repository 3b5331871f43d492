import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { ALERT_REASONS, type Alert } from "../../../functions/alert";
import { SEVERITIES } from "../../../functions/finding";
import type { MessageInput } from "../../../functions/message/content";
import { publication } from "../../../functions/sns/publication";
import { aFinding, aGuardDutyFinding, anAccount, anAlert } from "../../support/findings";
import { hostileInput } from "../../support/hostile";
import { aStorm, aStormAlert } from "../../support/storms";

const TOPIC = { topicArn: "arn:aws:sns:eu-west-1:222222222222:tocsin-pager", sms: true, https: true };

function published(input: Partial<MessageInput> = {}, topic = TOPIC) {
  const publish = publication({ alert: anAlert(), account: anAccount(), ...input }, topic);
  const parts: Record<string, string> = JSON.parse(publish.Message ?? "");
  return { publish, parts, pager: JSON.parse(parts.https ?? "null"), attributes: publish.MessageAttributes ?? {} };
}
const told = (overrides: Partial<Alert>) => published({ alert: anAlert(overrides) });

describe("what SNS is given to publish", () => {
  it("is a structured text for everybody, with severity, account, Region, resource, what happened, why it is sent and the links", () => {
    const { publish, parts } = published();
    assert.equal(publish.TopicArn, TOPIC.topicArn);
    assert.equal(publish.MessageStructure, "json");
    const text = parts.default ?? "";
    for (const line of [
      /^CRITICAL$/m,
      /^ {2}Account +payments \(333333333333\)$/m,
      /^ {2}Region +eu-west-1$/m,
      /^ {2}sg-0a1b2c3d4e5f60718 \(AwsEc2SecurityGroup\)$/m,
      /^WHAT HAPPENED$/m,
      /^ {2}New\. You have not been told of this problem before\.$/m,
      /^ {2}https:\/\/eu-west-1\.console\.aws\.amazon\.com\/securityhub\S+$/m,
      /^ {2}https:\/\/docs\.aws\.amazon\.com\/console\/securityhub\/EC2\.19\/remediation$/m,
    ]) {
      assert.match(text, line);
    }
    assert.match(
      published({ runbook: "https://wiki.example.com/ports" }).parts.default ?? "",
      /^ {2}https:\/\/wiki\.example\.com\/ports$/m,
    );
  });

  it("has a part for text messages and for PagerDuty only where somebody subscribed by them", () => {
    assert.deepEqual(Object.keys(published({}, { ...TOPIC, sms: false, https: false }).parts), ["default"]);
    assert.deepEqual(Object.keys(published({}, { ...TOPIC, https: false }).parts), ["default", "sms"]);
    assert.deepEqual(Object.keys(published({}, { ...TOPIC, sms: false }).parts), ["default", "https"]);
    assert.equal(published({}, { ...TOPIC, sms: false }).attributes["AWS.SNS.SMS.SMSType"], undefined);
  });

  it("lets subscriptions choose by severity, origin, reason and account", () => {
    const { attributes } = told({ reason: "resolved", finding: aGuardDutyFinding() });
    assert.deepEqual(
      Object.fromEntries(Object.entries(attributes).map(([name, { DataType, StringValue }]) => [name, [DataType, StringValue]])),
      {
        severity: ["String", "HIGH"],
        origin: ["String", "guardduty"],
        reason: ["String", "resolved"],
        account: ["String", "333333333333"],
        "AWS.SNS.SMS.SMSType": ["String", "Transactional"],
      },
    );
  });
});

describe("a text message", () => {
  it("says severity, account, what and which", () => {
    assert.equal(
      published().parts.sms,
      "CRITICAL payments: Security groups should not allow unrestricted access to ports with high risk (sg-0a1b2c3d4e5f60718)",
    );
  });

  it("marks every reason but the first telling, and samples", () => {
    assert.match(told({ reason: "reminder" }).parts.sms ?? "", /^CRITICAL \(reminder\) payments: /);
    assert.match(
      told({ reason: "escalated", previousSeverity: "MEDIUM" }).parts.sms ?? "",
      /^CRITICAL \(escalated from MEDIUM\) payments: /,
    );
    assert.match(told({ reason: "reopened" }).parts.sms ?? "", /^CRITICAL \(reopened\) payments: /);
    assert.match(told({ reason: "resolved" }).parts.sms ?? "", /^CRITICAL \(resolved\) payments: /);
    assert.match(told({ finding: aGuardDutyFinding({ sample: true }) }).parts.sms ?? "", /^\[SAMPLE\] HIGH payments: 198\.51\.100\.7 is /);
  });

  it("fits into one part: GSM letters only, whatever letters the names have", () => {
    const { sms = "" } = published({ account: anAccount({ name: "Zahlungen – Größe „A“ 支払い" }) }).parts;
    assert.match(sms, /^CRITICAL Zahlungen - Grosse "A" \?: Security groups/);
  });

  it("calls an account by its id where its name has no letter that arrives", () => {
    assert.match(published({ account: anAccount({ name: "支払い" }) }).parts.sms ?? "", /^CRITICAL 333333333333: Security groups/);
  });

  it("cuts a long title with dots", () => {
    const { sms = "" } = told({ finding: aFinding({ title: "word ".repeat(50) }) }).parts;
    assert.match(sms, /^CRITICAL payments: (word )+w?o?r?d?\.\.\.$/);
    assert.ok(sms.length <= 140 && sms.length > 130, sms);
  });
});

describe("an event for PagerDuty", () => {
  it("says in the fields of the Events API v2 what it is, where, how grave and where to look", () => {
    const { event_action, client, payload, links } = published().pager;
    assert.deepEqual([event_action, client], ["trigger", "tocsin"]);
    const { custom_details: details, ...rest } = payload;
    assert.deepEqual(rest, {
      summary: "CRITICAL payments: Security groups should not allow unrestricted access to ports with high risk (sg-0a1b2c3d4e5f60718)",
      source: "arn:aws:ec2:eu-west-1:333333333333:security-group/sg-0a1b2c3d4e5f60718",
      severity: "critical",
      timestamp: "2026-03-01T08:58:41.512Z",
      component: "sg-0a1b2c3d4e5f60718",
      group: "payments",
      class: "Security Hub control · EC2.19",
    });
    assert.equal(details.account, "payments (333333333333)");
    assert.equal(details.organizational_unit, "Production");
    assert.ok(details.facts.includes("Compliance: FAILED"));
    assert.deepEqual(
      links.map(({ text }: { text: string }) => text),
      ["Open in the AWS console", "Runbook"],
    );
  });

  it("has the same key for all that is told of an episode, and another one for the next", () => {
    const keys = ALERT_REASONS.map((reason) => told({ reason }).pager.dedup_key);
    assert.deepEqual(new Set(keys), new Set([createHash("sha256").update(anAlert().episode).digest("hex")]));
    assert.notEqual(told({ episode: "5d41402abc4b2a76b9719d911017c592-2" }).pager.dedup_key, keys[0]);
  });

  it("resolves the incident when the episode is over, and triggers for everything else", () => {
    assert.deepEqual(
      ALERT_REASONS.map((reason) => told({ reason }).pager.event_action),
      ["trigger", "trigger", "trigger", "trigger", "resolve"],
    );
  });

  it("knows PagerDuty's four severities", () => {
    assert.deepEqual(
      SEVERITIES.map((severity) => told({ finding: aFinding({ severity }) }).pager.payload.severity),
      ["info", "info", "warning", "error", "critical"],
    );
  });
});

describe("a storm by SNS", () => {
  it("says how many, where, and where all of them are listed", () => {
    const { publish, parts, pager } = published({ alert: aStormAlert(), runbook: "https://wiki.example.com/ports" });
    const head = "CRITICAL storm: 9,980 findings in payments, web, 555555555555: Security Hub control";
    assert.equal(parts.sms, `${head} - EC2.19`);
    assert.equal(publish.Subject, `${head} - EC2.19`);
    assert.equal(pager.payload.summary, `${head} · EC2.19`);
    for (const line of [
      /^ {2}9,980 findings in 3 accounts$/m,
      /^ {2}9,000:? +payments \(333333333333\)$/m,
      /^ {2}and 9,950 more findings in the full list$/m,
      /^ {2}https:\S+a\.csv$/m,
    ]) {
      assert.match(parts.default ?? "", line);
    }
    assert.deepEqual(
      pager.links.map(({ text }: { text: string }) => text),
      ["All findings", "Runbook"],
    );
    assert.equal(pager.dedup_key, createHash("sha256").update(aStormAlert().episode).digest("hex"));
  });

  it("says how many are not new, wherever there is room for it, and in full to those who read all", () => {
    const storm = aStorm({
      count: 40,
      reasons: { new: 38, escalated: 2 },
      escalatedFrom: ["HIGH"],
      accounts: aStorm().accounts.slice(0, 1),
      accountCount: 1,
    });
    const few = published({ alert: aStormAlert({ storm }) });
    const head = "CRITICAL storm: 40 findings (38 new, 2 escalated from HIGH) in payments: Security Hub control";
    assert.equal(few.parts.sms, `${head} - EC2.19`);
    assert.equal(few.pager.payload.summary, `${head} · EC2.19`);
    assert.equal(few.pager.payload.custom_details.reasons, "38 new, 2 escalated from HIGH");
    assert.match(few.parts.default ?? "", /WHY YOU GET THIS\n {2}38 new, 2 escalated from HIGH\. /);
    const accounts = Array.from({ length: 3 }, (_, index) => ({ id: String(index), name: `account-with-a-long-name-${index}`, count: 10 }));
    const crowded = published({ alert: aStormAlert({ storm: { ...storm, accounts, accountCount: 20 } }) });
    assert.match(crowded.publish.Subject ?? "", /^CRITICAL storm: 40 findings in account-with-a/);
    assert.match(crowded.pager.payload.summary, /38 new, 2 escalated from HIGH/);
  });
});

describe("an SNS message about a finding whose texts an attacker chose", () => {
  it("keeps within all limits of SNS, text messages and PagerDuty", () => {
    fc.assert(
      fc.property(hostileInput, (input) => {
        const { publish, parts, pager, attributes } = published(input);
        const subject = publish.Subject ?? "";
        assert.match(subject, /^[\x21-\x7E][\x20-\x7E]{0,98}$/);
        assert.match(parts.sms ?? "", /^(\[SAMPLE\] )?(CRITICAL|HIGH|MEDIUM|LOW|INFORMATIONAL)[ -Z_a-z]{1,139}$/);
        assert.ok((parts.sms ?? "").length <= 140, parts.sms);
        const size = Buffer.byteLength(publish.Message ?? "") + Buffer.byteLength(JSON.stringify(attributes));
        assert.ok(size <= 262_144, `${size} bytes`);
        assert.ok(pager.payload.summary.length <= 1_024 && pager.payload.summary.isWellFormed());
        assert.ok(pager.payload.source !== "" && pager.dedup_key.length <= 255);
        for (const { StringValue = "" } of Object.values(attributes)) {
          assert.match(StringValue, /^[\x21-\x7E]+$/);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("is read by everybody as the same fields: texts change none of them, and links are https", () => {
    fc.assert(
      fc.property(hostileInput, (input) => {
        const { parts, pager } = published(input);
        assert.deepEqual(Object.keys(parts), ["default", "sms", "https"]);
        assert.deepEqual(Object.keys(pager), ["event_action", "dedup_key", "client", "payload", "links"]);
        assert.equal(pager.event_action, input.alert.reason === "resolved" ? "resolve" : "trigger");
        for (const { href } of pager.links) {
          assert.match(href, /^https:\/\//);
        }
        // Only our own headings stand at the margin, and nothing turns the text around or moves the cursor.
        assert.doesNotMatch(parts.default ?? "", /[^\P{Cc}\n]|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
        assert.match(
          parts.default ?? "",
          /^((\[SAMPLE\] |SAMPLE - )?(CRITICAL|HIGH|MEDIUM|LOW|INFORMATIONAL)( - STORM)?|=+|-+|[A-Z ]+|| {2}.*|\n)+$/u,
        );
      }),
      { numRuns: 100 },
    );
  });
});
