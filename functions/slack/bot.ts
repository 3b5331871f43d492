import { ErrorCode, LogLevel, WebClient, type WebClientOptions } from "@slack/web-api";
import { log } from "../log";
import { patiently, SlowDown } from "../outgoing/patience";
import { Unauthorized } from "../outgoing/with-secret";
import type { SlackMessage } from "./message";
import { type Destination, errorCode, refusal, saysNotRewritable, saysThreadIsGone, saysUnauthorized } from "./refusal";

/** How long one call may take, in milliseconds. */
const TIMEOUT = 5_000;
/**
 * How long a delivery may take, in milliseconds: each of its calls begins in time to end within that, and the reaction after it within the function's 30 seconds.
 * One that ran out of time may have been sent, and would be sent again.
 */
const WHOLE = 25_000;
/** How long the reaction may take, in milliseconds: it comes after the message was accepted, and must not cost the answer to that. */
const REACTION_TIMEOUT = 2_000;

const nothing = (): void => {};
/** The client's own log would repeat what the errors say, and is no JSON. */
const SILENT = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
};

/** Makes a client of Slack for a token. */
export type Connect = (token: string, options: WebClientOptions) => WebClient;
export const connect: Connect = (token, options) => new WebClient(token, options);

/** A message for a channel, or for a thread in it. */
export interface BotPost {
  readonly message: SlackMessage;
  /** `ts` of the message to reply to. */
  readonly thread?: string;
  /** Whether the reply is shown in the channel as well. */
  readonly broadcast?: boolean;
}

/** The message that was to be replied to is no longer there. */
export class ThreadGone extends Error {
  override readonly name = "ThreadGone";
}

/** A message that cannot be changed any more. */
class NotRewritable extends Error {
  override readonly name = "NotRewritable";
}

interface Bot {
  readonly destination: Destination & { readonly channel: string };
  readonly token: string;
  readonly connect: Connect;
  /** When its calls have to be over (`endOfDelivery`). */
  readonly end: number;
}

/** When a delivery that begins now has to be over, milliseconds since the epoch. */
export const endOfDelivery = (): number => Date.now() + WHOLE;

function client({ token, connect, destination }: Bot, timeout: number): WebClient {
  // Anything else cannot stand in a header, and what complains about it would quote it.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new Error(`the secret ${destination.secretName} does not hold a Slack token`);
  }
  // Waiting and trying again is the workflow's, which knows what it has sent already.
  return connect(token, { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, timeout, logger: SILENT });
}

/** What a failed call means, in our words only: the client's messages may hold addresses and headers. */
function failure(error: unknown, destination: Destination): Error {
  const { code, data, statusCode, retryAfter, original, message } = error as {
    readonly code?: string;
    readonly data?: { readonly error?: unknown; readonly response_metadata?: { readonly messages?: readonly string[] } };
    readonly statusCode?: number;
    readonly retryAfter?: number;
    readonly original?: { readonly name?: string; readonly cause?: { readonly code?: string } };
    readonly message?: string;
  };
  if (code === ErrorCode.RateLimitedError || message?.startsWith("Retry header")) {
    return new SlowDown("slack.com", retryAfter);
  }
  if (code === ErrorCode.HTTPError) {
    return new Error(`slack.com answered ${statusCode}`);
  }
  if (code !== ErrorCode.PlatformError) {
    const reason = original?.name === "TimeoutError" ? "no answer in time" : (original?.cause?.code ?? "the connection failed");
    return new Error(`slack.com could not be reached: ${reason}`);
  }
  const refused = errorCode(data?.error);
  if (refused === "ratelimited" || refused === "rate_limited") {
    return new SlowDown("slack.com", undefined);
  }
  const told = refusal(destination, refused, data?.response_metadata?.messages);
  const kinds = [
    [saysUnauthorized, Unauthorized],
    [saysThreadIsGone, ThreadGone],
    [saysNotRewritable, NotRewritable],
  ] as const;
  const [, Kind] = kinds.find(([says]) => says(refused)) ?? [undefined, Error];
  return new Kind(told);
}

/** As the client's types want it. */
const copied = (attachments: SlackMessage["attachments"]) =>
  attachments.map((attachment) => ({ ...attachment, blocks: [...attachment.blocks] }));

/** Waits for a busy channel as long as `patiently` does, and as there is time for one more call. */
const inTime = <T>({ end }: Bot, attempt: () => Promise<T>): Promise<T> => patiently(attempt, end - TIMEOUT);

/** Posts as the app, and answers the message's `ts`. */
export function postAsBot(bot: Bot, { message, thread, broadcast }: BotPost): Promise<string> {
  const slack = client(bot, TIMEOUT);
  const { channel } = bot.destination;
  return inTime(bot, async () => {
    const { text, blocks, attachments, ...flags } = message;
    const reply = thread === undefined ? {} : { thread_ts: thread, ...(broadcast === true && { reply_broadcast: true as const }) };
    const { ts } = await slack.chat
      .postMessage({
        channel,
        text,
        blocks: [...blocks],
        attachments: copied(attachments),
        ...flags,
        ...reply,
      })
      .catch((error: unknown) => {
        throw failure(error, bot.destination);
      });
    if (ts === undefined) {
      throw new Error("slack.com accepted the message without saying which it is");
    }
    return ts;
  });
}

/**
 * Puts another message in the place of one that was posted before (https://docs.slack.dev/reference/methods/chat.update). What never works (the message was
 * deleted, or Slack no longer lets it be edited) is logged, no more: the thread says the same.
 */
export function rewrite(bot: Bot, ts: string, { text, blocks, attachments }: SlackMessage): Promise<void> {
  const slack = client(bot, TIMEOUT);
  const { channel, name } = bot.destination;
  return inTime(bot, async () => {
    try {
      await slack.chat.update({ channel, ts, text, blocks: [...blocks], attachments: copied(attachments) });
    } catch (error) {
      const failed = failure(error, bot.destination);
      if (!(failed instanceof NotRewritable || failed instanceof ThreadGone)) {
        throw failed;
      }
      log({ kind: "rewrite", channel: name, error: failed.message });
    }
  });
}

/** Puts a mark on a message. It is a nicety: that it failed is logged, no more. */
export async function react(bot: Bot, ts: string, name: string): Promise<void> {
  try {
    await client(bot, REACTION_TIMEOUT).reactions.add({ channel: bot.destination.channel, timestamp: ts, name });
  } catch (error) {
    const { message } = failure(error, bot.destination);
    if (!message.includes("already_reacted")) {
      log({ kind: "reaction", channel: bot.destination.name, error: message });
    }
  }
}
