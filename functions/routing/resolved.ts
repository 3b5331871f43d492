import { routeTo } from "./match";
import type { Route, Subject } from "./route";

/** Who can be told that an episode is over. */
export interface Resolves {
  /** The channels that can use it, by name. */
  readonly channels: readonly string[];
  /** Whether a route asks for it: then also those hear of it who were not told of the episode. */
  readonly routed: boolean;
}

/**
 * Names of the channels that hear that an episode is over: those that were told of it, and those of the routes that name the reason `resolved`. Of both only
 * the ones that can use it; none is no fault.
 * @param told names of the channels that were told of the episode.
 */
export function resolvedTo(routes: readonly Route[], subject: Subject, told: readonly string[], { channels }: Resolves): readonly string[] {
  const asking = routes.filter(({ when }) => when?.reasons?.includes("resolved"));
  const wanted = [...told, ...routeTo(asking, subject)];
  return channels.filter((name) => wanted.includes(name));
}
