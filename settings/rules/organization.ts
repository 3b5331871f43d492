import { given } from "../fault";
import { type Config, get, type Rule, sizeOf } from "./rule";

const PROVIDERS_LIMIT = 25;
/** Organizational units that one call to StackSets takes: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html */
const UNITS_LIMIT = 50;

/** What ties the settings of the Organization together. */
export const ORGANIZATION_RULES: readonly Rule[] = [
  {
    at: ["aws:region"],
    broken: (region, { config }) => regions(config).length > 0 && typeof region === "string" && !regions(config).includes(region),
    message: (region, { config }) => `${given(region)} is not among tocsin:organization.regions; allowed: ${regions(config).join(", ")}`,
  },
  {
    at: ["tocsin:organization", "securityAccountId"],
    broken: (id, { config }) => id !== undefined && id === get(config, "tocsin:organization", "managementAccountId"),
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
    broken: (arn, { config }) =>
      isTrailArn(arn) && managementAccountId(config) !== undefined && arn.split(":")[4] !== managementAccountId(config),
    message: (arn, { config }) =>
      `${given(arn)} is not of the management account; allowed: a trail of ${managementAccountId(config)}, which owns every organization trail`,
  },
];

const isTrailArn = (value: unknown): value is string => typeof value === "string" && /^arn:[^:]+:cloudtrail:[^:]+:\d{12}:/.test(value);
const managementAccountId = (config: Config): unknown => get(config, "tocsin:organization", "managementAccountId");
const regions = (config: Config): readonly unknown[] => {
  const listed = get(config, "tocsin:organization", "regions");
  return Array.isArray(listed) ? listed : [];
};
