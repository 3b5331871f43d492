/** How much of a finding a card shows: characters, and numbers of facts, resources or findings. */
export interface Room {
  readonly text: number;
  readonly facts: number;
  readonly value: number;
  readonly resources: number;
  readonly id: number;
  readonly findings: number;
  /** Whether the rest has to be read elsewhere. */
  readonly cut: boolean;
}

/** All that there is to say, then less and less of it. The last always fits, whatever it is about. */
const ROOMS: readonly [Room, ...Room[]] = [
  { text: 1_024, facts: 20, value: 512, resources: 3, id: 1_024, findings: 10, cut: false },
  { text: 700, facts: 12, value: 200, resources: 3, id: 300, findings: 8, cut: true },
  { text: 300, facts: 6, value: 100, resources: 1, id: 120, findings: 5, cut: true },
  { text: 120, facts: 0, value: 60, resources: 1, id: 60, findings: 0, cut: true },
];

/**
 * Bytes of a request. Teams refuses messages of more than about 28 KB, counted after it has made HTML of them
 * (https://learn.microsoft.com/en-us/connectors/teams/#known-issues-and-limitations-with-actions), and others found 21,000 bytes to be the most
 * (https://rubydoc.info/gems/msteams_hermes/MsTeamsHermes/Message).
 */
export const MOST_BYTES = 20_000;

/** The request with as much of the finding as Teams takes. */
export function withinRoom(render: (room: Room) => unknown): string {
  let body = JSON.stringify(render(ROOMS[0]));
  for (const room of ROOMS.slice(1)) {
    if (Buffer.byteLength(body) <= MOST_BYTES) {
      break;
    }
    body = JSON.stringify(render(room));
  }
  return body;
}
