import { createHash } from "node:crypto";
import type { Settings } from "../settings";

/** What is drawn at random elsewhere: the same in each run, and another one for each secret. */
const drawn = (name: string): Buffer => createHash("sha512").update(`secret ${name}`).digest();
const letters = (name: string, length: number): string =>
  drawn(name)
    .toString("base64")
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .slice(0, length);

/** Values of the forms that the services issue. Nothing outside the sandbox takes them. */
const botToken = (name: string): string => `xoxb-sandbox-${letters(name, 24)}`;
const slackWebhook = (name: string): string => `https://hooks.slack.com/services/T0000000000/B0000000000/${letters(name, 24)}`;
const teamsWorkflow = (name: string): string =>
  `https://prod-00.westeurope.logic.azure.com/workflows/${drawn(name).toString("hex", 0, 16)}/triggers/manual/paths/invoke` +
  `?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=${letters(name, 43)}`;
const webhook = (name: string, host: string): string => `https://${host}/tocsin/${letters(name, 24)}`;
const signingKey = (name: string): string => `whsec_${drawn(name).toString("base64", 0, 32)}`;

/** A value for each secret that the settings name, of the form that its user expects. */
export function plantedSecrets({ channels, approvals }: Pick<Settings, "channels" | "approvals">): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  const plant = (name: string | undefined, formOf: (name: string) => string): void => {
    if (name !== undefined && !secrets.has(name)) {
      secrets.set(name, formOf(name));
    }
  };
  for (const channel of Object.values(channels)) {
    switch (channel.kind) {
      case "slack":
        plant(channel.secretName, botToken);
        plant(channel.webhookSecretName, slackWebhook);
        break;
      case "teams":
        plant(channel.webhookSecretName, teamsWorkflow);
        break;
      case "webhook":
        plant(channel.webhookSecretName, (name) => webhook(name, channel.allowedHosts[0] ?? "localhost"));
        plant(channel.signingSecretName, signingKey);
        break;
    }
  }
  plant(approvals?.signingSecretName, (name) => drawn(name).toString("hex", 0, 16));
  return secrets;
}
