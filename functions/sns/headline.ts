import type { Alert } from "../alert";
import { clip } from "../message/clean";
import type { MessageContent } from "../message/content";
import type { StormContent } from "../message/storm";
import { counted } from "../message/words";
import { clipPlain, gsmLine, plainLine } from "./plain";

/** Who can read a line, and how long it may be. */
interface Reader {
  readonly limit: number;
  readonly form: (text: string) => string;
  readonly clip: (text: string, limit: number) => string;
}

/** An e-mail's subject. SNS: "less than 100 characters" (https://docs.aws.amazon.com/sns/latest/api/API_Publish.html), and moto takes ASCII only. */
const SUBJECT: Reader = { limit: 99, form: plainLine, clip: clipPlain };
/** One text message; SNS breaks longer ones into several. */
const SMS: Reader = { limit: 140, form: gsmLine, clip: clipPlain };
/** `payload.summary` (https://developer.pagerduty.com/docs/events-api-v2/trigger-events/). */
const SUMMARY: Reader = { limit: 1_024, form: (text) => text, clip };

/** Longest name of an account or resource in a line. */
const LONGEST_NAME = 40;

/** `CRITICAL`, `CRITICAL (reminder)`, `HIGH (escalated from MEDIUM)`: what is not new is marked. */
function severityAndReason({ severity }: MessageContent, { reason, previousSeverity }: Alert): string {
  const from = reason === "escalated" && previousSeverity !== undefined ? ` from ${previousSeverity}` : "";
  return reason === "new" ? severity : `${severity} (${reason}${from})`;
}

/** The first of these texts that has a letter or digit left in the reader's alphabet. */
const readable = (reader: Reader, ...texts: readonly string[]): string =>
  texts.map(reader.form).find((text) => /[\p{L}\p{N}]/u.test(text)) ?? "?";

/** Mark and severity, account, what it is and, where there is room, the resource, in one breath. */
function headline(reader: Reader, content: MessageContent, alert: Alert): string {
  const name = (...texts: readonly string[]): string => reader.clip(readable(reader, ...texts), LONGEST_NAME);
  const { sample, account, title, source, resources } = content;
  const head = `${sample ? "[SAMPLE] " : ""}${severityAndReason(content, alert)} ${name(account.name ?? "", account.id)}: `;
  const what = readable(reader, title, source);
  const [resource] = resources;
  // A title that names the resource already (GuardDuty's do) needs no second mention.
  const tail = resource === undefined || title.includes(resource.name) ? "" : ` (${name(resource.name, resource.id)})`;
  const whole = `${head}${what}${tail}`;
  return whole.length <= reader.limit ? whole : reader.clip(`${head}${what}`, reader.limit);
}

/** Names of accounts that a line has room for. */
const ACCOUNTS_NAMED = 3;

function stormHeadline(reader: Reader, content: StormContent): string {
  const { sample, severity, count, accounts, accountCount, reasons, source } = content;
  const named = accounts.slice(0, ACCOUNTS_NAMED);
  const names = named.map(({ name, id }) => reader.clip(readable(reader, name, id), LONGEST_NAME / 2)).join(", ");
  const more = accountCount > named.length ? ` and ${accountCount - named.length} more` : "";
  const head = `${sample ? "[SAMPLE] " : ""}${severity} storm: ${counted(count, "finding")}`;
  const place = ` in ${names}${more}`;
  // As with one finding, what is not new is marked; where the accounts leave room for it.
  const marked = content.onlyNew ? "" : ` (${reasons})`;
  const why = head.length + marked.length + place.length <= reader.limit ? marked : "";
  return reader.clip(`${head}${why}${place}: ${reader.form(source)}`, reader.limit);
}

/** Subject of an e-mail subscription: one line of ASCII that begins with a letter or a bracket. */
export const snsSubject = (content: MessageContent, alert: Alert): string => headline(SUBJECT, content, alert);
export const stormSubject = (content: StormContent): string => stormHeadline(SUBJECT, content);

/**
 * A text message of one part.
 * @example `CRITICAL (reminder) payments: Security groups should not allow unrestricted access to ports with high risk (sg-0a1b2c3d4e5f60718)`
 */
export const smsText = (content: MessageContent, alert: Alert): string => headline(SMS, content, alert);
export const stormSms = (content: StormContent): string => stormHeadline(SMS, content);

/** What PagerDuty calls the incident. */
export const pagerSummary = (content: MessageContent, alert: Alert): string => headline(SUMMARY, content, alert);
export const stormSummary = (content: StormContent): string => stormHeadline(SUMMARY, content);
