import assert from "node:assert/strict";
import fc from "fast-check";
import { cut, httpsUrl, identifier, line, paragraph } from "../../../functions/normalize/bounds";
import { unflatten } from "../../../functions/normalize/product-fields";

describe("bounded text", () => {
  it("is cut with a mark, never through a character", () => {
    assert.equal(cut("abcdef", 6), "abcdef");
    assert.equal(cut("abcdefg", 6), "abcde…");
    assert.equal(cut("abcd👾fg", 6), "abcd…");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), fc.integer({ min: 2, max: 40 }), (text, longest) => {
        const short = cut(text, longest);
        assert.ok(short.length <= longest && short.isWellFormed());
        assert.ok(text.startsWith(short.replace(/…$/, "")));
      }),
    );
  });

  it("keeps markup, emoji and right-to-left text as text", () => {
    const hostile = "<img src=x onerror=alert(1)> 👩‍🚀 \u202Egnp.exe مرحبا <!channel>";
    assert.equal(line(hostile, 256), hostile);
  });

  it("keeps line breaks and tabs in paragraphs only", () => {
    assert.equal(paragraph("a\r\nb\tc\u0007\u2028d", 100), "a\nb\tc\nd");
    assert.equal(line("a\r\nb\tc\u0007d", 100), "a b c d");
  });

  it("replaces halves of surrogate pairs", () => assert.equal(line("a\ud83db", 100), "a\ufffdb"));

  it("is empty for what is no text", () =>
    assert.deepEqual([line({}, 10), line(null, 10), line("  ", 10), paragraph([], 10)], ["", "", "", ""]));

  it("accepts links over https only", () => {
    assert.equal(httpsUrl("https://docs.aws.amazon.com/a?b=c#d"), "https://docs.aws.amazon.com/a?b=c#d");
    for (const bad of [
      "http://a.example/",
      "data:text/html,x",
      "https://",
      "https://u@a.example/",
      `https://a.example/${"x".repeat(2000)}`,
      null,
    ]) {
      assert.equal(httpsUrl(bad), undefined);
    }
  });

  it("keeps ids as they are", () => {
    assert.equal(identifier("arn:aws:s3:::a  b"), "arn:aws:s3:::a  b");
    assert.equal(identifier(" \u0000 "), undefined);
  });
});

describe("flattened product fields", () => {
  it("become objects and lists again, whatever their order", () => {
    const fields = {
      "aws/guardduty/service/evidence": "",
      "aws/guardduty/service/evidence/threats.1_/name": "second",
      "aws/guardduty/service/evidence/threats.0_/name": "first",
      "aws/guardduty/service/count": "3",
      "aws/other": "x",
    };
    const service = JSON.parse(JSON.stringify(unflatten(fields, "aws/guardduty/")));
    assert.deepEqual(service, { service: { evidence: { threats: [{ name: "first" }, { name: "second" }] }, count: "3" } });
  });

  it("cannot reach a prototype, nor make huge lists", () => {
    unflatten({ "p/__proto__/polluted": "yes", "p/constructor/prototype/polluted": "yes", "p/list.999_/x": "y" }, "p/");
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });
});
