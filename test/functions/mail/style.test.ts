import assert from "node:assert/strict";
import { BAND_TEXT, BANDS, DARK, LIGHT, OUTLOOK_STYLE_SHEET, type Palette, SAMPLE_BAND, STYLE_SHEET } from "../../../functions/mail/style";

/** Relative luminance of `#rrggbb` as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG AA for text of any size. */
const ENOUGH = 4.5;

describe("the colours of a mail", () => {
  const palettes: Readonly<Record<string, Palette>> = { light: LIGHT, dark: DARK };
  for (const [name, palette] of Object.entries(palettes)) {
    it(`are readable in the ${name}`, () => {
      for (const background of [palette.page, palette.card, palette.panel]) {
        for (const text of [palette.ink, palette.soft]) {
          assert.ok(contrast(text, background) >= ENOUGH, `${text} on ${background}: ${contrast(text, background)}`);
        }
      }
      assert.ok(contrast(palette.buttonText, palette.button) >= ENOUGH);
    });
  }

  it("are readable on the band of every severity and of a sample", () => {
    for (const background of [...Object.values(BANDS), SAMPLE_BAND]) {
      assert.ok(contrast(BAND_TEXT, background) >= ENOUGH, `${background}: ${contrast(BAND_TEXT, background)}`);
    }
  });

  it("follow the reader's dark mode, in Outlook too, within what Gmail reads of a style sheet", () => {
    assert.match(STYLE_SHEET, /@media \(prefers-color-scheme:dark\)/);
    assert.match(OUTLOOK_STYLE_SHEET, /\[data-ogsc\] \.ink\{/);
    assert.doesNotMatch(STYLE_SHEET, /\[data-/);
    assert.ok((STYLE_SHEET + OUTLOOK_STYLE_SHEET).length < 8192);
  });
});
