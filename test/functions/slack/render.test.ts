import assert from "node:assert/strict";
import { SEVERITIES } from "../../../functions/finding";
import { CUT_NOTE, SAMPLE_NOTE } from "../../../functions/message/content";
import { renderSlack, type SlackInput } from "../../../functions/slack/render";
import { aFinding, aGuardDutyFinding, anAccount, anAlert, anInspectorFinding, aResource } from "../../support/findings";
import { faultsOf, shown } from "../../support/slack";
import { aStormAlert } from "../../support/storms";

const NOW = "2026-03-01T09:00:00.000Z";
const render = (input: Partial<SlackInput> = {}) => {
  const message = renderSlack({ alert: anAlert(), account: anAccount(), now: NOW, inThread: false, ...input });
  assert.equal(faultsOf(message), "");
  return { message, ...shown(message) };
};

describe("a finding in Slack", () => {
  it("says at the top how bad it is and in which account, then what, where and why", () => {
    const { lines } = render();
    assert.equal(lines[0], "🔴 CRITICAL · payments");
    assert.deepEqual(lines.slice(1, 5), [
      "Security groups should not allow unrestricted access to ports with high risk",
      "Account  payments · 333333333333 · Production    Region  eu-west-1",
      "Resource  sg-0a1b2c3d4e5f60718 · AwsEc2SecurityGroup",
      "arn:aws:ec2:eu-west-1:333333333333:security-group/sg-0a1b2c3d4e5f60718",
    ]);
    assert.ok(lines.includes("Why you get this  New. You have not been told of this problem before."));
    assert.match(lines.at(-1) ?? "", /^Security Hub control · EC2\.19 · finding arn:aws:securityhub:.* · episode 5d41402abc4b2a76/);
  });

  it("can be told in a notification's line", () => {
    const { message } = render({ alert: anAlert({ finding: aGuardDutyFinding() }), account: anAccount({ name: "web" }) });
    assert.equal(message.text, "HIGH · web: 198.51.100.7 is performing SSH brute force attacks against i-0e1f2a3b4c5d60789.");
  });

  it("has a colour and a sign of its own for each severity, beside the word", () => {
    const all = SEVERITIES.map((severity) => render({ alert: anAlert({ finding: aFinding({ severity }) }) }));
    assert.equal(new Set(all.map(({ colors }) => colors[0])).size, SEVERITIES.length);
    assert.equal(new Set(all.map(({ lines }) => lines[0]?.split(" ")[0])).size, SEVERITIES.length);
    assert.deepEqual(
      all.map(({ lines }) => lines[0]?.split(" ")[1]),
      [...SEVERITIES],
    );
  });

  it("leads to the console and to AWS's guidance, or to the team's own runbook", () => {
    assert.deepEqual(
      render().buttons.map(({ label, url }) => [label, new URL(url).host]),
      [
        ["Open in the AWS console", "eu-west-1.console.aws.amazon.com"],
        ["Runbook (docs.aws.amazon.com)", "docs.aws.amazon.com"],
      ],
    );
    const runbook = "https://wiki.example.com/open-ports";
    assert.deepEqual(render({ runbook }).buttons.at(-1), { label: "Runbook (wiki.example.com)", url: runbook });
  });

  it("has no button for what is no https address", () => {
    const finding = aFinding({ remediation: { url: "javascript:alert(1)" }, consoleUrl: "http://console.example.com/" });
    assert.deepEqual(render({ alert: anAlert({ finding }), runbook: "slack://open" }).buttons, []);
  });

  it("keeps the mark of a sample in sight, and does not frighten anybody", () => {
    const finding = aGuardDutyFinding({ sample: true, title: "[SAMPLE] The EC2 instance i-99999999 is querying a domain." });
    const { lines, message, colors } = render({ alert: anAlert({ finding }) });
    assert.equal(lines[0], "🟣 [SAMPLE] HIGH · payments");
    assert.equal(lines[1], "[SAMPLE] The EC2 instance i-99999999 is querying a domain.");
    assert.ok(lines.includes(SAMPLE_NOTE));
    assert.match(message.text, /^\[SAMPLE\] HIGH/);
    assert.notEqual(colors[0], render({ alert: anAlert({ finding: aGuardDutyFinding() }) }).colors[0]);
  });

  it("says the account's number where nobody knows its name", () => {
    const { lines } = render({ account: { id: "333333333333" } });
    assert.equal(lines[0], "🔴 CRITICAL · 333333333333");
    assert.equal(lines[2], "Account  333333333333    Region  eu-west-1");
  });

  it("does not say twice what the resource says already", () => {
    const facts = [
      { label: "Instance", value: "i-0e1f2a3b4c5d60789" },
      { label: "Connection", value: "inbound TCP" },
    ];
    const { lines } = render({ alert: anAlert({ finding: aGuardDutyFinding({ facts }) }) });
    assert.ok(lines.includes("Connection  inbound TCP"));
    assert.ok(!lines.some((line) => line.startsWith("Instance ")));
  });

  it("names three resources and counts the others", () => {
    const resources = Array.from({ length: 5 }, (_, index) => aResource({ name: `sg-${index}` }));
    const { lines } = render({ alert: anAlert({ finding: aFinding({ resources }) }) });
    assert.equal(lines.filter((line) => line.startsWith("Resource  ")).length, 3);
    assert.ok(lines.includes("and 2 more"));
  });

  it("that was told before says so in its heading where it cannot answer in a thread", () => {
    const finding = aGuardDutyFinding();
    const { lines, message } = render({ alert: anAlert({ reason: "escalated", previousSeverity: "LOW", finding }) });
    assert.equal(lines[0], "🟠 HIGH · Escalated · payments");
    assert.match(message.text, /^HIGH · Escalated · payments: /);
    assert.ok(lines.includes("Why you get this  Escalated. Raised from LOW to HIGH since you were last told."));
  });

  it("that says more than Slack takes is cut, and says so", () => {
    const long = anInspectorFinding({
      title: "t".repeat(256),
      description: "d".repeat(1_024),
      facts: Array.from({ length: 20 }, (_, index) => ({ label: `Fact ${index}`, value: "v".repeat(512) })),
      resources: Array.from({ length: 20 }, (_, index) => aResource({ id: `${index}${"i".repeat(1_000)}`, name: "n".repeat(256) })),
      remediation: { text: "r".repeat(1_024) },
    });
    assert.ok(render({ alert: anAlert({ finding: long }) }).lines.includes(CUT_NOTE));
    assert.ok(!render().lines.includes(CUT_NOTE));
  });
});

