import type { Settings } from "../../settings";
import { Outside, type OutsideParts } from "./server";
import type { ReadSecret } from "./service";
import { slackApi } from "./slack/api";
import { slackWebhooks } from "./slack/webhook";
import { teamsWorkflows } from "./teams";
import { webhookReceivers } from "./webhook";

export type { Outside } from "./server";

export interface OutsideOptions extends Pick<OutsideParts, "faultOf" | "note"> {
  /** What the settings say of Slack, Teams and webhooks decides what there is: workspace channels, hosts, and which secrets count. */
  readonly channels: Settings["channels"];
  /** Reads a secret as it is now: one that is rotated is the only right one from then on. */
  readonly secret: ReadSecret;
  /** Virtual time, milliseconds since the epoch. */
  readonly now: () => number;
}

/** Starts the receivers of what functions send to the internet. */
export async function startOutside({ channels, secret, now, faultOf, note }: OutsideOptions): Promise<Outside> {
  const all = Object.values(channels);
  const slack = all.filter((channel) => channel.kind === "slack");
  const values = (names: readonly (string | undefined)[]) => async (): Promise<readonly string[]> => {
    const found = await Promise.all([...new Set(names)].map((name) => name && secret(name)));
    return found.filter((value): value is string => value !== undefined && value !== "");
  };
  const outside = new Outside({
    services: [
      slackApi({
        channels: new Set(slack.flatMap(({ channel }) => channel ?? [])),
        tokens: values(slack.map(({ secretName }) => secretName)),
        now,
      }),
      slackWebhooks({ urls: values(slack.map(({ webhookSecretName }) => webhookSecretName)), now }),
      teamsWorkflows(values(all.map((channel) => (channel.kind === "teams" ? channel.webhookSecretName : undefined)))),
      webhookReceivers(
        all.filter((channel) => channel.kind === "webhook"),
        secret,
        now,
      ),
    ],
    faultOf,
    note,
  });
  await outside.listen();
  return outside;
}
