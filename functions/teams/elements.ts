/**
 * The parts of an Adaptive Card that ours are made of. Text of strangers stands in text runs, which know no markup
 * (https://learn.microsoft.com/en-us/adaptive-cards/schema-explorer/text-run: "Markdown is not supported"), or is escaped in fact sets, which do.
 */

/** An element of a card's body. */
export interface Element {
  readonly type: string;
  readonly [property: string]: unknown;
}

/** Looks of a run of text. */
export interface Look {
  readonly size?: "Small" | "Medium" | "Large";
  readonly weight?: "Bolder";
  readonly isSubtle?: true;
}

/** Our own words on a line of their own: they hold no markup. */
export const words = (text: string, properties: Readonly<Record<string, unknown>> = {}): Element => ({
  type: "TextBlock",
  text,
  wrap: true,
  ...properties,
});

export const heading = (text: string): Element => words(text, { weight: "Bolder", spacing: "Medium", separator: true, style: "heading" });

/**
 * A run of text that is shown as it is. Cards fill in their own functions (`{{DATE(…)}}`) wherever text stands, and runs know no escaping: an invisible word joiner
 * between the braces keeps these what they are.
 */
export const run = (text: string, look: Look = {}): Element => ({ type: "TextRun", text: text.replace(/\{(?=\{)/g, "{\u2060"), ...look });

/** A line made of runs. */
export const line = (runs: readonly Element[], properties: Readonly<Record<string, unknown>> = {}): Element => ({
  type: "RichTextBlock",
  inlines: runs,
  ...properties,
});

/** A line for each paragraph; nothing for no text. */
export const paragraphs = (text: string): Element[] =>
  text === "" ? [] : text.split("\n").map((paragraph) => line([run(paragraph)], { spacing: "Small" }));

/** Characters that mean something in the Markdown of Teams, and those that begin an entity or one of the card's own functions (`{{DATE(…)}}`). */
const MARKUP = /[\\`*_[\]<>~&{}]/g;

/** Text for a field that takes Markdown, where it is shown as it is. */
export const literal = (text: string): string =>
  text
    .replace(MARKUP, "\\$&")
    // At the beginning of a line these would make a list, a heading or a quotation.
    .replace(/^(\s*)([-+#])/gm, "$1\\$2")
    .replace(/^(\s*\d+)([.)])/gm, "$1\\$2");

/** Labels and values side by side; no element where there is none. */
export const factSet = (facts: readonly { readonly label: string; readonly value: string }[]): Element[] =>
  facts.length === 0
    ? []
    : [{ type: "FactSet", facts: facts.map(({ label, value }) => ({ title: literal(label), value: literal(value) })) }];

/** A button that opens an https address; none where there is no address. */
export const opens = (title: string, url: string | undefined): Element[] =>
  url === undefined ? [] : [{ type: "Action.OpenUrl", title, url }];
