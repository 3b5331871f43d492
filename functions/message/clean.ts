/** Text that attackers may have chosen, made safe to stand in a line of ours. What is left still has to be escaped by the part that shows it. */

/** Embeddings, overrides and isolates: they turn the text around them, ours included. */
const BIDI_CONTROLS = /[\u202A-\u202E\u2066-\u2069]/g;
/** Characters nobody sees: soft hyphen, zero-width ones, direction marks, tags. The joiners U+200C and U+200D stay, emoji and scripts need them. */
const INVISIBLE = /[\u00AD\u061C\u180E\u200B\u200E\u200F\u2060-\u2064\uFEFF]|[\u{E0000}-\u{E007F}]/gu;
/** Piled-up accents that would run over the neighbouring lines. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;

/** Paragraphs without control characters. A bidirectional control becomes the visible U+FFFD: nobody names a thing like that in good faith. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, "\n")
    .replace(/\t/g, " ")
    .replace(/[^\P{Cc}\n]|[\uFFFE\uFFFF]/gu, "")
    .replace(BIDI_CONTROLS, "\uFFFD")
    .replace(INVISIBLE, "")
    .replace(PILED_MARKS, "$1")
    .replace(/ *\n\s*/g, "\n")
    .trim();
}

/** The same on a single line. */
export const cleanLine = (text: string): string => cleanText(text).replace(/\s+/g, " ");

/** At most `limit` UTF-16 units, the last one an ellipsis if something was cut; never half a character. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) {
    return text;
  }
  const kept = text.slice(0, Math.max(0, limit - 1));
  return `${kept.replace(/[\uD800-\uDBFF]$/, "").replace(/[\u200D\uFE0F\s]+$/u, "")}…`;
}

/** Longest link that is shown: the console's own links stay below it. */
const LONGEST_LINK = 1_500;

/** The address, normalized, if it is a plain https one; anything else is not linked. */
export function httpsLink(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) {
    return undefined;
  }
  const { protocol, username, password, href } = new URL(url);
  return protocol === "https:" && username === "" && password === "" && href.length <= LONGEST_LINK ? href : undefined;
}
