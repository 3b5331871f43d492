import { setTimeout as pause } from "node:timers/promises";
import { Throttled } from "../accepted";

/** The other side wants us to wait: HTTP status 429. */
export class SlowDown extends Error {
  override readonly name = "SlowDown";

  /** @param seconds how long, if it says so (Retry-After). */
  constructor(
    readonly host: string,
    readonly seconds: number | undefined,
  ) {
    super(`${host} asks to slow down`);
  }
}

/** How long a function waits at most before it leaves the waiting to the workflow, in milliseconds: it is paid for while it waits. */
const PATIENCE = 10_000;
/** Wait where the other side does not say how long, and the shortest one, in milliseconds. */
const SHORTEST = 1_000;

/**
 * Makes an attempt, and makes it again for as long as it throws `SlowDown` and the waits that it asks for end within ten seconds.
 * @param latest when the last attempt may begin, milliseconds since the epoch. Default: whenever the waits end.
 * @throws Throttled when that is not enough.
 */
export async function patiently<T>(attempt: () => Promise<T>, latest = Number.POSITIVE_INFINITY): Promise<T> {
  const end = Math.min(Date.now() + PATIENCE, latest);
  for (;;) {
    if (Date.now() > latest) {
      throw new Throttled("there is no time left for another request");
    }
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof SlowDown)) {
        throw error;
      }
      const wait = Math.max(SHORTEST, (error.seconds ?? 0) * 1_000);
      if (Date.now() + wait > end) {
        throw new Throttled(`${error.host} asks to wait for ${wait / 1_000} seconds`);
      }
      await pause(wait);
    }
  }
}

/** Seconds of a Retry-After header, which names a number of them or a date (RFC 9110, section 10.2.3). */
export function retryAfterSeconds(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) {
    return Number(text);
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1_000));
}
