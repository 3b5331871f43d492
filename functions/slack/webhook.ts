import { checkedUrl, type post } from "../outgoing/post";
import { Unauthorized } from "../outgoing/with-secret";
import type { SlackMessage } from "./message";
import { type Destination, errorCode, refusal } from "./refusal";

/** Hosts of incoming webhooks; the second one is GovSlack's, whose bots we do not support: their calls go to another host than slack.com. */
const HOSTS = new Set(["hooks.slack.com", "hooks.slack-gov.com"]);
/** How long one attempt may take, in milliseconds. */
const TIMEOUT = 5_000;

/** The body of the request: what is posted, byte by byte. */
export const webhookBody = (message: SlackMessage): string => JSON.stringify(message);

/** Posts to an incoming webhook, which knows its channel and has no threads. */
export async function postToWebhook(send: typeof post, destination: Destination, address: string, body: string): Promise<void> {
  const url = checkedUrl(address, (host) => HOSTS.has(host));
  const { status, text } = await send(url, { headers: { "content-type": "application/json" }, body, timeoutMilliseconds: TIMEOUT });
  if (status === 200) {
    return;
  }
  const told = refusal(destination, errorCode(text));
  throw [401, 403, 404, 410].includes(status) ? new Unauthorized(told) : new Error(told);
}
