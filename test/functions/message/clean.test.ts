import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeHtml, html } from "../../../functions/mail/html";
import { cleanLine, cleanText, clip, httpsLink } from "../../../functions/message/clean";
import { inWords, spanInWords, times } from "../../../functions/message/words";

describe("a stranger's text", () => {
  it("loses control characters and keeps its paragraphs", () => {
    assert.equal(cleanText("one\r\ntwo\u0000\u001b[31m\tthree\u2028four\n\n\n"), "one\ntwo[31m three\nfour");
    assert.equal(cleanLine("a\r\nBcc: b\n c"), "a Bcc: b c");
  });

  it("keeps accents, emoji and every script", () => {
    for (const text of ["Zürich – naïve", "👩‍👩‍👧‍👦 🚨", "می‌خواهم", "漢字かな", "עברית", "नमस्ते"]) {
      assert.equal(cleanText(text), text);
    }
  });

  it("shows a direction override instead of obeying it", () => {
    assert.equal(cleanLine("invoice\u202Efdp.exe"), "invoice\uFFFDfdp.exe");
  });

  it("is cut between characters, never within one", () => {
    assert.equal(clip("abcdef", 4), "abc…");
    assert.equal(clip("ab🚨cd", 4), "ab…");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, limit) => {
        const cut = clip(text, limit);
        assert.ok(cut.length <= Math.max(limit, 1) && cut.isWellFormed());
      }),
    );
  });

  it("is escaped by default wherever it is put into markup", () => {
    assert.equal(
      html`<p title="${`"'<&>`}">${["<b>", html`<i>${"&"}</i>`, undefined, 3]}</p>`.source,
      '<p title="&quot;&#39;&lt;&amp;&gt;">&lt;b&gt;<i>&amp;</i>3</p>',
    );
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assert.doesNotMatch(escapeHtml(text), /[<>"']/)));
  });

  it("is linked only if it is a plain https address", () => {
    assert.equal(httpsLink('https://docs.aws.amazon.com/x?a=1&b="<>'), "https://docs.aws.amazon.com/x?a=1&b=%22%3C%3E");
    for (const url of [
      undefined,
      "",
      "http://a.example",
      " javascript:alert(1)",
      "https://a@b.example",
      `https://a.example/${"x".repeat(2000)}`,
    ]) {
      assert.equal(httpsLink(url), undefined);
    }
  });
});

describe("times in words", () => {
  it("are in UTC and need no decoding", () => {
    assert.equal(inWords("2026-03-01T09:00:00.000Z"), "1 March 2026, 09:00 UTC");
    assert.equal(inWords("2026-12-31T23:59:59.999Z"), "31 December 2026, 23:59 UTC");
    assert.equal(inWords("yesterday"), "yesterday");
  });

  it("count in the unit that a person would use", () => {
    const minute = 60_000;
    const spans = [1, 30, 60, 36 * 60, 24 * 60, 5 * 24 * 60, 14 * 24 * 60].map((minutes) => spanInWords(minutes * minute));
    assert.deepEqual(spans, ["1 minute", "30 minutes", "1 hour", "36 hours", "1 day", "5 days", "14 days"]);
    assert.deepEqual([1, 2, 1204].map(times), ["once", "2 times", "1,204 times"]);
  });
});