describe("what follows a finding in Slack", () => {
  it("is short in the thread: why, and what changed", () => {
    const alert = anAlert({ reason: "reminder", seen: 7, lastDelivery: "2026-02-24T09:00:00.000Z" });
    const { lines } = render({ alert, period: "5d", inThread: true });
    assert.deepEqual(lines, [
      "🔴 CRITICAL · Reminder · payments: Security groups should not allow unrestricted access to ports with high risk",
      "Still unresolved, last told 5 days ago, on 24 February 2026, 09:00 UTC. CRITICAL findings are repeated every 5 days until they are resolved.",
      "Last update  1 March 2026, 08:58 UTC    Reported  7 times",
    ]);
  });

  it("tells of a raised severity", () => {
    const alert = anAlert({ reason: "escalated", previousSeverity: "MEDIUM", finding: aGuardDutyFinding() });
    const { lines, buttons } = render({ alert, inThread: true });
    assert.match(lines[0] ?? "", /^🟠 HIGH · Escalated · payments: 198\.51\.100\.7/);
    assert.equal(lines[1], "Raised from MEDIUM to HIGH since you were last told.");
    assert.equal(buttons.length, 1);
  });

  it("tells that it is over, in the thread and where there is none", () => {
    const alert = anAlert({ reason: "resolved", ending: "no longer active" });
    const inThread = render({ alert, inThread: true });
    assert.deepEqual(inThread.lines, [
      "✅ Resolved · payments: Security groups should not allow unrestricted access to ports with high risk",
      "Security Hub no longer holds it as active.",
    ]);
    const alone = render({ alert });
    assert.deepEqual(alone.lines.slice(0, 2), inThread.lines);
    assert.ok(alone.lines.includes("Severity  CRITICAL"));
    assert.ok(alone.lines.some((line) => line.startsWith("Resource  sg-0a1b2c3d4e5f60718")));
  });

  it("keeps the mark of a sample", () => {
    const finding = aFinding({ sample: true });
    for (const reason of ["reminder", "resolved"] as const) {
      assert.match(render({ alert: anAlert({ reason, finding }), inThread: true }).lines[0] ?? "", /\[SAMPLE\]/);
    }
  });
});

describe("many findings of one kind in Slack", () => {
  it("are one message: how many, how grave, in which accounts, and the way to all of them", () => {
    const { lines, buttons, message } = render({ alert: aStormAlert() });
    assert.equal(lines[0], "🔴 CRITICAL · 9,980 findings in 3 accounts");
    assert.match(message.text, /^CRITICAL · 9,980 findings in 3 accounts: Security groups should not/);
    assert.ok(lines.includes("Severities  CRITICAL 80 · HIGH 9,900"));
    assert.ok(lines.includes("9,000  payments · 333333333333"));
    assert.ok(lines.includes("80  555555555555"));
    assert.ok(lines.includes("CRITICAL · payments · eu-west-1 · arn:aws:ec2:eu-west-1:333333333333:security-group/sg-0"));
    assert.ok(lines.includes("and 9,968 more in the list"));
    assert.ok(lines.some((line) => line.includes("EC2.19")));
    assert.equal(buttons[0]?.label, "Open the whole list");
    assert.match(buttons[0]?.url ?? "", /^https:\/\/eu-west-1\.console\.aws\.amazon\.com\/s3\/object/);
  });

  it("count the accounts that are not shown", () => {
    const storm = aStormAlert().storm;
    assert.ok(storm);
    const accounts = Array.from({ length: 20 }, (_, index) => ({ id: String(100_000_000_000 + index), count: 100 }));
    const { lines } = render({ alert: aStormAlert({ storm: { ...storm, count: 2_500, accountCount: 60, accounts } }) });
    assert.ok(lines.includes("1,500  in 50 more accounts"));
  });
});
