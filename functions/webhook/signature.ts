import { createHash } from "node:crypto";
import { Webhook } from "standardwebhooks";

/** What a request is signed with. */
export interface Signing {
  /** Name of the channel. */
  readonly channel: string;
  /** Id of the telling: the same however often it is tried to be delivered. */
  readonly telling: string;
  /** The signing secret, `whsec_` and the key in base64. */
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The fewest bytes of a key that Standard Webhooks allows. */
const SHORTEST_KEY = 24;
const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** The key's owner, or an error that says what is wrong with it, but nothing of it. */
function signer({ channel, secret }: Signing): Webhook {
  const [, key = ""] = SECRET.exec(secret) ?? [];
  if (Buffer.from(key, "base64").length < SHORTEST_KEY) {
    throw new Error(`channel "${channel}": its signing secret has to be whsec_ followed by at least ${SHORTEST_KEY} bytes in base64`);
  }
  return new Webhook(secret);
}

/**
 * The headers that Standard Webhooks asks for (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md). The id stays the same
 * when a message is sent again, so that a receiver can drop what it has.
 */
export function signatureHeaders(signing: Signing, body: string): Record<string, string> {
  const { channel, telling, now } = signing;
  const id = `msg_${createHash("sha256").update(`${channel}\n${telling}`).digest("hex").slice(0, 32)}`;
  const time = new Date(now);
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(now / 1_000)),
    "webhook-signature": signer(signing).sign(id, time, body),
  };
}
