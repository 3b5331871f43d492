import assert from "node:assert/strict";
import type { AccountInfo, Alert } from "../../../functions/alert";
import { SEVERITIES } from "../../../functions/finding";
import { renderMail } from "../../../functions/mail/render";
import { BANDS } from "../../../functions/mail/style";
import { aFinding, aGuardDutyFinding, anAccount, anAlert, anInspectorFinding, aResource } from "../../support/findings";
import { parseHtml } from "../../support/html";

const CONTROL_TITLE = "Security groups should not allow unrestricted access to ports with high risk";

function mailOf(alert: Alert = anAlert(), account: AccountInfo = anAccount(), reminder: { period?: string; now?: string } = {}) {
  const mail = renderMail({ alert, account, ...reminder });
  return { ...mail, page: parseHtml(mail.html), lines: mail.text.split("\n") };
}

/** Says in both parts what is expected, whatever the line breaks. */
function bothSay(mail: ReturnType<typeof mailOf>, ...expected: readonly string[]): void {
  const parts = { html: mail.page.text.replace(/\s+/g, " "), text: mail.text.replace(/\s+/g, " ") };
  for (const [part, content] of Object.entries(parts)) {
    for (const words of expected) {
      assert.ok(content.includes(words), `the ${part} part does not say "${words}":\n${content}`);
    }
  }
}

const links = (mail: ReturnType<typeof mailOf>) =>
  mail.page.elements.filter(({ name }) => name === "a").map(({ attributes }) => attributes.href);

