import { type Fault, given, notAllowed, pathText } from "./fault";

/**
 * What the form of a single setting cannot say. The rules look at the configuration as it was given, not at what the schema made of it, so that they
 * speak up together with it; whatever has the wrong form they leave to it.
 */
interface Rule {
  /** Where the rule looks; EACH stands for every entry of a list or group. */
  readonly at: readonly (string | typeof EACH)[];
  readonly broken: (value: unknown, config: Config, key: string) => boolean;
  readonly message: (value: unknown, config: Config, key: string) => string;
}
type Config = Readonly<Record<string, unknown>>;
const EACH = Symbol("each");

const PROVIDERS_LIMIT = 25;
/** Organizational units that one call to StackSets takes: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html */
const UNITS_LIMIT = 50;

const RULES: readonly Rule[] = [
  {
    at: ["aws:region"],
    broken: (region, config) => regions(config).length > 0 && typeof region === "string" && !regions(config).includes(region),
    message: (region, config) => `${given(region)} is not among tocsin:organization.regions; allowed: ${regions(config).join(", ")}`,
  },
  {
    at: ["tocsin:organization", "securityAccountId"],
    broken: (id, config) => id !== undefined && id === get(config, "tocsin:organization", "managementAccountId"),
    message: (id) => `${given(id)} is the management account; allowed: another account, to which its tasks are delegated`,
  },
  {
    at: ["tocsin:organization", "forwarding", "accountIds"],
    broken: (ids) => sizeOf(ids) > PROVIDERS_LIMIT,
    message: (ids) =>
      `${sizeOf(ids)} accounts are not allowed with via: providers; allowed: at most ${PROVIDERS_LIMIT}, or any number with via: stackset`,
  },
  {
    at: ["tocsin:organization", "forwarding", "organizationalUnitIds"],
    broken: (ids) => sizeOf(ids) > UNITS_LIMIT,
    message: (ids) =>
      `${sizeOf(ids)} organizational units are not allowed; allowed: at most ${UNITS_LIMIT}: name one above them, or the root`,
  },
  {
    at: ["tocsin:organization", "existingTrail"],
    broken: (arn, config) =>
      isTrailArn(arn) && managementAccountId(config) !== undefined && arn.split(":")[4] !== managementAccountId(config),
    message: (arn, config) =>
      `${given(arn)} is not of the management account; allowed: a trail of ${managementAccountId(config)}, which owns every organization trail`,
  },
  {
    at: ["tocsin:routes", EACH, "to", EACH],
    // Without channels, that they are missing says it all.
    broken: (name, config) => typeof name === "string" && channelNames(config).length > 0 && !channelNames(config).includes(name),
    message: (name, config) => `${notAllowed(name, channelNames(config))} (the names in tocsin:channels)`,
  },
  {
    at: ["tocsin:channels"],
    broken: (channels) => isGroup(channels) && sizeOf(channels) === 0,
    message: () => "no channel is given; allowed: at least one",
  },
  {
    // A channel's name becomes part of resource names.
    at: ["tocsin:channels", EACH],
    broken: (_channel, _config, name) => !/^[a-z][a-z\d-]{0,39}$/.test(name),
    message: (_channel, _config, name) =>
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
  ...(["securityGroupGuard", "incidentResponse"] as const).map((section) => ({
    at: [`tocsin:${section}`, "mode"],
    broken: (mode: unknown, config: Config) => mode === "approve" && config["tocsin:approvals"] === undefined,
    message: () => '"approve" needs tocsin:approvals, which says who may approve',
  })),
];

/** Everything in the configuration that breaks a rule. */
export function brokenRules(config: Config): Fault[] {
  const faults = RULES.flatMap(({ at, broken, message }) =>
    select(config, at)
      .map(({ path, value }) => ({ path, value, key: String(path.at(-1)) }))
      .filter(({ value, key }) => broken(value, config, key))
      .map(({ path, value, key }) => ({ path: pathText(path), message: message(value, config, key) })),
  );
  const sections = Object.entries(config).filter(([key]) => key.startsWith("tocsin:"));
  return [...faults, ...sections.flatMap(([key, value]) => repeated(value, [key]))];
}

/** Entries that a list names twice, in whatever list. */
function repeated(value: unknown, path: readonly PropertyKey[]): Fault[] {
  if (typeof value !== "object" || value === null) return [];
  const twice = Array.isArray(value)
    ? value.flatMap((entry: unknown, index) =>
        typeof entry !== "object" && value.indexOf(entry) < index
          ? [{ path: pathText([...path, index]), message: `${given(entry)} is listed twice; allowed: each once` }]
          : [],
      )
    : [];
  return [...twice, ...entries(value).flatMap(([key, entry]) => repeated(entry, [...path, key]))];
}

function select(value: unknown, at: Rule["at"], path: readonly PropertyKey[] = []): { path: readonly PropertyKey[]; value: unknown }[] {
  const [step, ...rest] = at;
  if (step === undefined) return value === undefined ? [] : [{ path, value }];
  if (typeof value !== "object" || value === null) return [];
  return entries(value)
    .filter(([key]) => step === EACH || step === key)
    .flatMap(([key, entry]) => select(entry, rest, [...path, key]));
}

const entries = (value: object): [PropertyKey, unknown][] => (Array.isArray(value) ? [...value.entries()] : Object.entries(value));
const isGroup = (value: unknown): value is Config => typeof value === "object" && value !== null && !Array.isArray(value);
const has = (value: unknown, key: string): boolean => isGroup(value) && value[key] !== undefined;
const get = (value: unknown, ...keys: string[]): unknown => keys.reduce((part, key) => (isGroup(part) ? part[key] : undefined), value);
const sizeOf = (value: unknown): number => (typeof value === "object" && value !== null ? Object.keys(value).length : 0);
const isTrailArn = (value: unknown): value is string => typeof value === "string" && /^arn:[^:]+:cloudtrail:[^:]+:\d{12}:/.test(value);
const managementAccountId = (config: Config): unknown => get(config, "tocsin:organization", "managementAccountId");
const isSlack = (channel: unknown): boolean => isGroup(channel) && channel.kind === "slack";
const channelNames = (config: Config): string[] => Object.keys((isGroup(config["tocsin:channels"]) && config["tocsin:channels"]) || {});
const regions = (config: Config): readonly unknown[] => {
  const listed = get(config, "tocsin:organization", "regions");
  return Array.isArray(listed) ? listed : [];
};
