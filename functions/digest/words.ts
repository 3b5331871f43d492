import type { Origin } from "../finding";
import { cleanLine, clip } from "../message/clean";
import type { When } from "../routing/route";

const ORIGINS: Readonly<Record<Origin, string>> = {
  securityhub: "Security Hub",
  guardduty: "GuardDuty",
  inspector: "Inspector",
  "security-group": "security-group",
};

/** `a`, `a or b`, `a, b or c`. */
const either = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;

/** Longest condition in words. */
const LONGEST = 200;

/**
 * A condition of the settings in words: `critical or high GuardDuty findings in lab below Sandbox, tagged team=web`.
 * @param rest whether other routes took their part before, so that "all" would promise too much.
 */
export function inWords(when: When = {}, rest = false): string {
  const { severities = [], origins = [], accounts = [], organizationalUnits = [], tags = {}, reasons = [] } = when;
  const tagged = Object.entries(tags).map(([key, value]) => `${key}=${value}`);
  const which = [either(severities).toLowerCase(), either(origins.map((origin) => ORIGINS[origin]))].filter(Boolean).join(" ");
  const where = [
    ...(accounts.length > 0 ? [`in ${either(accounts)}`] : []),
    ...(organizationalUnits.length > 0 ? [`below ${either(organizationalUnits)}`] : []),
    ...(tagged.length > 0 ? [`tagged ${tagged.join(" and ")}`] : []),
    ...(reasons.length > 0 ? [`that are ${either(reasons)}`] : []),
  ].join(", ");
  const all = which === "" && where === "" ? (rest ? "all other" : "all") : which;
  return clip(cleanLine([all, "findings", where].filter(Boolean).join(" ")), LONGEST);
}
