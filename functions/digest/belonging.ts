import { type AccountInfo, ALERT_REASONS, type AlertReason } from "../alert";
import { type EpisodeRecord, toldIn } from "../episodes/record";
import type { Finding } from "../finding";
import { routesTaken } from "../routing/match";
import type { Route } from "../routing/route";

/** Positions of the routes that an episode belongs to. */
export type Belonging = (record: EpisodeRecord, finding: Finding, account: AccountInfo) => ReadonlySet<number>;

/**
 * Which routes tell of an episode for one reason or another: a digest is about findings, so that the route of the reminders has its part in what another route told first.
 *
 * The table does not keep the tags of resources. A route that asks for tags has an episode if everything else fits and all its channels were told of it.
 */
export function belongingTo(routes: readonly Route[]): Belonging {
  const reasons: readonly AlertReason[] = routes.some(({ when }) => when?.reasons !== undefined) ? ALERT_REASONS : ["new"];
  const tagged = routes.some(({ when }) => when?.tags !== undefined);
  return (record, finding, account) => {
    const asked = tagged ? routes.map((route) => asTold(route, record)) : routes;
    return new Set(reasons.flatMap((reason) => routesTaken(asked, { finding, account, reason })));
  };
}

function asTold(route: Route, record: EpisodeRecord): Route {
  // A closed record already has the number of the next episode.
  const told = toldIn(record, record.status === "closed" ? record.number - 1 : record.number);
  return route.when?.tags !== undefined && route.to.every((channel) => channel in told)
    ? { ...route, when: { ...route.when, tags: undefined } }
    : route;
}
