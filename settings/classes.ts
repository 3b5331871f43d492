import { TELL_REASONS, type TellReason } from "../functions/alert";
import { ORIGINS, type Origin, SEVERITIES, type Severity } from "../functions/finding";
import { fits, isRoot } from "../functions/routing/match";
import type { Route, When } from "../functions/routing/route";
import type { Settings } from "../settings";

/** What can be said of a finding before there is one, which is all that a table of routes can be judged by. */
export interface Class {
  readonly severity: Severity;
  readonly origin: Origin;
  readonly reason: TellReason | "resolved";
  /** Its account is below this organizational unit. Absent: below none of those that routes name. */
  readonly unit?: string | undefined;
}

/** Whether something holds for a class: for all of it, for none of it, or for some of it (certain accounts or tags). */
export type Likely = "yes" | "no" | "perhaps";

/** Severities and origins that the settings let in, by origin, the gravest first. */
export function letIn({
  alerts,
  securityGroupGuard,
}: Pick<Settings, "alerts" | "securityGroupGuard">): Pick<Class, "severity" | "origin">[] {
  const isLetIn = (origin: Origin, severity: Severity): boolean =>
    origin === "security-group"
      ? securityGroupGuard !== undefined
      : alerts.sources.some((source) => source.origin === origin && source.severities.includes(severity));
  return ORIGINS.flatMap((origin) =>
    SEVERITIES.toReversed()
      .filter((severity) => isLetIn(origin, severity))
      .map((severity) => ({ severity, origin })),
  );
}

/** Why a class can be told: there are no reminders where none are asked for. */
export const tellReasons = ({ alerts }: Pick<Settings, "alerts">, severity: Severity): TellReason[] =>
  TELL_REASONS.filter((reason) => reason !== "reminder" || alerts.remind[severity] !== undefined);

/** The organizational units that conditions tell apart. The root tells nothing apart. */
export const namedUnits = (conditions: readonly { readonly when?: When | undefined }[]): string[] => [
  ...new Set(conditions.flatMap(({ when }) => when?.organizationalUnits ?? []).filter((unit) => !isRoot(unit))),
];

/** Whether a condition holds for a class. */
export function fitsClass(when: When, { severity, origin, reason, unit }: Class): Likely {
  const { accounts, tags, organizationalUnits: units, ...plain } = when;
  // That an episode is over is asked for by name only.
  const asked = reason !== "resolved" || when.reasons?.includes("resolved") === true;
  if (!asked || !fits(plain, { finding: { severity, origin, resources: [] }, account: { id: "" }, reason })) {
    return "no";
  }
  const below = units === undefined || units.some((name) => isRoot(name) || name === unit);
  if (!below && unit === undefined) {
    return "no";
  }
  // Units may be nested: what is below one may be below another one as well.
  return below && accounts === undefined && tags === undefined ? "yes" : "perhaps";
}

/** A route that is taken, or for some of the class may be. */
export interface Way {
  /** Index of the route. */
  readonly index: number;
  readonly route: Route;
  readonly certain: boolean;
}

/** The ways through a table of routes: up to the first one that is certainly taken and does not continue. */
export function waysThrough(routes: readonly Route[], likely: (when: When) => Likely): Way[] {
  const ways: Way[] = [];
  for (const [index, route] of routes.entries()) {
    const holds = likely(route.when ?? {});
    if (holds !== "no") {
      ways.push({ index, route, certain: holds === "yes" });
    }
    if (holds === "yes" && route.continue !== true) {
      break;
    }
  }
  return ways;
}
