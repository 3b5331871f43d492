import { accepted, type DeliveryAnswer, type DeliveryRequest } from "../accepted";
import { messageInput, type Telling } from "../message/input";
import { bodyId } from "../outgoing/body-id";
import type { Secrets } from "../outgoing/secrets";
import { withSecret } from "../outgoing/with-secret";
import { webhookBody, webhookJson } from "./body";
import { type Post, send } from "./send";
import { signatureHeaders } from "./signature";

/** A webhook channel of the settings. */
export interface WebhookChannel {
  /** Secret that holds the URL. */
  readonly webhookSecretName: string;
  /** Secret that holds the signing secret. */
  readonly signingSecretName: string;
  /** Hosts that the URL may have. */
  readonly allowedHosts: readonly string[];
}

/** What delivering to webhooks needs. */
export interface WebhookDelivery extends Telling {
  /** The stack's webhook channels by name. */
  readonly channels: Readonly<Record<string, WebhookChannel>>;
  readonly secrets: Secrets;
  readonly post: Post;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Posts one alert to one webhook, signed. */
export async function deliverToWebhook(delivery: WebhookDelivery, request: DeliveryRequest): Promise<DeliveryAnswer> {
  const { name } = request.channel;
  const channel = delivery.channels[name];
  if (channel === undefined) {
    throw new Error(`there is no webhook channel "${name}"`);
  }
  const { secrets, post, settings } = delivery;
  const now = delivery.now();
  const body = webhookJson(webhookBody(messageInput(request, delivery, now), new Date(now).toISOString()));
  const { telling } = request.alert;
  await withSecret(secrets, channel.webhookSecretName, (url) =>
    withSecret(secrets, channel.signingSecretName, (secret) =>
      send(post, {
        channel: name,
        url,
        isAllowed: (host) => channel.allowedHosts.includes(host),
        headers: signatureHeaders({ channel: name, telling, secret, now }, body),
        body,
      }),
    ),
  );
  return accepted(request, { channelKind: "webhook", messageId: bodyId(body) }, settings, now);
}
