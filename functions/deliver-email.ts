import { SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import { accepted, type DeliveryAnswer, type DeliveryRequest } from "./accepted";
import type { AlertSettings } from "./alert-settings";
import { optionalJson, required, requiredJson } from "./environment";
import { renderMail } from "./mail/render";
import { messageInput } from "./message/input";
import type { Runbook } from "./routing/runbook";

/** An e-mail channel of the settings. */
interface EmailChannel {
  readonly from: string;
  readonly to: readonly string[];
}

/** Sends one alert to one e-mail channel, and answers how the episode's record is to be updated. */
export function createHandler(): (request: DeliveryRequest) => Promise<DeliveryAnswer> {
  const channels = requiredJson<Record<string, EmailChannel>>("CHANNELS");
  const settings = requiredJson<AlertSettings>("ALERTS");
  const runbooks = optionalJson<readonly Runbook[]>("RUNBOOKS", []);
  const configurationSet = required("CONFIGURATION_SET");
  const ses = new SESv2Client({});

  return async (request) => {
    const { alert } = request;
    const { name } = request.channel;
    const channel = channels[name];
    if (channel === undefined) {
      throw new Error(`there is no e-mail channel "${name}"`);
    }
    const now = Date.now();
    const mail = renderMail(messageInput(request, { settings, runbooks }, now));
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
    return accepted(request, { channelKind: "email", messageId: MessageId ?? "" }, settings, now);
  };
}
