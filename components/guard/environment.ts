import type { GuardSettings } from "../../functions/guard/settings";
import type { StormSettings } from "../../functions/storms/rules";
import type { Settings } from "../../settings";

/** `tocsin:securityGroupGuard`, where it is configured. */
export type GuardSection = NonNullable<Settings["securityGroupGuard"]>;

/** What the guard's functions know of the settings, JSON. */
export function guardVariable({ onTimeout: _, ...guard }: GuardSection): string {
  const settings: GuardSettings = guard;
  return JSON.stringify(settings);
}

/**
 * When a burst of changes by one person or deployment becomes one message, where `tocsin:storm` does not say: findings come one by one, but a deployment can change
 * hundreds of groups in a minute.
 */
const GUARD_STORM: StormSettings = { over: 10, within: "10m" };

/** When changes of security groups become a storm. */
export const stormOf = ({ storm }: Pick<Settings, "storm">): StormSettings => storm ?? GUARD_STORM;
