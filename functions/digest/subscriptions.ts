import { createHash } from "node:crypto";
import type { Route } from "../routing/route";
import type { Period } from "./due";

/** A route as the settings have it. */
export interface DigestRoute extends Route {
  /** Sends the e-mail channels of this route a digest of its open findings. */
  readonly digest?: Period;
}

/** A channel that gets the digest of a route. */
export interface Subscription {
  /** What the table remembers it by: stays the same when routes are put into another order. */
  readonly key: string;
  /** Position of the route. */
  readonly index: number;
  readonly route: DigestRoute;
  readonly period: Period;
  /** Name of an e-mail channel. */
  readonly channel: string;
}

/** Who gets a digest of what. Channels of other kinds than e-mail get none. */
export const subscriptionsOf = (routes: readonly DigestRoute[], isEmail: (channel: string) => boolean): Subscription[] =>
  routes.flatMap((route, index) => {
    const period = route.digest;
    return period === undefined
      ? []
      : route.to.filter(isEmail).map((channel) => ({ key: keyOf(route, channel), index, route, period, channel }));
  });

/** Sorted, because the settings may write the same condition in another order. */
function keyOf({ when = {} }: Route, channel: string): string {
  const condition = Object.entries(when).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([condition, channel]))
    .digest("base64url")
    .slice(0, 22);
}
