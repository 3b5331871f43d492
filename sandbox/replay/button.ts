import type { ShownMessage } from "./journal";

type JsonObject = Readonly<Record<string, unknown>>;

/** A button of a delivered Slack message. */
export interface Button {
  /** The message as it looks now. */
  readonly message: { readonly channel: string; readonly ts: string; readonly payload: JsonObject };
  readonly blockId: string;
  readonly element: JsonObject;
}

const list = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter((one): one is JsonObject => typeof one === "object" && one !== null) : [];

/** Buttons in a message, with the ids of their blocks: Slack makes up those that are missing. */
function buttonsOf(payload: JsonObject): { readonly blockId: string; readonly element: JsonObject }[] {
  const blocks = [...list(payload.blocks), ...list(payload.attachments).flatMap(({ blocks }) => list(blocks))];
  return blocks.flatMap((block, index) => {
    const blockId = typeof block.block_id === "string" ? block.block_id : `block${index}`;
    return [...list(block.elements), ...list([block.accessory])]
      .filter(({ type }) => type === "button")
      .map((element) => ({ blockId, element }));
  });
}

/** A button is known by its whole action id, or by what follows its last separator. */
function isCalled({ action_id: id }: JsonObject, name: string): boolean {
  return typeof id === "string" && (id === name || (id.endsWith(name) && /[-_.:]/.test(id.charAt(id.length - name.length - 1))));
}

/**
 * The button that a line means, of the newest message that ever offered it, or of a given one. A button that an update took away can still be pressed by whoever looks at an older
 * state of the message.
 * @param index among the deliveries.
 */
export function findButton(shown: readonly ShownMessage[], name: string, index: "last" | number): Button | undefined {
  const candidates = index === "last" ? shown.toReversed() : shown.slice(index, index + 1);
  for (const { kind, messageId, versions } of candidates) {
    // What went out by an incoming webhook cannot be told apart, and belongs to no app that hears of presses here.
    const [channel, ts] = messageId.split("/");
    const payload = versions.at(-1);
    if (kind !== "slack" || channel === undefined || ts === undefined || payload === undefined) {
      continue;
    }
    const buttons = versions.toReversed().flatMap(buttonsOf);
    const found = buttons.find(({ element }) => isCalled(element, name));
    if (found !== undefined) {
      return { message: { channel, ts, payload }, ...found };
    }
  }
  return undefined;
}
