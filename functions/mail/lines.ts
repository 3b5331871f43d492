/** Columns of the text part. */
const WIDTH = 78;
const LABEL_WIDTH = 16;

/** Pieces no longer than `width` characters; a longer word is broken. */
function wordsOf(text: string, width: number): string[] {
  return text.split(" ").flatMap((word) => {
    const characters = [...word];
    return Array.from({ length: Math.ceil(characters.length / width) }, (_, index) =>
      characters.slice(index * width, (index + 1) * width).join(""),
    );
  });
}

/** Lines of at most 78 columns. Every line is indented, so that no text of a stranger can pass for one of our headings. */
export function wrap(text: string, indent = 2): string[] {
  const margin = " ".repeat(indent);
  const width = WIDTH - indent;
  return text.split("\n").flatMap((paragraph) => {
    const lines = [""];
    for (const word of wordsOf(paragraph, width)) {
      const last = lines.at(-1) ?? "";
      const joined = last === "" ? word : `${last} ${word}`;
      if ([...joined].length <= width) {
        lines[lines.length - 1] = joined;
      } else {
        lines.push(word);
      }
    }
    return lines.map((line) => margin + line);
  });
}

/** `  Account         payments (333333333333)`; what does not fit goes on below the value, a long label gets its own line. */
export function labelled(label: string, value: string): string[] {
  if ([...label].length >= LABEL_WIDTH) {
    return [...wrap(label), ...wrap(value, 2 + LABEL_WIDTH)];
  }
  const [first = "", ...rest] = wrap(value, 2 + LABEL_WIDTH);
  return [`  ${label.padEnd(LABEL_WIDTH)}${first.trimStart()}`, ...rest];
}

/** A heading and what is below it; nothing without anything below. */
export const section = (heading: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ["", heading, ...lines]);

/** A heading, underlined. */
export const headed = (heading: string): string[] => [heading, "=".repeat(heading.length)];

/** A line across. */
export const RULE = "-".repeat(WIDTH);
