import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { AccountInfo, Alert } from "./alert";
import { type AlertSettings, recordRetention } from "./alert-settings";
import { logDelivery } from "./delivery-log";
import { required, requiredJson } from "./environment";
import { delivery } from "./episodes/changes";
import { nextReminder } from "./episodes/rules";
import { renderMail } from "./mail/render";

/** An e-mail channel of the settings. */
interface EmailChannel {
  readonly from: string;
  readonly to: readonly string[];
}

/** What the workflow "alert" hands to a deliver function. */
interface DeliveryRequest {
  readonly alert: Alert;
  readonly account: AccountInfo;
  readonly channel: { readonly name: string };
}

/** Sends one alert to one e-mail channel, and answers how the episode's record is to be updated. */
export function createHandler(): (request: DeliveryRequest) => Promise<unknown> {
  const channels = requiredJson<Record<string, EmailChannel>>("CHANNELS");
  const settings = requiredJson<AlertSettings>("ALERTS");
  const configurationSet = required("CONFIGURATION_SET");
  const ses = new SESv2Client({});

  return async ({ alert, account, channel: { name } }) => {
    const channel = channels[name];
    if (channel === undefined) {
      throw new Error(`there is no e-mail channel "${name}"`);
    }
    const now = Date.now();
    const { key, telling, finding } = alert;
    const mail = renderMail({ alert, account, period: settings.remind[finding.severity], now: new Date(now).toISOString() });
    const { MessageId } = await ses.send(
      new SendEmailCommand({
        FromEmailAddress: channel.from,
        Destination: { ToAddresses: [...channel.to] },
        ConfigurationSetName: configurationSet,
        Content: {
          Simple: {
            Subject: { Data: mail.subject, Charset: "UTF-8" },
            Body: { Html: { Data: mail.html, Charset: "UTF-8" }, Text: { Data: mail.text, Charset: "UTF-8" } },
            Headers: [
              // Mails of one episode appear as one conversation, and no out-of-office reply answers them.
              { Name: "References", Value: `<${alert.episode}@${channel.from.split("@").at(-1)}>` },
              { Name: "Auto-Submitted", Value: "auto-generated" },
              { Name: "X-Tocsin-Episode", Value: alert.episode },
            ],
          },
        },
      }),
    );
    logDelivery({ alert, account, channel: name, channelKind: "email", messageId: MessageId ?? "" });

    const expires = Math.ceil((now + recordRetention(settings)) / 1000);
    const due = nextReminder(settings, finding.severity, now);
    return {
      messageId: MessageId,
      record: {
        Key: { pk: { S: key } },
        ...delivery(telling, name, new Date(now).toISOString(), due, expires),
      },
    };
  };
}
