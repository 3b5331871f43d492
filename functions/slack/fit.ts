import type { SlackMessage } from "./message";

/** How much of a finding a message shows: characters, and rows of facts. */
export interface Room {
  readonly title: number;
  readonly name: number;
  readonly id: number;
  readonly rows: number;
  readonly value: number;
  readonly description: number;
  /** Whether the rest has to be read elsewhere. */
  readonly cut: boolean;
}

/** All that a finding may say, then less and less of it. Two long links and the last of these always fit. */
const ROOMS: readonly [Room, ...Room[]] = [
  { title: 256, name: 256, id: 1_024, rows: 30, value: 1_024, description: 1_024, cut: false },
  { title: 256, name: 128, id: 512, rows: 30, value: 240, description: 600, cut: true },
  { title: 200, name: 80, id: 256, rows: 20, value: 120, description: 300, cut: true },
  { title: 80, name: 20, id: 48, rows: 5, value: 32, description: 60, cut: true },
];

/**
 * Slack refuses blocks of more than about 13,200 characters in all (msg_blocks_too_long), which no page of its documentation says
 * (https://github.com/slackapi/bolt-js/issues/2509).
 */
export const MOST_CHARACTERS = 12_500;

/** Characters of what Slack gets, counted as if all that is not ASCII were escaped: nobody says how Slack counts. */
export function weight({ blocks, attachments }: Pick<SlackMessage, "blocks" | "attachments">): number {
  const json = JSON.stringify([blocks, attachments]);
  return json.length + 5 * (json.match(/[\u0080-\uFFFF]/g)?.length ?? 0);
}

/** The message with as much of the finding as Slack takes. */
export function withinLimits(render: (room: Room) => SlackMessage): SlackMessage {
  let message = render(ROOMS[0]);
  for (const room of ROOMS.slice(1)) {
    if (weight(message) <= MOST_CHARACTERS) {
      break;
    }
    message = render(room);
  }
  return message;
}
