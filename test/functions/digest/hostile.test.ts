import assert from "node:assert/strict";
import fc from "fast-check";
import { SEVERITIES } from "../../../functions/finding";
import { parseHtml } from "../../support/html";
import { ago, aMute, anEndedEpisode, anEpisode, anUntoldEpisode, aSubscription, digestOf, HOUR } from "./support";

const TRICKS = [
  "<script>alert(1)</script>",
  "\"'><img src=x onerror=alert(1)>",
  "</td></table></style><!--",
  "<![endif]-->",
  "&lt;b&gt;",
  "\r\nBcc: all@example.com\r\n\r\n",
  "\u0000\u0007\u001b[31m",
  "\u202Etxt.exe",
  "مرحبا",
  "\uD800",
  "\u2028\u2029",
  "<!channel>",
  "javascript:alert(1)",
  "x".repeat(300),
];
/** Whatever the table can hold: it keeps UTF-8. */
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...TRICKS), fc.string({ unit: "binary", maxLength: 40 })), { maxLength: 6 })
  .map((pieces) => pieces.join("").toWellFormed());

const severity = fc.constantFrom(...SEVERITIES);
const texts = fc.record({
  title: hostile,
  region: hostile,
  kind: hostile,
  problem: hostile,
  firstSeen: hostile,
  ids: fc.array(hostile, { maxLength: 2 }),
  resource: fc.record({ id: hostile, type: hostile, name: hostile }),
  severity,
});
const mute = fc.record({
  reason: hostile,
  owner: hostile,
  when: fc.record({ accounts: fc.array(hostile, { minLength: 1, maxLength: 2 }) }),
});
const input = fc.record({ texts, name: hostile, path: fc.array(hostile, { maxLength: 3 }), mute, tag: hostile });

const digest = ({ texts: own, name, path, mute: muted, tag }: typeof input extends fc.Arbitrary<infer Input> ? Input : never) =>
  digestOf([anEpisode(own), anUntoldEpisode(own), anEndedEpisode(ago(HOUR), own)], {
    accounts: [{ id: "333333333333", name, path }],
    mutes: [aMute({ ...muted, expires: ago(HOUR) })],
    subscription: aSubscription({ route: { when: { tags: { [tag]: tag } }, to: ["soc-mail"] } }),
  });

/** Names of elements and attributes: everything a page can do. */
const abilities = (html: string): string[] =>
  parseHtml(html).elements.map(({ name, attributes }) => [name, ...Object.keys(attributes)].join(" "));
const OURS = new Set(
  abilities(digestOf([anEpisode(), anEpisode({ severity: "LOW" }), anUntoldEpisode()], { mutes: [aMute({ expires: ago(HOUR) })] }).html),
);

describe("a digest of findings whose texts an attacker chose", () => {
  it("contains no markup and no link but ours, and stays well-formed", () => {
    fc.assert(
      fc.property(input, (given) => {
        const { html } = digest(given);
        for (const ability of abilities(html)) {
          assert.ok(OURS.has(ability), ability);
        }
        for (const { attributes } of parseHtml(html).elements) {
          assert.ok(attributes.href === undefined || /^https:\/\/[^/]*\.?console\./.test(attributes.href), attributes.href);
        }
      }),
    );
  });

  it("has a subject of one line, and lines of text that cannot pass for our headings", () => {
    fc.assert(
      fc.property(input, (given) => {
        const { subject, text } = digest(given);
        assert.ok(subject.length <= 150 && !/[\p{Cc}\u2028\u2029\u202a-\u202e]/u.test(subject));
        for (const line of text.split("\n").filter((one) => !one.startsWith("  ") && one !== "")) {
          assert.match(line, /^(DIGEST \(daily\)|[=-]+|OPEN BY (SEVERITY|ACCOUNT)|(NEW|RESOLVED) \(\d\)|OPEN THE LONGEST|MUTES)$/);
        }
      }),
    );
  });
});
