import type { Finding } from "../finding";
import {
  type Accepted,
  CHANNEL,
  identity,
  inSecurityHub,
  isSettled,
  type Times,
  toldText,
  UNTIL_TOLD,
  unclaimedSince,
  WHILE_HELD,
} from "./changes";
import type { EndClaim, EpisodeRecord } from "./record";
import { type Changes, type UpdateExpression, updateExpression } from "./update-expression";

/** Attributes that belong to one episode and go when it closes. */
const OF_ONE_EPISODE = [
  "claim",
  "claimBy",
  "claimUntil",
  "claimReason",
  "told",
  "muted",
  ...UNTIL_TOLD,
  "since",
  "deliveredTelling",
  "due",
  "seen",
  "firstSeen",
  ...WHILE_HELD,
] as const;

/**
 * Closes the current episode by its own event, once however many events say so, and takes it on to tell of its end. A problem that was never seen gets a record as
 * well, so that events that were overtaken on the way stay quiet. Refused (condition) when something newer is known.
 */
export function closing(key: string, finding: Finding, end: EndClaim, times: Times): UpdateExpression {
  return updateExpression(
    {
      set: {
        ...identity(key, finding),
        kind: finding.kind,
        title: finding.title,
        severity: finding.severity,
        ...closed(times.eventTime),
        updatedAt: finding.updatedAt,
        lastSeen: times.eventTime,
        expires: times.expires,
        ...(finding.workflow === "SUPPRESSED" && { suppressed: true }),
      },
      setIfAbsent: ended(end),
      next: COUNTED_ONCE,
      add: { ids: inSecurityHub(finding) },
      remove: OF_ONE_EPISODE,
    },
    { expression: "attribute_not_exists(#updatedAt) OR #updatedAt <= :updatedAt", values: { updatedAt: finding.updatedAt } },
  );
}

/**
 * Closes an episode that is no longer active, as seen at a time before which all its events happened.
 * Refused (condition) when an event arrived or anybody claimed it meanwhile.
 * @param end given where somebody may have to hear of it: takes on to tell them, and has the schedule look after that.
 */
export function retiring(seen: EpisodeRecord, askedAt: number, end?: EndClaim): UpdateExpression {
  const claim = unclaimedSince(seen);
  return updateExpression(
    {
      set: { ...closed(new Date(askedAt - 1).toISOString()), ...(end && { ...ended(end), due: end.until }) },
      next: COUNTED_ONCE,
      remove: OF_ONE_EPISODE.filter((attribute) => attribute !== "due" || end === undefined),
    },
    {
      expression: `#status = :open AND #number = :number AND #lastSeen = :lastSeen AND #seen = :seen AND ${claim.expression}`,
      values: { open: "open", number: seen.number, lastSeen: seen.lastSeen, seen: seen.seen, ...claim.values },
    },
  );
}

/** A closed episode is counted when it closes, and not again by a second event that says so: who was told of it is known by its number. */
const COUNTED_ONCE = { number: "number", unless: "over" } as const;

const closed = (through: string): Record<string, unknown> => ({ status: "closed", closedThrough: through, over: 0 });

const ended = ({ by, until }: EndClaim): Record<string, string> => ({ endBy: by, endUntil: until });

/** Takes on once more to tell of the end of a closed episode, after the last attempt got lost. Refused (condition) if anybody else did, or it is open again. */
export function endingAgain(seen: EpisodeRecord, end: EndClaim): UpdateExpression {
  return updateExpression(
    { set: { ...ended(end), due: end.until } },
    {
      expression: `${STILL_OVER} AND ${seen.end === undefined ? "attribute_not_exists(#endUntil)" : "#endUntil = :seenUntil"}`,
      values: { closed: "closed", number: seen.number, ...(seen.end && { seenUntil: seen.end.until }) },
    },
  );
}

/** Notes that nobody is left to hear of the end of a closed episode. Refused (condition) if it is open again. */
export const settling = (seen: EpisodeRecord): UpdateExpression =>
  updateExpression({ remove: ["due"] }, { expression: STILL_OVER, values: { closed: "closed", number: seen.number } });

const STILL_OVER = "#status = :closed AND #number = :number";

/** Changes that close an episode whose end nobody has to hear of any more. */
export const over = (set: Readonly<Record<string, unknown>>, at: string): Changes => ({
  set: { ...set, ...closed(at) },
  next: COUNTED_ONCE,
  remove: OF_ONE_EPISODE,
});

/**
 * Records that the only channel of a telling accepted a message about what was over already when it was told, and closes the episode: nobody has to hear of its end, or be reminded.
 * Refused (condition) when a later telling has taken over: then that one's record counts.
 */
export function deliveryAtEnd(telling: string, accepted: Accepted, expires: number): UpdateExpression {
  const { channel, at, number } = accepted;
  return updateExpression(over({ [CHANNEL + channel]: toldText({ ...accepted, resolved: true }), lastDelivery: at, expires }, at), {
    expression: "#claim = :telling OR (#status = :closed AND #number = :next)",
    values: { telling, closed: "closed", next: number + 1 },
  });
}

/** Closes an episode that was over already when it was told, once each of several channels was told or waits in the queue. Refused (condition) as `settlement`. */
export const settlementAtEnd = (telling: string, at: string, parked: boolean): UpdateExpression =>
  updateExpression(over({}, at), isSettled(telling, parked));
