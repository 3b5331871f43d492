import assert from "node:assert/strict";
import fc from "fast-check";
import { TELL_REASONS } from "../../../functions/alert";
import { SEVERITIES } from "../../../functions/finding";
import { renderMail } from "../../../functions/mail/render";
import { CUT_NOTE } from "../../../functions/message/content";
import { aFinding, anAccount, anAlert, aResource } from "../../support/findings";
import { parseHtml } from "../../support/html";

const TRICKS = [
  "<script>alert(1)</script>",
  "\"'><img src=x onerror=alert(1)>",
  "</td></table></style><!--",
  "-->",
  "<![endif]-->",
  "&lt;b&gt;",
  "&",
  "\r\nBcc: all@example.com\r\n\r\n",
  "\u0000\u0007\u001b[31m",
  "\u202Etxt.exe",
  "\u2066\u2069\u2069",
  "שלום (1)",
  "مرحبا",
  "🚨👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "\uD800",
  "\uDFFF",
  "\u2028\u2029",
  "<!channel>",
  "javascript:alert(1)",
  'https://evil.example/" onclick="x',
  "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
  "x".repeat(300),
];
const hostile = (limit: number) =>
  fc
    .array(fc.oneof(fc.constantFrom(...TRICKS), fc.string({ unit: "binary", maxLength: 40 }), fc.string({ maxLength: 40 })), {
      maxLength: 8,
    })
    .map((pieces) => pieces.join("").slice(0, limit));

const resource = fc.record({ id: hostile(1024), type: hostile(128), name: hostile(256), tags: fc.constant({}) });
const finding = fc
  .record({
    severity: fc.constantFrom(...SEVERITIES),
    title: hostile(256),
    description: hostile(1024),
    kind: hostile(256),
    id: hostile(1024),
    region: hostile(40),
    sample: fc.boolean(),
    resources: fc.array(resource, { maxLength: 20 }),
    facts: fc.array(fc.record({ label: hostile(64), value: hostile(512) }), { maxLength: 20 }),
    remediation: fc.record({ text: hostile(1024), url: hostile(300) }),
    consoleUrl: hostile(300),
    firstSeen: hostile(40),
    updatedAt: hostile(40),
  })
  .map((fields) => aFinding(fields));
const input = fc.record({
  alert: fc.record({ reason: fc.constantFrom(...TELL_REASONS), finding, lastDelivery: hostile(30), episode: hostile(100) }).map(anAlert),
  account: fc.record({ id: hostile(12), name: hostile(256), path: fc.array(hostile(128), { maxLength: 5 }) }),
});

/** Names of elements and attributes: everything a page can do. */
const abilities = (html: string): string[] =>
  parseHtml(html).elements.map(({ name, attributes }) => [name, ...Object.keys(attributes)].join(" "));
const ALLOWED = new Set([
  ...abilities(renderMail({ alert: anAlert(), account: anAccount() }).html),
  "br",
  ...abilities(renderMail({ alert: anAlert({ finding: aFinding({ sample: true }) }), account: anAccount() }).html),
]);

