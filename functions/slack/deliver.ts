import { accepted, type DeliveryAnswer, type DeliveryRequest } from "../accepted";
import { messageInput, type Telling } from "../message/input";
import { bodyId } from "../outgoing/body-id";
import type { post } from "../outgoing/post";
import type { Secrets } from "../outgoing/secrets";
import { withSecret } from "../outgoing/with-secret";
import { type Connect, endOfDelivery, postAsBot, react, rewrite, ThreadGone } from "./bot";
import { renderFirst, renderSlack } from "./render";
import { postToWebhook, webhookBody } from "./webhook";

/** A Slack channel of the settings: a bot's, with the channel's id, or an incoming webhook's. */
export interface SlackChannel {
  readonly channel?: string;
  /** Secret that holds the bot token. */
  readonly secretName?: string;
  /** Secret that holds the webhook's URL. */
  readonly webhookSecretName?: string;
}

/** What delivering to Slack needs. */
export interface SlackDelivery extends Telling {
  /** The stack's Slack channels by name. */
  readonly channels: Readonly<Record<string, SlackChannel>>;
  readonly secrets: Secrets;
  readonly connect: Connect;
  readonly post: typeof post;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Puts a message of one alert into one Slack channel. */
export async function deliverToSlack(delivery: SlackDelivery, request: DeliveryRequest): Promise<DeliveryAnswer> {
  const { name } = request.channel;
  const { channel, secretName, webhookSecretName } = delivery.channels[name] ?? {};
  if (channel !== undefined && secretName !== undefined) {
    return asBot(delivery, request, { name, channel, secretName });
  }
  if (webhookSecretName !== undefined) {
    return byWebhook(delivery, request, { name, secretName: webhookSecretName });
  }
  throw new Error(`there is no Slack channel "${name}"`);
}

type BotDestination = { readonly name: string; readonly channel: string; readonly secretName: string };

/** What repeats an episode answers in the thread of its first message. */
async function asBot(delivery: SlackDelivery, request: DeliveryRequest, destination: BotDestination): Promise<DeliveryAnswer> {
  const { secrets, connect, settings } = delivery;
  const { alert } = request;
  const now = delivery.now();
  const input = messageInput(request, delivery, now);
  const thread = alert.told[destination.name]?.thread;
  const end = endOfDelivery();
  return withSecret(secrets, destination.secretName, async (token) => {
    const bot = { destination, token, connect, end };
    if (alert.replaces === true && thread !== undefined) {
      // Before the reply: doing it again changes nothing, and buttons that no longer work go first.
      await rewrite(bot, thread, renderFirst(input));
    }
    const alone = () => postAsBot(bot, { message: renderSlack({ ...input, inThread: false, pressable: true }) });
    const inThread = (ts: string) =>
      postAsBot(bot, { message: renderSlack({ ...input, inThread: true }), thread: ts, broadcast: alert.reason === "escalated" });
    const { ts, root } =
      thread === undefined
        ? await alone().then((ts) => ({ ts, root: ts }))
        : await inThread(thread)
            .then((ts) => ({ ts, root: thread }))
            // Somebody deleted the first message: what there is to say needs a new one.
            .catch(async (error: unknown) => {
              if (!(error instanceof ThreadGone)) throw error;
              const ts = await alone();
              return { ts, root: ts };
            });
    // From here on the message is out: nothing may fail any more.
    if (alert.reason === "resolved" && root === thread) {
      await react(bot, root, "white_check_mark");
    }
    return accepted(request, { channelKind: "slack", messageId: `${destination.channel}/${ts}`, thread: root }, settings, now);
  });
}

async function byWebhook(
  delivery: SlackDelivery,
  request: DeliveryRequest,
  destination: { readonly name: string; readonly secretName: string },
): Promise<DeliveryAnswer> {
  const now = delivery.now();
  const body = webhookBody(renderSlack({ ...messageInput(request, delivery, now), inThread: false }));
  await withSecret(delivery.secrets, destination.secretName, (url) => postToWebhook(delivery.post, destination, url, body));
  return accepted(request, { channelKind: "slack", messageId: bodyId(body) }, delivery.settings, now);
}
