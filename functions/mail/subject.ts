import type { Alert } from "../alert";
import { cleanLine, clip } from "../message/clean";
import type { MessageContent } from "../message/content";
import type { StormContent } from "../message/storm";

/** Longest subject: what mail programs show without folding it away. */
const LONGEST_SUBJECT = 150;
const LONGEST_NAME = 40;
const LONGEST_KIND = 64;

function mark(alert: Alert): string {
  switch (alert.reason) {
    case "new":
      return "";
    case "reminder":
      return "Reminder · ";
    case "escalated":
      return alert.previousSeverity === undefined ? "Escalated · " : `Escalated from ${alert.previousSeverity} · `;
    case "reopened":
      return "Reopened · ";
    case "resolved":
      return "Resolved · ";
  }
}

/**
 * The subject: severity first, so that mail rules and eyes find it, then the account, what it is and the resource.
 * @example `[CRITICAL] payments: Security groups should not allow unrestricted access to ports with high risk (sg-0a1b2c3d4e5f60718)`
 */
export function mailSubject(content: MessageContent, alert: Alert): string {
  const sample = content.sample ? "[SAMPLE] " : "";
  const account = clip(content.account.name ?? content.account.id, LONGEST_NAME);
  const resource = content.resources[0]?.name;
  const more = content.moreResources + content.resources.length - 1;
  const head = `${sample}[${content.severity}] ${mark(alert)}${account}: `;
  // A title that names the resource already (GuardDuty's do) needs no second mention.
  const named = resource === undefined || content.title.includes(resource);
  const tail = named ? "" : ` (${clip(resource, LONGEST_NAME)}${more > 0 ? ` and ${more} more` : ""})`;
  return head + clip(content.title, LONGEST_SUBJECT - head.length - tail.length) + tail;
}

/**
 * The subject of a mail about a storm.
 * @example `[HIGH] Storm: 9,980 findings of EC2.19 in 17 accounts`
 */
export function stormSubject({ sample, severity, count, accountCount, source }: StormContent, alert: Alert): string {
  const kind = clip(cleanLine(alert.storm?.kind ?? ""), LONGEST_KIND) || source;
  const many = (number: number, unit: string): string => `${number.toLocaleString("en-US")} ${unit}${number === 1 ? "" : "s"}`;
  return `${sample ? "[SAMPLE] " : ""}[${severity}] ${mark(alert)}Storm: ${many(count, "finding")} of ${kind} in ${many(accountCount, "account")}`;
}
