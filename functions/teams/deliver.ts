import { accepted, type DeliveryAnswer, type DeliveryRequest, Throttled } from "../accepted";
import { messageInput, type Telling } from "../message/input";
import { bodyId } from "../outgoing/body-id";
import type { Secrets } from "../outgoing/secrets";
import { withSecret } from "../outgoing/with-secret";
import { type Post, send } from "../webhook/send";
import { isTeamsHost } from "./hosts";
import { teamsMessage } from "./message";

/** A channel of Microsoft Teams of the settings. */
export interface TeamsChannel {
  /** Secret that holds the URL of the workflow's webhook. */
  readonly webhookSecretName: string;
}

/** What delivering to Teams needs. */
export interface TeamsDelivery extends Telling {
  /** The stack's Teams channels by name. */
  readonly channels: Readonly<Record<string, TeamsChannel>>;
  readonly secrets: Secrets;
  readonly post: Post;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Posts one alert to one channel of Teams. */
export async function deliverToTeams(delivery: TeamsDelivery, request: DeliveryRequest): Promise<DeliveryAnswer> {
  const { name } = request.channel;
  const channel = delivery.channels[name];
  if (channel === undefined) {
    throw new Error(`there is no Teams channel "${name}"`);
  }
  const { secrets, post, settings } = delivery;
  const now = delivery.now();
  const body = teamsMessage(messageInput(request, delivery, now));
  const { text } = await withSecret(secrets, channel.webhookSecretName, (url) =>
    send(post, { channel: name, url, isAllowed: isTeamsHost, body }),
  );
  assertTaken(name, text);
  return accepted(request, { channelKind: "teams", messageId: bodyId(body) }, settings, now);
}

/**
 * The old connectors answer 200 even when Teams did not take the message, and say so in the text
 * (https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using#rate-limiting-for-connectors).
 */
function assertTaken(name: string, text: string): void {
  const [, status] = /Webhook message delivery failed.*?HTTP error (\d{3})/s.exec(text) ?? [];
  if (status === "429") {
    throw new Throttled(`channel "${name}": Teams asks to slow down`);
  }
  if (status !== undefined) {
    throw new Error(`channel "${name}": Teams answered ${status}`);
  }
}
