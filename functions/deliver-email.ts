import { SESv2Client } from "@aws-sdk/client-sesv2";
import { accepted, type DeliveryAnswer, type DeliveryRequest } from "./accepted";
import type { AlertSettings } from "./alert-settings";
import { optionalJson, required, requiredJson } from "./environment";
import { renderMail } from "./mail/render";
import { type EmailChannel, sendMail } from "./mail/send";
import { messageInput } from "./message/input";
import type { Runbook } from "./routing/runbook";

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
    const messageId = await sendMail({ ses, configurationSet }, channel, mail, {
      // Mails of one episode appear as one conversation.
      References: `<${alert.episode}@${channel.from.split("@").at(-1)}>`,
      "X-Tocsin-Episode": alert.episode,
    });
    return accepted(request, { channelKind: "email", messageId }, settings, now);
  };
}
