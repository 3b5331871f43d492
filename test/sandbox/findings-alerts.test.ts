import assert from "node:assert/strict";
import { bruteForce, vulnerability } from "../../sandbox/tour/findings";
import { fixture, inFinding } from "../functions/normalize/support";
import { CONFIG, control, imported, MINUTE, START, severity } from "../support/lines";
import { type Played, replay, type Step } from "../support/replay";

const guardDuty = (event: Record<string, unknown>, account = "web"): Step["line"] => ({ account, region: "eu-west-1", event });
const bruteForceEvent = (count: number, minutes = 0): Step["line"] => guardDuty(bruteForce(START + minutes * MINUTE, count));
const vulnerabilityEvent = (minutes = 0): Step["line"] => ({
  account: "data",
  region: "eu-west-1",
  event: vulnerability(START + minutes * MINUTE),
});
const standard = (name: string): Step["line"] =>
  imported((fixture(`control-default-group-${name}`).detail as { findings: unknown[] }).findings[0]);

const HOSTILE = `<script>alert(1)</script> & "quotes" <!channel> 🔥 \u202Egpj.exe\u202C مجموعة الأمان مفتوحة\r\nBcc: evil@example.com`;

const STEPS: readonly Step[] = [
  { name: "critical control", line: imported(control("a")) },
  { name: "guardduty", line: bruteForceEvent(20) },
  { name: "inspector", line: vulnerabilityEvent() },
  { name: "critical control again", line: imported(control("a", {}, 30)) },
  { name: "guardduty again", line: bruteForceEvent(60, 15) },
  { name: "inspector again", line: vulnerabilityEvent(20) },
  { name: "below the severity", line: imported(control("b", severity("LOW"))) },
  { name: "archived", line: imported(control("c", { RecordState: "ARCHIVED" })) },
  { name: "suppressed", line: imported(control("d", { Workflow: { Status: "SUPPRESSED" } })) },
  {
    name: "passed",
    line: imported(control("e", { Compliance: { Status: "PASSED", SecurityControlId: "EC2.19" }, ...severity("INFORMATIONAL") })),
  },
  { name: "sample", line: guardDuty(fixture("guardduty-sample"), "lab") },
  { name: "by CIS", line: standard("cis") },
  { name: "by FSBP", line: standard("fsbp") },
  { name: "high", line: imported(control("f", severity("HIGH"))) },
  { name: "raised", line: imported(control("f", severity("CRITICAL"), 1)) },
  {
    name: "newer first",
    line: {
      account: "security",
      region: "eu-west-1",
      event: fixture("control-open-port", [inFinding("UpdatedAt"), "2026-03-01T08:59:00.000Z"]),
    },
  },
  {
    name: "older second",
    line: {
      account: "security",
      region: "eu-west-1",
      event: fixture("control-open-port", [inFinding("UpdatedAt"), "2026-03-01T08:58:00.000Z"]),
    },
  },
  {
    name: "doubled at one moment",
    line: {
      account: "security",
      region: "eu-west-1",
      events: [1, 2, 3].map(() => fixture("control-open-port", [inFinding("UpdatedAt"), "2026-03-01T08:59:00.000Z"])),
    },
  },
  { name: "medium", line: imported(control("g", severity("MEDIUM"))) },
  {
    name: "bare",
    line: {
      account: "security",
      region: "eu-west-1",
      event: {
        source: "aws.securityhub",
        "detail-type": "Security Hub Findings - Imported",
        detail: {
          findings: [
            {
              Id: "bare",
              ProductArn: "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
              AwsAccountId: "555555555555",
              GeneratorId: "aws-foundational-security-best-practices/v/1.0.0/S3.8",
              Severity: { Normalized: 90 },
              Compliance: { Status: "FAILED" },
              Workflow: { Status: "NEW" },
              RecordState: "ACTIVE",
            },
          ],
        },
      },
    },
  },
  {
    name: "240 KB",
    line: imported(
      control("h", {
        Note: { Text: "x".repeat(512), UpdatedBy: "me", UpdatedAt: "2026-03-01T08:00:00Z" },
        Description: "d".repeat(1024),
        ProductFields: Object.fromEntries(Array.from({ length: 110 }, (_, i) => [`field/${i}`, "y".repeat(2000)])),
      }),
    ),
  },
  { name: "hostile title", line: imported(control("i", { Title: HOSTILE })) },
  {
    name: "no resources",
    line: {
      account: "security",
      region: "eu-west-1",
      event: fixture("control-open-port", [inFinding("Id"), "none"], [inFinding("Resources"), []]),
    },
  },
  {
    name: "no finding at all",
    line: guardDuty({ source: "aws.guardduty", "detail-type": "GuardDuty Finding", detail: { severity: 8, hello: "world" } }),
  },
  {
    name: "shape that AWS never sent",
    line: guardDuty({ source: "aws.guardduty", "detail-type": "GuardDuty Finding", detail: { hello: "world" } }),
  },
  { line: { fault: { service: "ses", operation: "SendEmail", error: "ThrottlingException", status: 429, times: 3 } } },
  { name: "while SES throttles", line: imported(control("j")) },
  { line: { fault: { service: "dynamodb", error: "InternalServerError", status: 500, for: "60s" } } },
  { name: "while the store fails", line: imported(control("k")) },
  { name: "after the wait", line: { advance: "26h" } },
  { name: "five days", line: { advance: "5d" } },
  {
    name: "fixed",
    line: imported(control("a", { Compliance: { Status: "PASSED", SecurityControlId: "EC2.19" }, ...severity("INFORMATIONAL") }, 7 * 1440)),
  },
  { name: "reconciled", line: { run: "reconcile" } },
  { name: "broken again", line: imported(control("a", {}, 8 * 1440)) },
];

