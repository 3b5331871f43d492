import type { Origin, Severity } from "../functions/finding";
import type { Settings } from "../settings";
import { type Class, fitsClass, letIn, namedUnits, tellReasons, waysThrough } from "./classes";
import type { Fault } from "./fault";

type Told = Pick<Settings, "alerts" | "routes" | "securityGroupGuard">;

/** Classes that reach no channel for the same reasons and in the same accounts. */
interface Gap {
  readonly severity: Severity;
  readonly origin: Origin;
  /** As a sentence ends: the reasons, empty if it is all of them. */
  readonly reasons: string;
  /** As a sentence goes on: the accounts, empty if it is all of them. */
  readonly accounts: string;
}

const and = new Intl.ListFormat("en-GB", { type: "conjunction" });
const joined = (values: Iterable<string>): string => and.format(new Set(values));

/**
 * What the settings let in and no route certainly leads to a channel: a route for certain accounts or tags is not certain, nor is one for an organizational unit
 * outside of it. Says nothing of sections that are missing because their form is wrong.
 */
export function unreached({ alerts, routes, securityGroupGuard }: Partial<Told>): Fault[] {
  if (alerts === undefined || routes === undefined) {
    return [];
  }
  const told = { alerts, routes, securityGroupGuard };
  const gaps = Map.groupBy(
    letIn(told).flatMap((one) => gapsOf(told, one)),
    ({ reasons, accounts }) => JSON.stringify([reasons, accounts]),
  );
  return [...gaps.values()].flatMap((alike) => {
    const severities = Map.groupBy(alike, ({ origin }) => origin);
    const origins = Map.groupBy(severities, ([, gap]) => joined(gap.map(({ severity }) => severity)));
    const { reasons = "", accounts = "" } = alike[0] ?? {};
    return [...origins].map(([names, group]) => ({
      path: "tocsin:routes",
      message:
        `${names} ${joined(group.map(([origin]) => origin))} findings${accounts} reach no channel${reasons}; ` +
        "allowed: routes that reach one whatever the account and tags are, for example a last route without when",
    }));
  });
}

function gapsOf(settings: Told, one: Pick<Class, "severity" | "origin">): Gap[] {
  const units = namedUnits(settings.routes);
  const possible = tellReasons(settings, one.severity);
  const reaches = (reason: Class["reason"], unit?: string): boolean =>
    waysThrough(settings.routes, (when) => fitsClass(when, { ...one, reason, unit })).some(({ certain }) => certain);
  // Whatever reaches the accounts below no unit reaches all: the gap is everything outside the units that are reached.
  const gaps = Map.groupBy(
    possible.filter((reason) => !reaches(reason)),
    (reason) => and.format(units.filter((unit) => reaches(reason, unit))),
  );
  return [...gaps].map(([reached, reasons]) => ({
    ...one,
    reasons: reasons.length === possible.length ? "" : ` for the reason${reasons.length === 1 ? "" : "s"} ${and.format(reasons)}`,
    accounts: reached === "" ? "" : ` of accounts outside ${reached}`,
  }));
}
