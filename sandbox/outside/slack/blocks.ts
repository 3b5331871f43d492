import { elementFaults, textFaults } from "./elements";
import { at, type BlockFault, isObject, lengthFault, listFaults, type Values } from "./fault";

/** Most blocks of a message: https://docs.slack.dev/reference/block-kit/blocks */
const MOST_BLOCKS = 50;

/** Characters of all blocks together. No page says so; see https://github.com/slackapi/bolt-js/issues/2509 */
const MOST_CHARACTERS = 13_200;

/** Blocks that are known and not looked into. */
const UNCHECKED = new Set([
  "divider",
  "file",
  "input",
  "video",
  "context_actions",
  "card",
  "carousel",
  "alert",
  "task_card",
  "plan",
  "container",
]);

const CHECKS: Readonly<Record<string, (block: Values, pointer: string) => BlockFault[]>> = {
  header: (block, pointer) => textFaults(block.text, `${pointer}/text`, 150, ["plain_text"]),
  section: (block, pointer) => [
    ...(block.text === undefined && block.fields === undefined ? [at(pointer, "missing required field: text")] : []),
    ...(block.text === undefined ? [] : textFaults(block.text, `${pointer}/text`, 3_000)),
    ...(block.fields === undefined
      ? []
      : listFaults(block.fields, `${pointer}/fields`, 10, (field, place) => textFaults(field, place, 2_000))),
    ...(block.accessory === undefined ? [] : elementFaults(block.accessory, `${pointer}/accessory`)),
  ],
  context: (block, pointer) =>
    listFaults(block.elements, `${pointer}/elements`, 10, (element, place) =>
      isObject(element) && element.type === "image" ? elementFaults(element, place) : textFaults(element, place, 3_000),
    ),
  actions: (block, pointer) => [
    ...listFaults(block.elements, `${pointer}/elements`, 25, elementFaults),
    ...duplicates(block.elements, "action_id", `${pointer}/elements`),
  ],
  image: (block, pointer) => [
    ...lengthFault(block.alt_text, `${pointer}/alt_text`, 2_000),
    ...(block.slack_file === undefined ? lengthFault(block.image_url, `${pointer}/image_url`, 3_000) : []),
    ...(block.title === undefined ? [] : textFaults(block.title, `${pointer}/title`, 2_000, ["plain_text"])),
  ],
  markdown: (block, pointer) => lengthFault(block.text, `${pointer}/text`, 12_000),
  rich_text: (block, pointer) => listFaults(block.elements, `${pointer}/elements`, Number.POSITIVE_INFINITY, richTextFaults),
  table: (block, pointer) => listFaults(block.rows, `${pointer}/rows`, 100, (row, place) => listFaults(row, place, 20, () => [])),
};

/** A part of rich text: sections, quotes and code have texts and links, lists have sections. */
function richTextFaults(part: unknown, pointer: string): BlockFault[] {
  if (!isObject(part) || !/^rich_text_(?:section|list|preformatted|quote)$/.test(String(part.type))) {
    return [at(pointer, `unsupported type: ${isObject(part) ? String(part.type) : typeof part}`)];
  }
  return listFaults(part.elements, `${pointer}/elements`, Number.POSITIVE_INFINITY, (element, place) => {
    if (part.type === "rich_text_list") {
      return richTextFaults(element, place);
    }
    if (!isObject(element)) {
      return [at(place, "must provide an object")];
    }
    return element.type === "text"
      ? lengthFault(element.text, `${place}/text`, Number.POSITIVE_INFINITY)
      : element.type === "link"
        ? lengthFault(element.url, `${place}/url`, 3_000)
        : [];
  });
}

function duplicates(elements: unknown, field: string, pointer: string): BlockFault[] {
  const seen = new Set<unknown>();
  return (Array.isArray(elements) ? elements : []).flatMap((element: unknown, index) => {
    const value = isObject(element) ? element[field] : undefined;
    const known = value !== undefined && seen.has(value);
    seen.add(value);
    return known ? [at(`${pointer}/${index}/${field}`, `\`${field}\` \`${String(value)}\` already exists`)] : [];
  });
}

function blockFaults(block: unknown, pointer: string): BlockFault[] {
  if (!isObject(block)) {
    return [at(pointer, "must provide an object")];
  }
  const type = String(block.type);
  if (!Object.hasOwn(CHECKS, type)) {
    return UNCHECKED.has(type) ? [] : [at(pointer, `unsupported type: ${type}`)];
  }
  const id = block.block_id === undefined ? [] : lengthFault(block.block_id, `${pointer}/block_id`, 255);
  return [...id, ...(CHECKS[type]?.(block, pointer) ?? [])];
}

/** Everything that Slack would refuse in blocks. */
const blocksFaults = (blocks: readonly unknown[], pointer: string): BlockFault[] => [
  ...(blocks.length > MOST_BLOCKS ? [at(pointer, `no more than ${MOST_BLOCKS} items allowed`)] : []),
  ...blocks.flatMap((block, index) => blockFaults(block, `${pointer}/${index}`)),
  ...duplicates(blocks, "block_id", pointer),
];

/** Why Slack refuses a message: its error code, and what is wrong where. */
export interface Refusal {
  readonly error: string;
  readonly faults: readonly BlockFault[];
}

const refused = (error: string, faults: readonly BlockFault[] = []): Refusal => ({ error, faults });

/** Why Slack refuses what is to be posted, or undefined if it takes it. Documented limits, and the undocumented one of all blocks together. */
export function refusalOf(message: Values): Refusal | undefined {
  const { text, blocks, attachments } = message;
  if ((blocks !== undefined && !Array.isArray(blocks)) || (attachments !== undefined && !Array.isArray(attachments))) {
    return refused(Array.isArray(blocks ?? []) ? "invalid_attachments" : "invalid_blocks_format");
  }
  const own: readonly unknown[] = blocks ?? [];
  const attached: readonly unknown[] = attachments ?? [];
  if ((typeof text !== "string" || text === "") && own.length === 0 && attached.length === 0) {
    return refused("no_text");
  }
  if (typeof text === "string" && text.length > 40_000) {
    return refused("msg_too_long");
  }
  if (attached.length > 100) {
    return refused("too_many_attachments");
  }
  const inAttachments = attached.map((attachment) => (isObject(attachment) && Array.isArray(attachment.blocks) ? attachment.blocks : []));
  const faults = [
    ...blocksFaults(own, "/blocks"),
    ...inAttachments.flatMap((some, index) => blocksFaults(some, `/attachments/${index}/blocks`)),
  ];
  if (faults.length > 0) {
    return refused("invalid_blocks", faults);
  }
  return JSON.stringify([...own, ...inAttachments.flat()]).length > MOST_CHARACTERS ? refused("msg_blocks_too_long") : undefined;
}
