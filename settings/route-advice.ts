import type { Route, When } from "../functions/routing/route";
import type { Settings } from "../settings";
import { type Class, fitsClass, letIn, namedUnits, tellReasons } from "./classes";

/** Routes that are never used, and a `continue` that changes nothing. */
export function adviceOnRoutes(settings: Settings): string[] {
  const { routes } = settings;
  const classes = classesOf(settings);
  return routes.flatMap((route, index) => {
    const path = `tocsin:routes[${index}]`;
    const fitting = classes.filter((one) => fitsClass(plain(route), one) === "yes");
    if (fitting.length === 0) {
      return [`${path} is never used: nothing that is let in fits its when`];
    }
    const takers = fitting.map((one) => routes.slice(0, index).findIndex((earlier) => takesAll(earlier, route, one)));
    if (!takers.includes(-1)) {
      const names = [...new Set(takers)].sort((a, b) => a - b).map((taker) => `tocsin:routes[${taker}]`);
      return [`${path} is never used: ${names.join(", ")} already ${names.length === 1 ? "takes" : "take"} all that fits it`];
    }
    const goesOn = routes.slice(index + 1).some((later) => fitting.some((one) => mayFit(later, one)));
    return route.continue && !goesOn ? [`${path}.continue has no effect: no route after it fits what fits this one`] : [];
  });
}

function classesOf(settings: Settings): Class[] {
  const units = [undefined, ...namedUnits(settings.routes)];
  return letIn(settings).flatMap((one) =>
    [...tellReasons(settings, one.severity), "resolved" as const].flatMap((reason) => units.map((unit) => ({ ...one, reason, unit }))),
  );
}

const mayFit = ({ when = {} }: Route, one: Class): boolean => fitsClass(when, one) !== "no";

/** A route's condition but for accounts and tags, which no class knows. */
const plain = ({ when: { accounts, tags, ...rest } = {} }: Route): When => rest;

/** Whether an earlier route leaves nothing of a class to a later one, be it because both are for the same accounts and tags. */
function takesAll(earlier: Route, later: Route, one: Class): boolean {
  if (earlier.continue === true) {
    return false;
  }
  const { accounts, tags } = earlier.when ?? {};
  return fitsClass(plain(earlier), one) === "yes" && accountsWithin(later.when, accounts) && tagsWithin(later.when, tags);
}

const accountsWithin = (when: When | undefined, accounts: When["accounts"]): boolean =>
  accounts === undefined || when?.accounts?.every((account) => accounts.includes(account)) === true;

const tagsWithin = (when: When | undefined, tags: When["tags"] = {}): boolean =>
  Object.entries(tags).every(([key, value]) => when?.tags !== undefined && Object.hasOwn(when.tags, key) && when.tags[key] === value);
