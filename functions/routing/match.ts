import type { Resource } from "../finding";
import type { Route, Subject, When } from "./route";

/** Names of the channels that are told: those of the first route that fits, none if no route does. */
export function routeTo(routes: readonly Route[], subject: Subject): readonly string[] {
  return routes.find((route) => fits(route.when ?? {}, subject))?.to ?? [];
}

/**
 * Whether a condition holds. Names are compared exactly: they come from AWS Organizations, and two accounts may differ in case only.
 * An account that could not be looked up has no organizational units, so that a condition on them does not hold.
 */
export function fits(when: When, { finding, account, reason }: Subject): boolean {
  const accounts = [account.id, account.name ?? finding.accountName];
  const units = [...(account.path ?? []), ...(account.organizationalUnitIds ?? [])];
  return (
    anyOf(when.severities, [finding.severity]) &&
    anyOf(when.origins, [finding.origin]) &&
    anyOf(when.accounts, accounts) &&
    anyOf(when.organizationalUnits, units) &&
    anyOf(when.reasons, [reason]) &&
    (when.tags === undefined || someCarries(finding.resources, when.tags))
  );
}

/** Whether one of the wanted values is there; nothing wanted: yes. */
const anyOf = <T>(wanted: readonly T[] | undefined, there: readonly (T | undefined)[]): boolean =>
  wanted === undefined || wanted.some((value) => there.includes(value));

const someCarries = (resources: readonly Resource[], tags: Readonly<Record<string, string>>): boolean =>
  resources.some((resource) => Object.entries(tags).every(([key, value]) => resource.tags[key] === value));
