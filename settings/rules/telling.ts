import { given, notAllowed } from "../fault";
import { moment } from "../forms";
import { type Config, type Context, EACH, get, isGroup, type Rule, sizeOf } from "./rule";

const DAY = 86_400_000;
/** What has to be quiet for longer is no exception any more: it belongs in tocsin:alerts. */
const LONGEST_MUTE = 90 * DAY;

/** What ties the settings together that say who is told of what. */
export const TELLING_RULES: readonly Rule[] = [
  {
    at: ["tocsin:routes", EACH, "to", EACH],
    // Without channels, that they are missing says it all.
    broken: (name, { config }) => typeof name === "string" && channelNames(config).length > 0 && !channelNames(config).includes(name),
    message: (name, { config }) => `${notAllowed(name, channelNames(config))} (the names in tocsin:channels)`,
  },
  {
    at: ["tocsin:routes", EACH],
    broken: (route, { config }) => {
      const to = channelsOf(route, config);
      return get(route, "digest") !== undefined && to !== undefined && !to.some((channel) => get(channel, "kind") === "email");
    },
    message: () => "digest needs an e-mail channel to be sent to; allowed: digest on a route with a channel of kind email in to",
  },
  {
    at: ["tocsin:mutes", EACH, "when"],
    broken: (when) => isGroup(when) && sizeOf(when) === 0,
    message: () => "an empty when would mute everything; allowed: a when that names what is muted",
  },
  {
    at: ["tocsin:mutes", EACH, "expires"],
    broken: (expires, { now }) => moment.safeParse(expires).success && Date.parse(String(expires)) > now + LONGEST_MUTE,
    message: (expires, { now }) =>
      `${given(expires)} is more than 90 days ahead; allowed: at the latest ${new Date(now + LONGEST_MUTE).toISOString()}`,
  },
  ...(["securityGroupGuard", "incidentResponse"] as const).map((section) => ({
    at: [`tocsin:${section}`, "mode"],
    broken: (mode: unknown, { config }: Context) => mode === "approve" && config["tocsin:approvals"] === undefined,
    message: () => '"approve" needs tocsin:approvals, which says who may approve',
  })),
  ...(["securityGroupGuard", "incidentResponse"] as const).map((section) => ({
    at: [`tocsin:${section}`, "mode"],
    broken: (mode: unknown, { config }: Context) =>
      mode === "approve" && !channelNames(config).some((name) => get(config, "tocsin:channels", name, "kind") === "slack"),
    message: () => '"approve" needs a channel of kind slack, where the buttons are',
  })),
  {
    at: ["tocsin:approvals", "identities", EACH],
    broken: (_names, { config, key }) => !approvers(config).includes(key),
    message: (_names, { config, key }) => `${given(key)} is no approver; allowed: ${approvers(config).join(", ")} (approvers)`,
  },
];

const approvers = (config: Config): readonly unknown[] => {
  const listed = get(config, "tocsin:approvals", "approvers");
  return Array.isArray(listed) ? listed : [];
};

const channelNames = (config: Config): string[] => Object.keys((isGroup(config["tocsin:channels"]) && config["tocsin:channels"]) || {});

/** The channels that a route leads to; undefined if one of them does not exist, which is a fault of its own. */
function channelsOf(route: unknown, config: Config): readonly unknown[] | undefined {
  const to = get(route, "to");
  const channels = Array.isArray(to) ? to.map((name) => get(config, "tocsin:channels", String(name))) : [undefined];
  return channels.includes(undefined) ? undefined : channels;
}