describe("the mail about a finding", () => {
  it("says what, where, since when, how often, what to do and where to look", () => {
    const { remediation, consoleUrl, description, id } = aFinding();
    const mail = mailOf();
    assert.equal(mail.subject, `[CRITICAL] payments: ${CONTROL_TITLE} (sg-0a1b2c3d4e5f60718)`);
    bothSay(
      mail,
      "CRITICAL",
      CONTROL_TITLE,
      "Security Hub control · EC2.19",
      "payments",
      "333333333333",
      "Production",
      "eu-west-1",
      description,
    );
    bothSay(mail, "sg-0a1b2c3d4e5f60718", "AwsEc2SecurityGroup", "arn:aws:ec2:eu-west-1:333333333333:security-group/sg-0a1b2c3d4e5f60718");
    bothSay(mail, "Compliance FAILED", "First seen 27 February 2026, 22:14 UTC", "Last update 1 March 2026, 08:58 UTC", "Reported once");
    bothSay(mail, remediation.text ?? "", "AWS Foundational Security Best Practices", `Episode ${anAlert().episode}`);
    assert.deepEqual(links(mail), [remediation.url, consoleUrl]);
    assert.ok(mail.lines.includes(`  ${remediation.url}`) && mail.lines.includes(`  ${consoleUrl}`));
    assert.ok(mail.page.text.includes(`Finding ${id}`) && mail.text.replace(/\n {2}/g, "").includes(id));
  });

  it("shows the severity as a word and as a colour of its own", () => {
    for (const severity of SEVERITIES) {
      const mail = mailOf(anAlert({ finding: aFinding({ severity }) }));
      const band = mail.page.elements.find(({ attributes }) => attributes.class === "band pad");
      assert.equal(band?.attributes.bgcolor, BANDS[severity]);
      assert.ok(mail.page.text.startsWith(`${severity}\n`));
      assert.ok(mail.subject.startsWith(`[${severity}] `));
    }
    assert.equal(new Set(Object.values(BANDS)).size, SEVERITIES.length);
  });

  it("shows what GuardDuty saw and how often", () => {
    const mail = mailOf(anAlert({ finding: aGuardDutyFinding(), seen: 3 }), anAccount({ id: "444444444444", name: "web" }));
    bothSay(
      mail,
      "GuardDuty · UnauthorizedAccess:EC2/SSHBruteForce",
      "bastion-1",
      "Seen 214 times",
      "Actor address 198.51.100.7 (Amsterdam, Netherlands;",
    );
  });

  it("shows the vulnerability that Inspector found and what fixes it", () => {
    const mail = mailOf(
      anAlert({ finding: anInspectorFinding() }),
      anAccount({ id: "555555555555", name: "data", path: ["Production", "Analytics"] }),
    );
    bothSay(
      mail,
      "Amazon Inspector · CVE-2021-44228",
      "Fixed in 2.15.0",
      "Production › Analytics",
      "Upgrade your installed software packages",
    );
  });

  it("counts the events that reached us where the service does not count", () => {
    bothSay(mailOf(anAlert({ seen: 1204 })), "Reported 1,204 times");
  });

  it("shows the first three of many resources and says how many more there are", () => {
    const resources = Array.from({ length: 20 }, (_, index) => aResource({ id: `sg-${100 + index}`, name: `group ${index + 1}` }));
    const mail = mailOf(anAlert({ finding: aFinding({ resources }) }));
    bothSay(mail, "group 1", "group 2", "group 3", "and 17 more");
    assert.ok(!mail.text.includes("group 4") && !mail.html.includes("group 4"));
    assert.ok(mail.subject.endsWith(" (group 1 and 19 more)"));
  });

  it("shows the bare id of an account whose name nobody knows", () => {
    const mail = mailOf(anAlert(), { id: "333333333333" });
    assert.match(mail.subject, /^\[CRITICAL\] 333333333333: /);
    bothSay(mail, "Account 333333333333 Region");
  });

  it("is whole when the finding says next to nothing", () => {
    const bare = {
      kind: "",
      standards: [],
      description: "",
      resources: [],
      facts: [],
      remediation: {},
      consoleUrl: "",
      region: "",
      title: "",
    };
    const mail = mailOf(anAlert({ finding: aFinding(bare) }), { id: "333333333333" });
    assert.equal(mail.subject, "[CRITICAL] 333333333333: A finding without a title");
    assert.deepEqual(links(mail), []);
    for (const absent of ["undefined", "What happened", "What to do", "WHAT HAPPENED", "Region", "Resource", "null", "NaN"]) {
      assert.ok(!mail.page.text.includes(absent) && !mail.text.includes(absent), absent);
    }
  });

  it("leads only to https addresses, and says to which host", () => {
    for (const url of [
      "http://example.com/",
      "javascript:alert(1)",
      "data:text/html,x",
      "https://user:pass@example.com/",
      "//example.com",
      "not a link",
    ]) {
      const mail = mailOf(anAlert({ finding: aFinding({ remediation: { url }, consoleUrl: url }) }));
      assert.deepEqual(links(mail), [], url);
      assert.ok(!mail.text.includes(url));
    }
    bothSay(mailOf(anAlert({ finding: aFinding({ remediation: { url: "https://docs.aws.amazon.com/x" } }) })), "docs.aws.amazon.com");
  });

  it("loads nothing and runs nothing", () => {
    const { page, html } = mailOf();
    const names = new Set(page.elements.map(({ name }) => name));
    for (const name of ["img", "script", "link", "iframe", "object", "form", "base", "svg"]) {
      assert.ok(!names.has(name), name);
    }
    assert.doesNotMatch(html, /url\(|@import|@font-face| src=/);
    assert.deepEqual(page.elements.find(({ name }) => name === "html")?.attributes, { lang: "en", dir: "ltr" });
  });
});

describe("why the mail is sent", () => {
  it("tells of a new problem that it is new", () => {
    const mail = mailOf();
    bothSay(mail, "New. You have not been told of this problem before.");
  });

  it("tells in a reminder how long ago people were told and how often it repeats", () => {
    const alert = anAlert({ reason: "reminder", lastDelivery: "2026-03-01T09:00:00.000Z" });
    const mail = mailOf(alert, anAccount(), { period: "5d", now: "2026-03-06T09:00:12.345Z" });
    assert.match(mail.subject, /^\[CRITICAL\] Reminder · payments: /);
    bothSay(
      mail,
      "Reminder. Still unresolved, last told 5 days ago, on 1 March 2026, 09:00 UTC.",
      "CRITICAL findings are repeated every 5 days until they are resolved.",
    );
    bothSay(mailOf(alert), "Still unresolved, last told on 1 March 2026, 09:00 UTC.");
    bothSay(mailOf({ ...alert, lastDelivery: undefined }), "Still unresolved.");
  });

  it("tells of an escalation from what to what", () => {
    const mail = mailOf(anAlert({ reason: "escalated", previousSeverity: "HIGH" }));
    assert.match(mail.subject, /^\[CRITICAL\] Escalated from HIGH · payments: /);
    bothSay(mail, "Escalated. Raised from HIGH to CRITICAL since you were last told.");
    bothSay(mailOf(anAlert({ reason: "escalated" })), "Escalated. Raised to CRITICAL since you were last told.");
  });

  it("tells of a reopened problem that it is back", () => {
    const mail = mailOf(anAlert({ reason: "reopened" }));
    assert.match(mail.subject, /^\[CRITICAL\] Reopened · payments: /);
    bothSay(mail, "Reopened. It was resolved or archived, and now it is back.");
  });

  it("marks a sample where nobody can miss it, and only there", () => {
    const finding = aGuardDutyFinding({
      sample: true,
      title: "[SAMPLE] The EC2 instance i-99999999 is performing SSH brute force attacks.",
    });
    const mail = mailOf(anAlert({ finding }));
    assert.match(mail.subject, /^\[SAMPLE\] \[HIGH\] payments: The EC2 instance/);
    assert.match(mail.page.text, /^SAMPLE\nThis is a sample finding/);
    assert.equal(mail.lines[0], "SAMPLE - HIGH");
    bothSay(mail, "Nothing happened and nothing needs to be done.");
    assert.doesNotMatch(mailOf().html + mailOf().text, /sample/i);
  });
});