describe("a mail about a finding whose texts an attacker chose", () => {
  it("contains no markup and no link but ours, and stays well-formed", () => {
    fc.assert(
      fc.property(input, (hostileInput) => {
        const { html } = renderMail(hostileInput);
        const { elements } = parseHtml(html);
        for (const ability of abilities(html)) {
          assert.ok(ALLOWED.has(ability), ability);
        }
        for (const { attributes } of elements.filter(({ name }) => name === "a")) {
          assert.match(attributes.href ?? "", /^https:\/\//);
        }
        assert.equal(elements.filter(({ name }) => name === "h2" || name === "h1").length <= 3, true);
      }),
      { numRuns: 150 },
    );
  });

  it("has a subject of one line, without control or direction characters, of at most 150 characters", () => {
    fc.assert(
      fc.property(input, (hostileInput) => {
        const { subject } = renderMail(hostileInput);
        assert.doesNotMatch(subject, /[\p{Cc}\u2028\u2029\u200B\u200E\u200F\u202A-\u202E\u2066-\u2069]/u);
        assert.ok(subject.length <= 150 && subject.isWellFormed(), subject);
        assert.match(subject, /^(\[SAMPLE\] )?\[(CRITICAL|HIGH|MEDIUM|LOW|INFORMATIONAL)\] /);
      }),
      { numRuns: 150 },
    );
  });

  it("has a text part of at most 78 columns in which only our headings start at the margin", () => {
    const headings =
      /^(|=+|-+|(SAMPLE - )?(CRITICAL|HIGH|MEDIUM|LOW|INFORMATIONAL)|WHY YOU GET THIS|WHERE AND WHEN|RESOURCES?|WHAT HAPPENED|WHAT TO DO|OPEN IN THE AWS CONSOLE)$/;
    fc.assert(
      fc.property(input, (hostileInput) => {
        const { text } = renderMail(hostileInput);
        assert.doesNotMatch(text, /[^\P{Cc}\n]|[\u2028\u2029\u202A-\u202E\u2066-\u2069]/u);
        for (const line of text.split("\n")) {
          assert.ok([...line].length <= 78 || /^ {2}https:\/\/\S+$/.test(line), line);
          assert.ok(line.startsWith("  ") || headings.test(line), line);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("keeps right-to-left text apart, so that it turns nothing else around", () => {
    const mail = renderMail({
      alert: anAlert({ finding: aFinding({ title: "פתוח לכולם \u202E(1)" }) }),
      account: anAccount({ name: "חשבון" }),
    });
    assert.ok(mail.html.includes("<bdi>פתוח לכולם \uFFFD(1)</bdi>"));
    assert.ok(mail.html.includes("<bdi>חשבון</bdi></span> 333333333333"));
    for (const part of [mail.subject, mail.html, mail.text]) {
      assert.doesNotMatch(part, /[\u202A-\u202E\u2066-\u2069]/);
    }
  });
});

describe("the size of a mail", () => {
  const largest = (character: string) => {
    const full = (length: number) => character.repeat(length).slice(0, length);
    const url = `https://example.com/?${full(1024)}`;
    return renderMail({
      alert: anAlert({
        reason: "reminder",
        lastDelivery: "2026-03-01T09:00:00.000Z",
        episode: full(256),
        finding: aFinding({
          sample: true,
          standards: ["cis", "fsbp"],
          title: full(256),
          description: full(1024),
          kind: full(256),
          id: full(1024),
          region: full(64),
          firstSeen: full(64),
          updatedAt: full(64),
          resources: Array.from({ length: 20 }, () => aResource({ id: full(1024), type: full(128), name: full(255) })),
          facts: Array.from({ length: 20 }, () => ({ label: full(64), value: full(512) })),
          remediation: { text: full(1024), url },
          consoleUrl: url,
        }),
      }),
      account: anAccount({ name: full(256), path: Array.from({ length: 5 }, () => full(128)) }),
      period: "5d",
    });
  };

  it("stays under 90 KB for the largest finding there can be, and says that it was cut", () => {
    for (const character of ["x", '"', "&", "<", "漢", "🚨", "\u202E"]) {
      const { html } = largest(character);
      assert.ok(Buffer.byteLength(html) < 90_000, `${character}: ${Buffer.byteLength(html)}`);
      parseHtml(html);
    }
    assert.ok(largest('"').html.includes(CUT_NOTE));
  });

  it("shows all facts of a finding as long as they fit", () => {
    const { html } = largest("漢");
    assert.ok(!html.includes(CUT_NOTE));
  });

  it("says so when the finding said more than a mail can hold", () => {
    const mail = renderMail({ alert: anAlert({ finding: aFinding({ description: "long ".repeat(50_000) }) }), account: anAccount() });
    assert.ok(mail.html.includes(CUT_NOTE) && mail.text.includes(CUT_NOTE));
    assert.ok(Buffer.byteLength(mail.html) < 20_000);
  });
});
