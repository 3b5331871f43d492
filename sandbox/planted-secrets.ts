import type { Settings } from "../settings";

/** A value for each secret that the settings name, of the form that its user expects. Nothing outside the sandbox takes them. */
export function plantedSecrets({ channels, approvals }: Pick<Settings, "channels" | "approvals">): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  for (const channel of Object.values(channels)) {
    if (channel.kind === "slack" && channel.secretName !== undefined) {
      secrets.set(channel.secretName, "xoxb-sandbox");
    }
    if (channel.kind === "slack" && channel.webhookSecretName !== undefined) {
      secrets.set(channel.webhookSecretName, "https://hooks.slack.com/services/T00000000/B00000000/sandbox");
    }
  }
  if (approvals !== undefined) {
    secrets.set(approvals.signingSecretName, "00000000000000000000000000000000");
  }
  return secrets;
}
