import type { DeliveryRequest } from "../accepted";
import type { AlertSettings } from "../alert-settings";
import { type Runbook, runbookFor } from "../routing/runbook";
import type { MessageInput } from "./content";

/** What the settings say that messages depend on. */
export interface Telling {
  readonly settings: AlertSettings;
  /** The team's own instructions. */
  readonly runbooks: readonly Runbook[];
}

/**
 * What the message of a request is made of.
 * @param now milliseconds since the epoch.
 */
export function messageInput(
  { alert, account }: Omit<DeliveryRequest, "channel">,
  { settings, runbooks }: Telling,
  now: number,
): MessageInput {
  const { finding, reason } = alert;
  const runbook = runbookFor(runbooks, { finding, account, reason });
  return {
    alert,
    account,
    period: settings.remind[finding.severity],
    now: new Date(now).toISOString(),
    ...(runbook !== undefined && { runbook }),
  };
}
