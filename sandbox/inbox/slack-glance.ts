import type { Glance } from "./glance";
import { isObject, objects, text, type Values } from "./values";

/** All blocks of a message, those of its attachments after its own. */
export const blocksOf = ({ blocks, attachments }: Values): readonly Values[] => [
  ...objects(blocks),
  ...objects(attachments).flatMap((attachment) => objects(attachment.blocks)),
];

/** What mrkdwn says without its marks. */
const unmarked = (mrkdwn: string): string =>
  mrkdwn
    .replaceAll(/<([^|>]+)\|([^>]*)>/g, "$2")
    .replaceAll(/<([^>]+)>/g, "$1")
    .replaceAll(/(^|[\s(])[*_~`]+(\S)/g, "$1$2")
    .replaceAll(/(\S)[*_~`]+(?=[\s).,:;]|$)/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

const saidBy = (object: unknown): string =>
  isObject(object) ? (object.type === "mrkdwn" ? unmarked(text(object.text)) : text(object.text)) : "";

/** Rich text: sections of texts, links and the like. */
function richText(element: Values): string {
  const inner = objects(element.elements);
  return inner.length > 0
    ? inner.map(richText).join(element.type === "rich_text" || element.type === "rich_text_list" ? "\n" : "")
    : text(element.text) || text(element.url) || (element.type === "user" ? `@${text(element.user_id)}` : "");
}

function linesOf(block: Values): string[] {
  switch (block.type) {
    case "section":
      return [saidBy(block.text), ...objects(block.fields).map(saidBy)].flatMap((part) => part.split("\n"));
    case "context":
      return [objects(block.elements).map(saidBy).filter(Boolean).join(" · ")];
    case "rich_text":
      return richText(block).split("\n");
    case "table":
      return (Array.isArray(block.rows) ? block.rows : []).map((row) => objects(row).map(richText).join(" · "));
    case "markdown":
      return text(block.text).split("\n");
    default:
      return [saidBy(block.text)];
  }
}

/** What a Slack message says. Without blocks that is its text. */
export function slackGlance(payload: Values): Glance {
  const blocks = blocksOf(payload);
  const said = blocks.length === 0 ? unmarked(text(payload.text)).split("\n") : blocks.flatMap(linesOf);
  const [headline = "", ...lines] = said.filter((line) => line !== "");
  const elements = blocks.flatMap((block) => [
    ...(block.type === "actions" ? objects(block.elements) : []),
    ...(isObject(block.accessory) ? [block.accessory] : []),
  ]);
  return { headline, lines, buttons: elements.filter(({ type }) => type === "button").map((button) => saidBy(button.text)) };
}
