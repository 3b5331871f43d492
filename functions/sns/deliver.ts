import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import { accepted, type DeliveryAnswer, type DeliveryRequest, Throttled } from "../accepted";
import { messageInput, type Telling } from "../message/input";
import { publication, type SnsChannel } from "./publication";

/** What delivering to SNS needs. */
export interface SnsDelivery extends Telling {
  /** The stack's SNS channels by name. */
  readonly channels: Readonly<Record<string, SnsChannel>>;
  readonly sns: Pick<SNSClient, "send">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** SNS has several names for "slow down" (ThrottledException, KMSThrottlingException, …). */
const asksToSlowDown = (error: unknown): error is Error =>
  error instanceof Error &&
  (/throttl/i.test(error.name) ||
    (error as { readonly $metadata?: { readonly httpStatusCode?: number } }).$metadata?.httpStatusCode === 429);

/**
 * Publishes one alert on the topic of one channel.
 * @throws Throttled where SNS asks to slow down; everything else that SNS throws is passed on.
 */
export async function deliverToSns(delivery: SnsDelivery, request: DeliveryRequest): Promise<DeliveryAnswer> {
  const { name } = request.channel;
  const channel = delivery.channels[name];
  if (channel === undefined) {
    throw new Error(`there is no SNS channel "${name}"`);
  }
  const now = delivery.now();
  try {
    const { MessageId } = await delivery.sns.send(new PublishCommand(publication(messageInput(request, delivery, now), channel)));
    return accepted(request, { channelKind: "sns", messageId: MessageId ?? "" }, delivery.settings, now);
  } catch (error) {
    throw asksToSlowDown(error) ? new Throttled(`SNS: ${error.name}: ${error.message}`) : error;
  }
}
