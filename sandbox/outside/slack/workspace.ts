import type { Values } from "./fault";

interface Message {
  readonly channel: string;
  readonly reactions: Set<string>;
}

/** Ids of the emulated workspace and of tocsin's app in it. */
export const TEAM = "T0000000000";
export const BOT = { user: "U0000000000", bot: "B0000000000", app: "A0000000000" } as const;

/** A Slack workspace: its channels, and the messages in them. */
export class Workspace {
  readonly #messages = new Map<string, Message>();
  #count = 0;

  /** @param channels ids of the channels that there are. */
  constructor(
    private readonly channels: ReadonlySet<string>,
    private readonly now: () => number,
  ) {}

  hasChannel(channel: unknown): channel is string {
    return typeof channel === "string" && this.channels.has(channel);
  }

  /** Keeps a message and answers its `ts`, which is its time and its id in one. */
  post(channel: string): string {
    this.#count += 1;
    const ts = `${Math.floor(this.now() / 1_000)}.${String(this.#count * 100)
      .padStart(6, "0")
      .slice(-6)}`;
    this.#messages.set(`${channel}/${ts}`, { channel, reactions: new Set() });
    return ts;
  }

  has(channel: string, ts: unknown): boolean {
    return this.#messages.has(`${channel}/${String(ts)}`);
  }

  /** False if the reaction is there already. */
  react(channel: string, ts: unknown, name: string): boolean {
    const reactions = this.#messages.get(`${channel}/${String(ts)}`)?.reactions;
    const fresh = reactions !== undefined && !reactions.has(name);
    reactions?.add(name);
    return fresh;
  }
}

/** A message as Slack shows it to its sender. */
export const messageOf = (ts: string, { text = "", blocks, attachments, thread_ts }: Values): Values => ({
  type: "message",
  user: BOT.user,
  bot_id: BOT.bot,
  app_id: BOT.app,
  team: TEAM,
  text,
  ts,
  ...(thread_ts !== undefined && { thread_ts }),
  ...(blocks !== undefined && { blocks }),
  ...(attachments !== undefined && { attachments }),
});
