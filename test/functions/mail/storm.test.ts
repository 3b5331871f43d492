import assert from "node:assert/strict";
import fc from "fast-check";
import type { StormSummary } from "../../../functions/alert";
import { renderMail } from "../../../functions/mail/render";
import { aFinding, anAccount } from "../../support/findings";
import { hostileInput } from "../../support/hostile";
import { parseHtml } from "../../support/html";
import { aStorm, aStormAlert } from "../../support/storms";

const mailOf = (storm: StormSummary = aStorm(), finding = aFinding()) =>
  renderMail({ alert: aStormAlert({ storm, finding }), account: anAccount() });

const flat = (text: string): string => text.replace(/\s+/g, " ");

describe("the mail about a storm", () => {
  it("says in its subject how many, of what, and in how many accounts", () => {
    assert.equal(mailOf().subject, "[CRITICAL] Storm: 9,980 findings of EC2.19 in 3 accounts");
    const one = aStorm({ count: 1, accountCount: 1, kind: "x".repeat(300) });
    assert.match(mailOf(one, aFinding({ sample: true })).subject, /^\[SAMPLE\] \[CRITICAL\] Storm: 1 finding of x+… in 1 account$/);
  });

  it("says in both parts what came, how grave, when, where, what to do, and where all of it is", () => {
    const mail = mailOf();
    const page = parseHtml(mail.html);
    for (const part of [flat(page.text), flat(mail.text)]) {
      for (const words of [
        "9,980 findings in 3 accounts",
        "Security Hub control · EC2.19",
        "Security groups should not allow unrestricted access to ports with high risk",
        "CRITICAL 80 · HIGH 9,900",
        "1 March 2026, 09:00 UTC to 1 March 2026, 09:09 UTC",
        "9,000 payments",
        "80 555555555555",
        "arn:aws:ec2:eu-west-1:333333333333:security-group/sg-0",
        "more findings in the full list",
        "storm-5d41402abc4b2a76-1",
      ]) {
        assert.ok(part.includes(words), `${words}\n${part.slice(0, 2000)}`);
      }
    }
    const links = page.elements.filter(({ name }) => name === "a").map(({ attributes }) => attributes.href);
    assert.deepEqual(links, [aStorm().list.url, aFinding().remediation.url]);
    assert.ok(mail.text.includes(`\n  ${aStorm().list.url}\n`));
  });

  it("counts what it does not show", () => {
    for (const count of [300, 301]) {
      const few = aStorm({ count, findings: aStorm().findings.slice(0, 50) });
      const shown = parseHtml(mailOf(few).html).text;
      assert.ok(shown.includes(`and ${count - 50} more findings in the full list`));
    }
    const all = aStorm({ count: 50, findings: aStorm().findings.slice(0, 50) });
    assert.ok(!parseHtml(mailOf(all).html).text.includes("more findings"));
    const accounts = parseHtml(mailOf(aStorm({ accountCount: 1_003 })).html).text;
    assert.ok(accounts.includes("and 1,000 more accounts"));
  });

  it("shows as many findings as fit into what Gmail shows", () => {
    for (const character of ["x", '"', "漢", "🚨"]) {
      const findings = aStorm().findings.map((finding) => ({ ...finding, resource: character.repeat(1024) }));
      const { html } = mailOf(aStorm({ findings }));
      assert.ok(Buffer.byteLength(html) < 90_000 && Buffer.byteLength(html) > 80_000, `${character}: ${Buffer.byteLength(html)}`);
      parseHtml(html);
    }
  });

  it("marks a storm of samples where nobody can miss it", () => {
    const mail = mailOf(aStorm(), aFinding({ sample: true }));
    assert.match(parseHtml(mail.html).text, /^SAMPLE\nThis is a sample finding/);
    assert.match(mail.text, /^SAMPLE - CRITICAL - STORM\n/);
  });

  it("keeps the texts of attackers text", () => {
    const abilities = (html: string): string[] =>
      parseHtml(html).elements.map(({ name, attributes }) => [name, ...Object.keys(attributes)].join(" "));
    const allowed = new Set([...abilities(mailOf().html), ...abilities(mailOf(aStorm(), aFinding({ sample: true })).html)]);
    const headings =
      /^(|=+|-+|(SAMPLE - )?[A-Z]+ - STORM|WHY YOU GET THIS|WHAT AND WHEN|THE FULL LIST|WHAT TO DO|FINDINGS BY ACCOUNT|FINDINGS)$/;
    fc.assert(
      fc.property(
        hostileInput.filter(({ alert }) => alert.storm !== undefined),
        (input) => {
          const { subject, html, text } = renderMail(input);
          assert.deepEqual(
            abilities(html).filter((ability) => !allowed.has(ability)),
            [],
          );
          for (const { attributes } of parseHtml(html).elements.filter(({ name }) => name === "a")) {
            assert.match(attributes.href ?? "", /^https:\/\//);
          }
          assert.doesNotMatch(subject, /[\p{Cc}\u2028\u2029\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]/u);
          assert.ok(subject.length <= 150 && subject.isWellFormed(), subject);
          for (const line of text.split("\n")) {
            assert.ok([...line].length <= 78 || /^ {2}https:\/\/\S+$/.test(line), line);
            assert.ok(line.startsWith("  ") || headings.test(line), line);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe("the team's own instructions", () => {
  it("take the place of the service's in a mail", () => {
    const runbook = "https://wiki.example.com/open-ports";
    for (const alert of [aStormAlert(), aStormAlert({ storm: undefined })]) {
      const mail = renderMail({ alert, account: anAccount(), runbook });
      assert.ok(parseHtml(mail.html).text.includes("Runbook (wiki.example.com)"));
      assert.ok(mail.text.includes(`\n  ${runbook}\n`) && !mail.html.includes(aFinding().remediation.url ?? "?"));
    }
  });
});
