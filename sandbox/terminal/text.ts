/** What a terminal shows in two columns: CJK, Hangul, full-width forms and emoji. */
const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

const cells = (grapheme: string): number => (WIDE.test(grapheme) ? 2 : 1);

/** Columns that a text takes. */
export function textWidth(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    width += cells(segment);
  }
  return width;
}

/**
 * A text that is safe to print: findings carry hostile strings, so control characters (escape sequences of the terminal among them) and marks that turn the
 * direction of writing are taken out, and white space becomes single blanks.
 */
export const printable = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, "")
    .trim();

/** The text, cut to a width with an ellipsis if need be. */
export function clipped(text: string, width: number): string {
  if (textWidth(text) <= width) {
    return text;
  }
  let kept = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += cells(segment);
    if (used > width - 1) {
      break;
    }
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** The text, filled up with blanks to a width. */
export const padded = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - textWidth(text)));

/** The text in lines of at most a width, broken between words (and within those that are longer than a line). */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").filter((part) => part !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (textWidth(longer) <= width) {
      line = longer;
    } else {
      if (line !== "") {
        lines.push(line);
      }
      line = clipped(word, width);
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** A number with its noun: `1 mail`, `3 mails`. */
export const counted = (count: number, noun: string, plural = `${noun}s`): string => `${count} ${count === 1 ? noun : plural}`;

/** Names in a sentence: `a, b and c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;
