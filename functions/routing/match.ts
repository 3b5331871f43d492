import type { Resource } from "../finding";
import type { Route, Subject, When } from "./route";

/** Names of the channels that are told, each once, in the order of the routes that lead to them; none if no route fits. */
export function routeTo(routes: readonly Route[], subject: Subject): readonly string[] {
  return [...new Set(routesTaken(routes, subject).flatMap((index) => routes[index]?.to ?? []))];
}

/** Indices of the routes that are taken: the first one that fits, and as long as the last one taken continues, the next one that fits. */
export function routesTaken(routes: readonly Route[], subject: Subject): readonly number[] {
  const fitting = [...routes.entries()].filter(([, { when }]) => fits(when ?? {}, subject));
  const last = fitting.findIndex(([, route]) => route.continue !== true);
  return fitting.slice(0, last === -1 ? undefined : last + 1).map(([index]) => index);
}

/**
 * Whether a condition holds. Names are compared exactly: they come from AWS Organizations, and two accounts may differ in case only.
 * An account that could not be looked up has no organizational units, so that a condition on them does not hold, unless it names the root.
 */
export function fits(when: When, { finding, account, reason }: Subject): boolean {
  const accounts = [account.id, account.name ?? finding.accountName];
  const units = [...(account.path ?? []), ...(account.organizationalUnitIds ?? [])];
  return (
    anyOf(when.severities, [finding.severity]) &&
    anyOf(when.origins, [finding.origin]) &&
    anyOf(when.accounts, accounts) &&
    (anyOf(when.organizationalUnits, units) || when.organizationalUnits?.some(isRoot) === true) &&
    anyOf(when.reasons, [reason]) &&
    (when.tags === undefined || someCarries(finding.resources, when.tags))
  );
}

/** Whether this is the id of an Organization's root. There is one, and every account is below it, whether or not it could be looked up. */
export const isRoot = (unit: string): boolean => /^r-[0-9a-z]{4,32}$/.test(unit);

/** Whether one of the wanted values is there; nothing wanted: yes. */
const anyOf = <T>(wanted: readonly T[] | undefined, there: readonly (T | undefined)[]): boolean =>
  wanted === undefined || wanted.some((value) => there.includes(value));

const someCarries = (resources: readonly Resource[], tags: Readonly<Record<string, string>>): boolean =>
  resources.some((resource) => Object.entries(tags).every(([key, value]) => resource.tags[key] === value));
