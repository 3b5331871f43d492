import type { AccountInfo, Alert, StormSummary } from "../alert";
import type { Finding } from "../finding";
import { httpsLink } from "../message/clean";
import type { MessageInput } from "../message/content";

/**
 * What a webhook channel is sent. Version 1: fields may be added, none of these changes or goes. All texts in `finding` and `storm` come from events, and
 * attackers choose some of them: whoever shows them escapes them.
 */
export interface WebhookBody {
  readonly version: 1;
  /** `alert`: one finding. `resolved`: its episode is over. `storm`: many findings of one kind, of which `finding` is the gravest. */
  readonly type: "alert" | "resolved" | "storm";
  /** Why it is sent: `new`, `reminder`, `escalated`, `reopened` or `resolved`. */
  readonly reason: Alert["reason"];
  /** The same for all that is told of a problem until it is over. */
  readonly episode: string;
  readonly finding: Finding;
  readonly account: AccountInfo;
  /** Severity that was told before, if it was escalated. */
  readonly previousSeverity?: Finding["severity"];
  /** When people were last told, if it is a reminder (ISO 8601). */
  readonly lastDelivery?: string;
  /** Why the episode is over, if it is. */
  readonly ending?: Alert["ending"];
  /** What became of it, if tocsin or somebody did something about it. */
  readonly outcome?: string;
  readonly storm?: StormSummary;
  /** Links; https or absent. */
  readonly console?: string;
  readonly runbook?: string;
  /** When this was sent (ISO 8601). */
  readonly sentAt: string;
}

const typeOf = ({ storm, reason }: Alert): WebhookBody["type"] =>
  storm !== undefined ? "storm" : reason === "resolved" ? "resolved" : "alert";

/** What is sent about an alert. */
export function webhookBody({ alert, account, runbook }: MessageInput, sentAt: string): WebhookBody {
  const { reason, episode, finding, previousSeverity, lastDelivery, ending, outcome, storm } = alert;
  return {
    version: 1,
    type: typeOf(alert),
    reason,
    episode,
    finding,
    account,
    previousSeverity,
    lastDelivery,
    ending,
    outcome,
    storm,
    console: httpsLink(finding.consoleUrl),
    runbook: httpsLink(runbook) ?? httpsLink(finding.remediation.url),
    sentAt,
  };
}

/**
 * As JSON in ASCII. Signatures are made of bytes, and nothing on the way can read these in two ways; nor is there anything in them that a browser or a terminal
 * takes for more than text.
 */
export const webhookJson = (body: WebhookBody): string =>
  JSON.stringify(body).replace(/[<>&\u007F-\uFFFF]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
