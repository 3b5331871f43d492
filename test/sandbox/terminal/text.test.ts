import assert from "node:assert/strict";
import * as fc from "fast-check";
import { clipped, counted, listed, padded, printable, textWidth, wrapped } from "../../../sandbox/terminal/text";

describe("Text on a terminal", () => {
  it("takes as many columns as it is wide", () => {
    assert.equal(textWidth("mail"), 4);
    assert.equal(textWidth("警鐘"), 4);
    assert.equal(textWidth("🔔!"), 3);
    assert.equal(padded("🔔", 4), "🔔  ");
  });

  it("cannot be used by a finding to control the terminal or to turn the direction of writing", () => {
    assert.equal(printable("a\u001b[31mred\u001b]0;title\u0007\r\nb\u202ec\u2066"), "a[31mred]0;title bc");
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => assert.doesNotMatch(printable(text), /[\p{Cc}\u202a-\u202e]/u)));
  });

  it("never exceeds the width it is cut or wrapped to", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }).map(printable), fc.integer({ min: 2, max: 40 }), (text, width) => {
        assert.ok(textWidth(clipped(text, width)) <= width);
        assert.ok(wrapped(text, width).every((line) => textWidth(line) <= width));
      }),
    );
  });

  it("keeps all words when it is wrapped", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,10}$/)), (words) =>
        assert.deepEqual(wrapped(words.join(" "), 10).join(" ").split(" ").filter(Boolean), words),
      ),
    );
  });

  it("counts and lists in words", () => {
    assert.deepEqual([counted(0, "mail"), counted(1, "mail"), counted(2, "delivery", "deliveries")], ["0 mails", "1 mail", "2 deliveries"]);
    assert.deepEqual([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])], ["", "a", "a and b", "a, b and c"]);
  });
});
