import type { Resolves } from "../../functions/routing/resolved";
import type { Channel, Settings } from "../../settings";

/** Kind of a channel, for example `slack`. */
export type ChannelKind = Channel["kind"];

/** A channel of a kind. */
export type ChannelOf<Kind extends ChannelKind> = Extract<Channel, { kind: Kind }>;

/** The channels of a kind by name, as the settings list them. */
export const channelsOf = <Kind extends ChannelKind>({ channels }: Pick<Settings, "channels">, kind: Kind): [string, ChannelOf<Kind>][] =>
  Object.entries(channels).filter((entry): entry is [string, ChannelOf<Kind>] => entry[1].kind === kind);

/** The kind of every channel, by its name. */
export const kindsByName = ({ channels }: Pick<Settings, "channels">): Readonly<Record<string, ChannelKind>> =>
  Object.fromEntries(Object.entries(channels).map(([name, { kind }]) => [name, kind]));

/** Who hears that an episode is over. */
export const resolvesOf = ({ channels, routes }: Pick<Settings, "channels" | "routes">): Resolves => ({
  channels: Object.entries(channels).flatMap(([name, channel]) => (canResolve(channel) ? [name] : [])),
  routed: routes.some(({ when }) => when?.reasons?.includes("resolved")),
});

/** Whether a channel can use the news that an episode is over: by closing an incident or marking a message, not by one more text to read. */
function canResolve(channel: Channel): boolean {
  switch (channel.kind) {
    case "email":
      return false;
    case "sns":
      return channel.subscriptions.some(({ protocol }) => protocol === "https" || protocol === "sqs");
    default:
      return true;
  }
}

/** E-mail addresses that hear of alarms: whoever reads the alerts also hears when there are none because tocsin is in trouble. Each once. */
export const alarmAddresses = (settings: Pick<Settings, "channels">): string[] => [
  ...new Set([
    ...channelsOf(settings, "email").flatMap(([, { to }]) => to),
    ...channelsOf(settings, "sns").flatMap(([, { subscriptions }]) =>
      subscriptions.flatMap(({ protocol, endpoint }) => (protocol === "email" ? [endpoint] : [])),
    ),
  ]),
];

/** The secrets that channels of a kind need, each once. */
export const secretsOf = (settings: Pick<Settings, "channels">, kind: ChannelKind): string[] => [
  ...new Set(channelsOf(settings, kind).flatMap(([, channel]) => secretNames(channel))),
];

function secretNames(channel: Channel): string[] {
  switch (channel.kind) {
    case "slack":
      return [channel.secretName, channel.webhookSecretName].filter((name) => name !== undefined);
    case "teams":
      return [channel.webhookSecretName];
    case "webhook":
      return [channel.webhookSecretName, channel.signingSecretName];
    default:
      return [];
  }
}

/** The sender addresses of the e-mail channels. */
export const sendersOf = (settings: Pick<Settings, "channels">): string[] => channelsOf(settings, "email").map(([, { from }]) => from);

/** The channels of a kind by name, as the settings have them, for a function that knows its kind. */
export const withoutKind = (settings: Pick<Settings, "channels">, wanted: ChannelKind): Readonly<Record<string, object>> =>
  Object.fromEntries(channelsOf(settings, wanted).map(([name, { kind: _, ...channel }]) => [name, channel]));
