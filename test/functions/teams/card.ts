/** An Adaptive Card as a test reads it. */
export interface ReadCard {
  /** All text that is markup-free by its kind (text runs), in order. */
  readonly runs: readonly string[];
  /** All text in fields that take Markdown, in order. */
  readonly markdown: readonly string[];
  /** What a reader sees, line by line. */
  readonly shown: readonly string[];
  readonly facts: Readonly<Record<string, string>>;
  readonly buttons: Readonly<Record<string, string>>;
  readonly styles: readonly string[];
  readonly types: ReadonlySet<string>;
}

// biome-ignore lint/suspicious/noExplicitAny: a tree of unknown shape.
type Tree = any;

/** Undoes the escapes of CommonMark (https://spec.commonmark.org/0.31.2/#backslash-escapes). */
export const unescaped = (markdown: string): string => markdown.replace(/\\([!-/:-@[-`{-~])/g, "$1");

/** Reads the card out of a request to Teams. */
export function readCard(request: string): ReadCard {
  const message: Tree = JSON.parse(request);
  const { content } = message.attachments[0];
  const runs: string[] = [];
  const markdown: string[] = [];
  const shown: string[] = [];
  const facts: Record<string, string> = {};
  const styles: string[] = [];
  const types = new Set<string>();
  const visit = (element: Tree): void => {
    types.add(element.type);
    if (element.type === "Container") styles.push(element.style);
    if (element.type === "TextBlock") {
      markdown.push(element.text);
      shown.push(unescaped(element.text));
    }
    if (element.type === "RichTextBlock") {
      const texts: string[] = element.inlines.map(({ text }: Tree) => text);
      runs.push(...texts);
      // A word joiner keeps braces apart, and nobody sees it.
      shown.push(texts.join("").replaceAll("\u2060", ""));
    }
    for (const { title, value } of element.facts ?? []) {
      markdown.push(title, value);
      shown.push(`${unescaped(title)}: ${unescaped(value)}`);
      facts[unescaped(title)] ??= unescaped(value);
    }
    for (const child of [...(element.items ?? []), ...(element.columns ?? [])]) visit(child);
  };
  for (const element of content.body) visit(element);
  const buttons = Object.fromEntries(
    (content.actions ?? []).map(({ type, title, url }: Tree) => [title, type === "Action.OpenUrl" ? url : type]),
  );
  return { runs, markdown, shown, facts, buttons, styles, types };
}
