import type {
  ActionsBlock,
  Button,
  ContextBlock,
  HeaderBlock,
  PlainTextElement,
  RichTextBlock,
  RichTextText,
  RichTextUserMention,
  SectionBlock,
} from "@slack/types";
import { clip } from "../message/clean";
import type { Labelled, Link } from "../message/content";

/*
 * The pieces of a Slack message. All text is `plain_text` or a text of `rich_text`, never `mrkdwn`: Slack parses neither, so that `<!channel>`, `*bold*`,
 * `:siren:` and links in a finding stay what they are, and ids can be copied. Only `rich_text` can be bold, and is known to work outside attachments only.
 * Limits: https://docs.slack.dev/reference/block-kit/blocks
 */

/** Longest header, other text and button, in characters. */
const LONGEST = { header: 150, text: 3_000, button: 75 } as const;

/** Slack refuses empty texts. */
export const plain = (text: string, limit: number): PlainTextElement => ({
  type: "plain_text",
  text: clip(text, limit) || "–",
  emoji: false,
});

export const header = (text: string): HeaderBlock => ({ type: "header", text: plain(text, LONGEST.header) });

/** A paragraph. */
export const paragraph = (text: string): SectionBlock => ({ type: "section", text: plain(text, LONGEST.text) });

/** Small and grey. */
export const smallPrint = (text: string): ContextBlock => ({ type: "context", elements: [plain(text, LONGEST.text)] });

/** Parts of a line of rich text; an empty one is left out, as Slack refuses it. */
const styled = (text: string, style?: RichTextText["style"]): RichTextText[] =>
  text === "" ? [] : [{ type: "text", text, ...(style && { style }) }];
export const strong = (text: string): RichTextText[] => styled(text, { bold: true });
export const normal = (text: string): RichTextText[] => styled(text);
export const soft = (text: string): RichTextText[] => styled(text, { italic: true });
/** In the typeface of code: there to be copied. */
export const code = (text: string): RichTextText[] => styled(text, { code: true });

/** `**Account**  payments`; nothing without a value. */
export const labelled = (label: string, value: string): RichTextText[] =>
  value === "" ? [] : [...strong(`${label || "–"}  `), ...normal(value)];

/** `**First seen**  …    **Seen**  41 times` */
export const onOneLine = (all: readonly Labelled[]): RichTextText[] =>
  all
    .map(({ label, value }) => labelled(label, value))
    .filter((parts) => parts.length > 0)
    .flatMap((parts, index) => [...(index === 0 ? [] : normal("    ")), ...parts]);

/** A part of a line. */
export type Part = RichTextText | RichTextUserMention;

/** How our own sentences name a Slack user: by id. */
const BY_USER = /\bby @([UW][A-Z0-9]{5,20})\b/;

/** A sentence in bold, in which the person who decided is shown by name. */
export function strongSentence(sentence: string): Part[] {
  const [before, user, after = ""] = sentence.split(BY_USER);
  return user === undefined
    ? strong(sentence)
    : [...strong(`${before}by `), { type: "user", user_id: user, style: { bold: true } }, ...strong(after)];
}

/** Lines, each of some parts; those without any are left out. */
export function lines(...all: readonly (readonly Part[])[]): RichTextBlock {
  const shown = all.filter((line) => line.length > 0);
  const elements = shown.flatMap((line, index) => [...(index === 0 ? [] : normal("\n")), ...line]);
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

const button = (id: string, text: string, url: string): Button => ({
  type: "button",
  action_id: id,
  text: plain(text, LONGEST.button),
  url,
});

/**
 * Buttons that open links. Where the link is not surely AWS's own, the button names its host.
 * @param leading whether the first of them is what people are to press.
 */
export function links(to: { readonly console?: Link; readonly runbook?: Link; readonly list?: Link }, leading = true): ActionsBlock[] {
  const first = leading ? { style: "primary" as const } : {};
  const buttons = [
    ...(to.console === undefined ? [] : [{ ...button("open-console", "Open in the AWS console", to.console.href), ...first }]),
    ...(to.list === undefined ? [] : [{ ...button("open-list", "Open the whole list", to.list.href), ...first }]),
    ...(to.runbook === undefined ? [] : [button("open-runbook", `Runbook (${to.runbook.host})`, to.runbook.href)]),
  ];
  return buttons.length === 0 ? [] : [{ type: "actions", elements: buttons }];
}
