import { type MessageInput, messageContent } from "../message/content";
import { stormContent } from "../message/storm";
import { htmlPart } from "./page";
import { stormHtml } from "./storm-part";
import { stormText } from "./storm-text";
import { mailSubject, stormSubject } from "./subject";
import { textPart } from "./text-part";

export type { MessageInput } from "../message/content";

/** A mail as SES takes it. */
export interface Mail {
  /** One line without control characters, at most 150 characters. */
  readonly subject: string;
  /** Less than 90 KB of UTF-8. */
  readonly html: string;
  readonly text: string;
}

/** The mail of an alert. Pure: the same input makes the same mail. */
export function renderMail(input: MessageInput): Mail {
  const { storm } = input.alert;
  const content = messageContent(input);
  if (storm !== undefined) {
    const mail = { storm: stormContent({ alert: input.alert, storm }, storm.findings.length), advice: content };
    const subject = stormSubject(mail.storm, input.alert);
    return { subject, html: stormHtml(mail, subject), text: stormText(mail) };
  }
  const subject = mailSubject(content, input.alert);
  return { subject, html: htmlPart(content, subject), text: textPart(content) };
}
