import type { Message } from "@aws-sdk/client-sqs";
import { cleanLine, clip } from "../functions/message/clean";
import { at, textAt } from "../functions/normalize/read";

/** Why messages rest in a queue, and what they are about. */
export interface Reason {
  readonly reason: string;
  readonly count: number;
  /** Episodes of the first few alerts. */
  readonly episodes: readonly string[];
}

/** Episodes that are named; the others are counted. */
const NAMED = 3;

/** Different reasons that are kept; what comes after them counts as another. */
const KEPT = 20;
/** Longest reason, in characters. */
const LONGEST = 300;

/** Gathers why messages rest, of any number of messages. */
export class Reasons {
  readonly #byText = new Map<string, { count: number; readonly episodes: string[] }>();

  add(message: Message): void {
    const body = parsed(message.Body);
    const text = clip(cleanLine(reasonOf(message, body)), LONGEST);
    const reason = this.#byText.has(text) || this.#byText.size < KEPT ? text : "other reasons";
    const known = this.#byText.get(reason) ?? { count: 0, episodes: [] };
    known.count++;
    const episode = textAt(body, "alert", "episode");
    if (episode !== undefined && known.episodes.length < NAMED && !known.episodes.includes(episode)) {
      known.episodes.push(episode);
    }
    this.#byText.set(reason, known);
  }

  /** The most frequent first. */
  get all(): readonly Reason[] {
    return [...this.#byText]
      .map(([reason, { count, episodes }]) => ({ reason, count, episodes }))
      .toSorted((left, right) => right.count - left.count);
  }
}

function parsed(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? "");
  } catch {
    return undefined;
  }
}

/** Our own word for it, else that of the AWS service that put it there, else what the message is about. */
function reasonOf({ Attributes, MessageAttributes }: Message, body: unknown): string {
  const attribute = (name: string): string | undefined => MessageAttributes?.[name]?.StringValue;
  const service = [attribute("ERROR_CODE"), attribute("ERROR_MESSAGE")].filter(Boolean).join(": ");
  return (
    attribute("error") ??
    (service || textAt(body, "responsePayload", "errorMessage")) ??
    refusedAlert(body) ??
    `tried ${Attributes?.ApproximateReceiveCount ?? "several"} times in vain`
  );
}

/** Of an alert that the workflow parked: which channels did not take it. */
function refusedAlert(body: unknown): string | undefined {
  if (at(body, "alert") === undefined) {
    return undefined;
  }
  const channels = at(body, "channels");
  const names = Array.isArray(channels) ? channels.map((channel) => textAt(channel, "name")).filter(Boolean) : [];
  return names.length === 0 ? "whom to tell could not be found out" : `not delivered to ${names.join(", ")}`;
}
