import type { AccountInfo, Alert } from "./alert";
import { type AlertSettings, recordRetention } from "./alert-settings";
import { logDelivery } from "./delivery-log";
import { isoAfter } from "./duration";
import { delivery, deliveryAmong, farewell, settlement } from "./episodes/changes";
import { deliveryAtEnd, settlementAtEnd } from "./episodes/closing";
import { LEASE } from "./episodes/lease";
import { nextReminder } from "./episodes/rules";
import type { UpdateExpression } from "./episodes/update-expression";
import { stormDelivery } from "./storms/flush-record";

/** What the workflow "alert" hands to a deliver function. */
export interface DeliveryRequest {
  readonly alert: Alert;
  readonly account: AccountInfo;
  readonly channel: { readonly name: string };
  /** How many channels the workflow tells of it. Default: this one. */
  readonly of?: number;
  /** Whether the message waited in the queue of undelivered ones. Default: no. */
  readonly parked?: boolean;
}

/** How the table remembers a message. */
interface Recorded extends UpdateExpression {
  /** How it remembers that each channel of the telling was told or waits in the queue, where this one is not the only one. */
  readonly settle?: UpdateExpression;
}

/** What a deliver function answers: how the workflow has to update the table. */
export interface DeliveryAnswer {
  readonly messageId: string;
  readonly record: Recorded & { readonly Key: { readonly pk: { readonly S: string } } };
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

function recorded(request: DeliveryRequest, thread: string | undefined, settings: AlertSettings, now: number): Recorded {
  const { alert, channel, of = 1, parked = false } = request;
  const { telling, number, finding } = alert;
  if (alert.storm !== undefined) {
    return stormDelivery(channel.name, now);
  }
  const at = new Date(now).toISOString();
  const message = { channel: channel.name, number, at, ...(thread !== undefined && { thread }) };
  if (alert.reason === "resolved") {
    return farewell(message);
  }
  const expires = Math.ceil((now + recordRetention(settings)) / 1000);
  const over = finding.state === "inactive";
  const due = nextReminder(settings, finding.severity, now);
  // The usual case costs one write. What comes from the queue may have been one of several.
  if (of === 1 && !parked) {
    return over ? deliveryAtEnd(telling, message, expires) : delivery(telling, message, due, expires);
  }
  return {
    ...deliveryAmong(telling, { ...message, resolved: over }, isoAfter(now, LEASE), expires),
    settle: over ? settlementAtEnd(telling, at, parked) : settlement(telling, due, parked),
  };
}
