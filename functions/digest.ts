import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SESv2Client } from "@aws-sdk/client-sesv2";
import { sendDigests } from "./digest/run";
import type { DigestRoute } from "./digest/subscriptions";
import { DigestTable } from "./digest/table";
import { required, requiredJson } from "./environment";
import { log } from "./log";
import type { Mail } from "./mail/render";
import { type EmailChannel, sendMail } from "./mail/send";
import type { Mute } from "./mutes/mutes";
import { scheduled } from "./timed/run";

/** The daily schedule: sends the e-mail channels of routes with a digest what is open, new and resolved there. */
export function createHandler() {
  const channels = requiredJson<Record<string, EmailChannel>>("CHANNELS");
  const routes = requiredJson<readonly DigestRoute[]>("ROUTES");
  const mutes = JSON.parse(process.env.MUTES ?? "[]") as readonly Mute[];
  const configurationSet = required("CONFIGURATION_SET");
  const table = new DigestTable(new DynamoDBClient({}), required("TABLE_NAME"));
  // A digest has time: what SES throttles or fails at is tried for minutes rather than a day later.
  const ses = new SESv2Client({ retryMode: "adaptive", maxAttempts: 10 });

  const send = (name: string, mail: Mail): Promise<string> => sendMail({ ses, configurationSet }, channels[name] as EmailChannel, mail);
  return scheduled("digest", () =>
    sendDigests({ routes, isEmail: (name) => Object.hasOwn(channels, name), mutes, table, send, now: Date.now, log }),
  );
}
