import { firstDate } from "../normalize/dates";
import { NotAFinding } from "../normalize/not-a-finding";
import { accountId, regionName } from "../normalize/place";
import { at, textAt } from "../normalize/read";

/** What each member puts on its own default bus once a day, in each Region. */
export const HEARTBEAT_SOURCE = "tocsin.heartbeat";
export const HEARTBEAT_DETAIL_TYPE = "tocsin heartbeat";

/** A sign of life. */
export interface Heartbeat {
  readonly accountId: string;
  readonly region: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Whether an event is a sign of life. */
export const isHeartbeat = (event: unknown): boolean => textAt(event, "source") === HEARTBEAT_SOURCE;

/**
 * Whose sign of life it is. Only the envelope counts, which EventBridge writes: a member can pretend to be alive, but never for another. Its time is the one part
 * that a sender may choose, so that no heartbeat is taken to be younger than now.
 * @throws NotAFinding if the envelope names no account or Region.
 */
export function readHeartbeat(event: unknown, now: number): Heartbeat {
  const account = accountId(at(event, "account"));
  const region = regionName(at(event, "region"));
  if (account === undefined || region === undefined) {
    throw new NotAFinding("The heartbeat's envelope names no account or Region.");
  }
  const received = new Date(now).toISOString();
  const sent = firstDate(textAt(event, "time")) ?? received;
  return { accountId: account, region, at: sent < received ? sent : received };
}
