import { type SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { Mail } from "./render";

/** An e-mail channel of the settings. */
export interface EmailChannel {
  readonly from: string;
  readonly to: readonly string[];
}

/** What sends mail. */
export interface MailSender {
  readonly ses: SESv2Client;
  /** Name of the SES configuration set. */
  readonly configurationSet: string;
}

/** Sends a mail to all recipients of a channel, with these headers by name. Answers its message id. */
export async function sendMail(
  { ses, configurationSet }: MailSender,
  { from, to }: EmailChannel,
  { subject, html, text }: Mail,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { MessageId } = await ses.send(
    new SendEmailCommand({
      FromEmailAddress: from,
      Destination: { ToAddresses: [...to] },
      ConfigurationSetName: configurationSet,
      Content: {
        Simple: {
          Subject: { Data: subject, Charset: "UTF-8" },
          Body: { Html: { Data: html, Charset: "UTF-8" }, Text: { Data: text, Charset: "UTF-8" } },
          // No out-of-office reply answers it.
          Headers: Object.entries({ ...headers, "Auto-Submitted": "auto-generated" }).map(([Name, Value]) => ({ Name, Value })),
        },
      },
    }),
  );
  return MessageId ?? "";
}
