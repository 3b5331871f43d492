import { given } from "../fault";
import { EACH, get, has, isGroup, type Rule, sizeOf } from "./rule";

/** What ties the settings of a channel together. */
export const CHANNEL_RULES: readonly Rule[] = [
  {
    at: ["tocsin:channels"],
    broken: (channels) => isGroup(channels) && sizeOf(channels) === 0,
    message: () => "no channel is given; allowed: at least one",
  },
  {
    // A channel's name becomes part of resource names.
    at: ["tocsin:channels", EACH],
    broken: (_channel, { key: name }) => !/^[a-z][a-z\d-]{0,39}$/.test(name),
    message: (_channel, { key: name }) =>
      `${given(name)} is not allowed as a name; allowed: up to 40 lower-case letters, digits and -, the first one a letter`,
  },
  {
    at: ["tocsin:channels", EACH],
    broken: (channel) => isSlack(channel) && has(channel, "secretName") === has(channel, "webhookSecretName"),
    message: (channel) =>
      `${has(channel, "secretName") ? "both secretName and webhookSecretName are given" : "neither secretName nor webhookSecretName is given"}; ` +
      "allowed: secretName for a bot token, or webhookSecretName for an incoming webhook",
  },
  {
    at: ["tocsin:channels", EACH],
    broken: (channel) => isSlack(channel) && has(channel, "secretName") && !has(channel, "channel"),
    message: () => "secretName without channel: a bot token does not say where to write; add the channel's id",
  },
  {
    at: ["tocsin:channels", EACH],
    broken: (channel) => has(channel, "signingSecretName") && get(channel, "signingSecretName") === get(channel, "webhookSecretName"),
    message: (channel) =>
      `webhookSecretName and signingSecretName are both ${given(get(channel, "signingSecretName"))}; allowed: a secret each, as each holds one value`,
  },
];

const isSlack = (channel: unknown): boolean => isGroup(channel) && channel.kind === "slack";
