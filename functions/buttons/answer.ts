import { setTimeout as pause } from "node:timers/promises";
import { log, messageOf } from "../log";
import { checkedUrl, type post, RefusedUrl } from "../outgoing/post";

/** Hosts that Slack has answers sent to; the second one is GovSlack's. */
const HOSTS = new Set(["hooks.slack.com", "hooks.slack-gov.com"]);
/** How long Slack may take for it, in milliseconds: it wants its own answer within three seconds in all. */
const TIMEOUT = 1_000;

/**
 * Says something to the person who pressed, and to nobody else. Slack shows nothing of the answer to the press itself (https://github.com/slackapi/bolt-js/issues/132), so it
 * goes to the address that came with the press. A nicety: that it failed is logged, no more.
 */
export async function answerPress(send: typeof post, address: string | undefined, text: string, write = log): Promise<void> {
  if (address === undefined) {
    return;
  }
  try {
    const url = checkedUrl(address, (host) => HOSTS.has(host));
    const body = JSON.stringify({ response_type: "ephemeral", replace_original: false, text });
    const sent = send(url, { headers: { "content-type": "application/json" }, body, timeoutMilliseconds: TIMEOUT });
    // Where Slack asks to wait, that would take longer than the person's press may.
    const answer = await Promise.race([sent, pause(TIMEOUT)]);
    if (answer?.status !== 200) {
      write({ kind: "warning", message: `${url.hostname} did not take an answer to a press: ${answer?.status ?? "no answer in time"}` });
    }
  } catch (error) {
    const why = error instanceof RefusedUrl ? "the address that came with the press is none of Slack's" : messageOf(error);
    write({ kind: "warning", message: "an answer to a press was not sent", error: why });
  }
}
