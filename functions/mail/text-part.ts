import { CUT_NOTE, type MessageContent, SAMPLE_NOTE } from "../message/content";

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
function labelled(label: string, value: string): string[] {
  if ([...label].length >= LABEL_WIDTH) {
    return [...wrap(label), ...wrap(value, 2 + LABEL_WIDTH)];
  }
  const [first = "", ...rest] = wrap(value, 2 + LABEL_WIDTH);
  return [`  ${label.padEnd(LABEL_WIDTH)}${first.trimStart()}`, ...rest];
}

const section = (heading: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ["", heading, ...lines]);

function place({ account, region }: MessageContent): string[] {
  return [
    ...labelled("Account", account.name === undefined ? account.id : `${account.name} (${account.id})`),
    ...(account.path === "" ? [] : labelled("", account.path)),
    ...(region === "" ? [] : labelled("Region", region)),
  ];
}

/** Ids stand on lines of their own, as far left as can be: they are there to be copied. */
function resources({ resources: shown, moreResources }: MessageContent): string[] {
  const lines = shown.flatMap(({ name, type, id }) => [
    ...wrap(type === "" ? name : `${name} (${type})`),
    ...(id === name ? [] : wrap(id, 4)),
  ]);
  return moreResources > 0 ? [...lines, `  and ${moreResources} more`] : lines;
}

/** The plain-text part: the same content as the HTML part. Links are not wrapped, a broken one helps nobody. */
export function textPart(content: MessageContent): string {
  const { description, facts, remediation, timeline } = content;
  const heading = `${content.sample ? "SAMPLE - " : ""}${content.severity}`;
  return [
    heading,
    "=".repeat(heading.length),
    ...wrap(content.title),
    ...wrap(content.source),
    ...section("WHY YOU GET THIS", wrap(`${content.sample ? `Sample. ${SAMPLE_NOTE} ` : ""}${content.why.word}. ${content.why.sentence}`)),
    ...section("WHERE AND WHEN", [...place(content), ...timeline.flatMap(({ label, value }) => labelled(label, value))]),
    ...section(content.resources.length + content.moreResources > 1 ? "RESOURCES" : "RESOURCE", resources(content)),
    ...section("WHAT HAPPENED", [
      ...(description === "" ? [] : wrap(description)),
      ...(description === "" || facts.length === 0 ? [] : [""]),
      ...facts.flatMap(({ label, value }) => labelled(label, value)),
      ...(content.cut ? wrap(CUT_NOTE) : []),
    ]),
    ...section("WHAT TO DO", [
      ...(remediation.text === "" ? [] : wrap(remediation.text)),
      ...(remediation.link === undefined ? [] : [`  ${remediation.link.href}`]),
    ]),
    ...section("OPEN IN THE AWS CONSOLE", content.console === undefined ? [] : [`  ${content.console.href}`]),
    "",
    "-".repeat(WIDTH),
    ...wrap(`Finding ${content.findingId}`),
    ...wrap(`Episode ${content.episode}`),
    ...wrap("Sent by tocsin."),
    "",
  ].join("\n");
}
