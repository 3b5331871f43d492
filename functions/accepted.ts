import type { AccountInfo, Alert } from "./alert";
import { type AlertSettings, recordRetention } from "./alert-settings";
import { logDelivery } from "./delivery-log";
import { delivery, farewell } from "./episodes/changes";
import { deliveryAtEnd } from "./episodes/closing";
import { nextReminder } from "./episodes/rules";
import type { UpdateExpression } from "./episodes/update-expression";
import { stormDelivery } from "./storms/flush-record";

/** What the workflow "alert" hands to a deliver function. */
export interface DeliveryRequest {
  readonly alert: Alert;
  readonly account: AccountInfo;
  readonly channel: { readonly name: string };
}

/** What a deliver function answers: how the workflow has to update the table. */
export interface DeliveryAnswer {
  readonly messageId: string;
  readonly record: UpdateExpression & { readonly Key: { readonly pk: { readonly S: string } } };
}

/** The channel asks to slow down: the workflow tries again after a while, and parks what it does not get rid of. */
export class Throttled extends Error {
  override readonly name = "Throttled";
}

/** What a channel said to a message. */
export interface Acceptance {
  readonly channelKind: string;
  /** What the service knows the message by; the report joins deliveries by it. */
  readonly messageId: string;
  /** What later messages of the episode can refer to, if the channel can. */
  readonly thread?: string;
}

/** Writes down that a channel accepted a message, and answers how the table has to remember it. */
export function accepted(request: DeliveryRequest, acceptance: Acceptance, settings: AlertSettings, now: number): DeliveryAnswer {
  const { alert, account, channel } = request;
  const { channelKind, messageId, thread } = acceptance;
  logDelivery({ alert, account, channel: channel.name, channelKind, messageId });
  return { messageId, record: { Key: { pk: { S: alert.key } }, ...recorded(request, thread, settings, now) } };
}

function recorded({ alert, channel }: DeliveryRequest, thread: string | undefined, settings: AlertSettings, now: number): UpdateExpression {
  if (alert.storm !== undefined) {
    return stormDelivery(channel.name, now);
  }
  const at = new Date(now).toISOString();
  const message = { channel: channel.name, number: alert.number, at, ...(thread !== undefined && { thread }) };
  if (alert.reason === "resolved") {
    return farewell(message);
  }
  const expires = Math.ceil((now + recordRetention(settings)) / 1000);
  if (alert.finding.state === "inactive") {
    return deliveryAtEnd(alert.telling, message, expires);
  }
  return delivery(alert.telling, message, nextReminder(settings, alert.finding.severity, now), expires);
}
