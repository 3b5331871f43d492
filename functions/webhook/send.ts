import { type Answer, checkedUrl, type Outgoing } from "../outgoing/post";
import { Unauthorized } from "../outgoing/with-secret";

/** Posts to a checked address; `post` of ../outgoing/post. */
export type Post = (url: URL, outgoing: Outgoing) => Promise<Answer>;

/** How long one attempt may take, in milliseconds. With the ten seconds that `post` waits when asked to, and once more for a rotated secret, it all ends within the function's 30. */
const TIMEOUT = 5_000;

/** Answers of somebody who does not know the address or the signature: both may have been rotated. */
const UNKNOWN_HERE = [401, 403, 404, 410];

/** A request to a webhook. */
export interface Delivery {
  /** Name of the channel, for messages. */
  readonly channel: string;
  /** The secret's value. */
  readonly url: string;
  readonly isAllowed: (host: string) => boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/**
 * Sends to a webhook whose address is a secret. Errors name the channel, because somebody has to mend it, and of the address no more than the host.
 * @throws Unauthorized where the secret may be an old one, RefusedUrl where it is not an address to send to, Throttled where the other side wants more time than
 * there is, an Error for any other answer than 2xx.
 */
export async function send(post: Post, delivery: Delivery): Promise<Answer> {
  try {
    return await attempt(post, delivery);
  } catch (error) {
    if (error instanceof Error) {
      error.message = `channel "${delivery.channel}": ${error.message}`;
    }
    throw error;
  }
}

async function attempt(post: Post, { url, isAllowed, headers, body }: Delivery): Promise<Answer> {
  const address = checkedUrl(url, isAllowed);
  const answer = await post(address, {
    headers: { "content-type": "application/json", "user-agent": "tocsin", ...headers },
    body,
    timeoutMilliseconds: TIMEOUT,
  });
  const { status } = answer;
  if (UNKNOWN_HERE.includes(status)) {
    throw new Unauthorized(`${address.hostname} answered ${status}`);
  }
  if (status < 200 || status > 299) {
    throw new Error(`${address.hostname} answered ${status}`);
  }
  return answer;
}
