import { type DeployableStack, readStack } from "../sandbox/deployable";
import { parseSettings } from "../settings";

/** Stack `sandbox` with other settings of some sections; `undefined` takes a section away. */
function sandboxWith(sections: Readonly<Record<string, unknown>>): DeployableStack {
  const { name, config } = readStack("sandbox");
  const changed = Object.fromEntries(Object.entries({ ...config, ...sections }).filter(([, value]) => value !== undefined));
  return { name, config: changed, settings: parseSettings(name, changed) };
}

/** What the budgets and the bill are about: each finding is told by itself, by one mail. Other channels cost the same requests; a storm counts each telling, one write. */
export const mailStack = (): DeployableStack =>
  sandboxWith({
    "tocsin:channels": { "soc-mail": { kind: "email", from: "tocsin@example.com", to: ["soc@example.com"] } },
    "tocsin:routes": [{ to: ["soc-mail"] }],
    "tocsin:mutes": undefined,
    "tocsin:storm": undefined,
  });

/** Every function that there is: all kinds of channels, storms and digests. */
export function everythingStack(): DeployableStack {
  const { config } = readStack("sandbox");
  const mail = { kind: "email", from: "tocsin@example.com", to: ["soc@example.com"] };
  return sandboxWith({
    "tocsin:channels": {
      ...(config["tocsin:channels"] as object),
      "bench-mail": mail,
      "bench-slack": { kind: "slack", channel: "C0123456789", secretName: "tocsin/slack" },
      "bench-sns": { kind: "sns", subscriptions: [{ protocol: "sms", endpoint: "+447700900123" }] },
      "bench-teams": { kind: "teams", webhookSecretName: "tocsin/teams" },
      "bench-webhook": {
        kind: "webhook",
        webhookSecretName: "tocsin/webhook",
        signingSecretName: "tocsin/webhook-signing",
        allowedHosts: ["hooks.example.com"],
      },
    },
    "tocsin:routes": [{ to: ["bench-mail"], digest: "daily" }],
    "tocsin:storm": { over: 20, within: "10m" },
  });
}
