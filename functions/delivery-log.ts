import type { AccountInfo, Alert } from "./alert";
import { log } from "./log";

/** Writes down that a channel accepted a message, so that "were we told?" can be answered from the log. */
export function logDelivery(delivered: {
  readonly alert: Alert;
  readonly account: AccountInfo;
  readonly channel: string;
  readonly channelKind: string;
  /** What the service answered. */
  readonly messageId: string;
}): void {
  const { alert, account, channel, channelKind, messageId } = delivered;
  const { finding } = alert;
  log({
    kind: "delivery",
    channel,
    channelKind,
    messageId,
    reason: alert.reason,
    episode: alert.episode,
    // The lines of kind "storm" with the same id and channel name all of its findings.
    ...(alert.storm && { storm: alert.episode }),
    findingIds: [finding.id],
    origin: finding.origin,
    severity: finding.severity,
    accountId: account.id,
    accountName: account.name ?? account.id,
    region: finding.region,
    resource: finding.resources[0]?.id ?? "",
    title: finding.title,
  });
}