describe("findings alerts, end to end", function () {
  this.timeout(120_000);
  let played: Played;
  before(async () => {
    played = await replay(STEPS, CONFIG);
  });

  const told = (name: string): string[] => played.deliveries(name).map(({ reason, channel }) => `${reason} ${channel}`);

  it("mails a critical control finding, a GuardDuty finding and an Inspector finding, once", () => {
    for (const name of ["critical control", "guardduty", "inspector"]) {
      assert.equal(played.outcome(name), "notify/new", name);
      assert.equal(told(name)[0], "new soc-mail", name);
    }
    const [mail] = played.deliveries("critical control");
    assert.equal(mail?.accountName, "payments");
    assert.equal(mail?.cause, "event");
    assert.match(String(mail?.payload.subject), /^\[CRITICAL\].*payments/);
    assert.deepEqual(mail?.payload.to, ["soc@example.com"]);
  });

  it("keeps quiet about the same ones when they come again", () => {
    for (const name of ["critical control again", "guardduty again", "inspector again"]) {
      assert.equal(played.outcome(name), "quiet/duplicate", name);
    }
  });

  it("ignores at the edge what nobody asked for: below the severity, archived, suppressed, passed", () => {
    for (const name of ["below the severity", "archived", "suppressed", "passed"]) {
      assert.equal(played.outcome(name), "ignored", name);
    }
  });

  it("tells of a sample, marked as one, by the route of its account's organizational unit", () => {
    assert.deepEqual(told("sample").slice(0, 1), ["new lab-mail"]);
    assert.match(String(played.deliveries("sample")[0]?.payload.subject), /sample/i);
  });

  it("tells once of the same open port found by two standards", () => {
    assert.equal(played.outcome("by CIS"), "notify/new");
    assert.equal(played.outcome("by FSBP"), "quiet/duplicate");
  });

  it("tells of a raised severity at once", () => {
    assert.equal(played.outcome("raised"), "notify/escalated");
    assert.deepEqual(told("raised").slice(0, 2), ["new soc-mail", "escalated soc-mail"]);
  });

  it("is not confused by reordered and doubled events", () => {
    assert.equal(played.outcome("newer first"), "notify/new");
    assert.equal(played.outcome("older second"), "quiet/stale");
    assert.equal(played.outcome("doubled at one moment"), "quiet/duplicate quiet/duplicate quiet/duplicate");
  });

  it("tells after the wait, by the clock alone", () => {
    assert.equal(played.outcome("medium"), "quiet/waiting");
    const [delivery] = played.deliveries("medium");
    assert.equal(delivery?.reason, "new");
    assert.equal(delivery?.cause, "timer");
    const waited = Date.parse(delivery?.at ?? "") - START;
    assert.ok(waited >= 24 * 60 * MINUTE && waited <= 25.5 * 60 * MINUTE, `told after ${waited / MINUTE} minutes`);
  });

  it("reads a finding without optional fields, one of 240 KB, hostile ones, and one without resources", () => {
    for (const name of ["bare", "240 KB", "hostile title", "no resources"]) {
      assert.equal(played.outcome(name), "notify/new", name);
      assert.equal(told(name)[0], "new soc-mail", name);
    }
    const { subject = "", html = "" } = (played.deliveries("hostile title")[0]?.payload ?? {}) as { subject?: string; html?: string };
    assert.doesNotMatch(subject, /[\r\n\u202E]/);
    assert.doesNotMatch(html, /<script>|\u202E/);
    assert.match(html, /&lt;script&gt;/);
  });

  it("dead-letters what is no finding at once, says why, and goes on", () => {
    for (const name of ["no finding at all", "shape that AWS never sent"]) {
      assert.equal(played.outcome(name), "dead-lettered", name);
    }
    assert.equal(played.report.deadLetters.length, 2);
    assert.ok(played.report.deadLetters.every(({ error, queue }) => error.length > 10 && queue.includes("intake")));
    assert.ok(played.report.alarms.some((name) => name.includes("intake")));
  });

  it("sends exactly one mail although SES throttles three times", () => {
    assert.deepEqual(
      told("while SES throttles").filter((what) => what.startsWith("new")),
      ["new soc-mail"],
    );
  });

  it("loses nothing when the store fails for a minute", () => {
    assert.deepEqual(
      told("while the store fails").filter((what) => what.startsWith("new")),
      ["new soc-mail"],
    );
  });

  it("reminds of the critical one five days after it was told, and tells of it again when it was fixed and comes back", () => {
    const deliveries = played.deliveries("critical control");
    assert.deepEqual(
      deliveries.map(({ reason, cause }) => `${reason} by ${cause}`),
      ["new by event", "reminder by timer"],
    );
    const [first, reminder] = deliveries.map(({ at }) => Date.parse(at)) as [number, number];
    const days = (reminder - first) / (24 * 60 * MINUTE);
    assert.ok(days >= 5 && days < 5.05, `reminded after ${days} days`);
    assert.equal(played.outcome("fixed"), "ignored");
    assert.equal(played.outcome("broken again"), "notify/reopened");
    assert.notEqual(played.events("broken again")[0]?.episode, played.events("critical control")[0]?.episode);
  });

  it("does with the permissions of its roles alone", () => {
    assert.deepEqual(played.report.denied, []);
  });
});
