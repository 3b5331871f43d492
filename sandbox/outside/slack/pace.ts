/** Messages that a channel takes at once before it wants the sender to slow down. */
const BURST = 3;

/** Milliseconds in which a channel takes one more: https://docs.slack.dev/apis/web-api/rate-limits ("1 per second per channel, short bursts"). */
const PERIOD = 1_000;

/** How many messages a second each channel takes, in virtual time. */
export class Pace {
  readonly #channels = new Map<string, { left: number; at: number }>();

  constructor(private readonly now: () => number) {}

  /** Takes a message, or answers after how many whole seconds to try again. */
  take(channel: string): number | undefined {
    const now = this.now();
    const { left, at } = this.#channels.get(channel) ?? { left: BURST, at: now };
    const available = Math.min(BURST, left + (now - at) / PERIOD);
    if (available < 1) {
      return Math.ceil(((1 - available) * PERIOD) / 1_000);
    }
    this.#channels.set(channel, { left: available - 1, at: now });
    return undefined;
  }
}
