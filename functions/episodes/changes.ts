import type { TellReason } from "../alert";
import { type Finding, severityRank } from "../finding";
import type { Mute } from "../mutes/mutes";
import { keptOf } from "./kept";
import { shardOf } from "./key";
import { type Claim, ELSEWHERE, type EpisodeRecord, type ToldInEpisode, UNDELIVERED } from "./record";
import { NEVER, type Opening } from "./rules";
import { type Changes, type Condition, type UpdateExpression, updateExpression } from "./update-expression";
import { mutedText } from "./waited";

/** Stands in a record for a finding id that is the problem itself: GuardDuty's and Inspector's are 130 bytes long, and each repeat pays for the record's size. */
export const ITS_OWN = "=";

/** Attributes that are of no use once people were told of an episode. */
export const UNTIL_TOLD = ["kept", "mutedBy"] as const;

/** What a storm noted of an episode that it holds (functions/storms), and of its finding: `kept` is written anew by each event of an episode that waits. */
export const WHILE_HELD = ["held", "heldFinding"] as const;

/** Attributes of a closed problem, which go when it opens again. `over` holds the number 0. */
const OF_ITS_END = ["closedThrough", "over", "endBy", "endUntil"] as const;

/** Nothing newer is known, and the event is not a late one of an episode that is over. (DynamoDB refuses redundant parentheses.) */
const NOT_OVERTAKEN = "#updatedAt < :updatedAt OR (#updatedAt = :updatedAt AND (#status <> :closed OR #closedThrough < :eventTime))";

/** When a write happens and how long its record is kept. */
export interface Times {
  /** EventBridge time of the event, ISO 8601. */
  readonly eventTime: string;
  /** When the record may be forgotten, seconds since the epoch (DynamoDB TTL). */
  readonly expires: number;
}

/** What a problem is known by. */
export const identity = (key: string, finding: Finding): Record<string, unknown> => ({
  shard: shardOf(key),
  origin: finding.origin,
  accountId: finding.accountId,
  region: finding.region,
  problem: finding.problem,
});

/**
 * Writes down an active problem, and in the same write claims its episode if it is unclaimed: `if_not_exists` lets exactly one of any number of workers win.
 * Refused (condition) when something newer is known: an older `updatedAt`, or a late event of an episode that is over.
 */
export function observation(key: string, finding: Finding, opening: Opening, claim: Claim, times: Times): UpdateExpression {
  const [resource] = finding.resources;
  return updateExpression(
    {
      set: {
        ...identity(key, finding),
        kind: finding.kind,
        title: finding.title,
        resource: resource && { id: resource.id, type: resource.type, name: resource.name },
        severity: finding.severity,
        status: "open",
        updatedAt: finding.updatedAt,
        lastSeen: times.eventTime,
        expires: times.expires,
      },
      setIfAbsent: { number: 1, firstSeen: finding.firstSeen, ...opened(finding, opening, claim, times) },
      copy: untold(finding, opening),
      add: { seen: 1, ids: inSecurityHub(finding) },
      // An event of Security Hub that is not suppressed lifts the suppression; the origin's own events do not get this far.
      remove: ["suppressed", ...OF_ITS_END, ...(opening.kind === "told-elsewhere" ? UNTIL_TOLD : [])],
    },
    {
      expression: `attribute_not_exists(#updatedAt) OR ${finding.fromSecurityHub ? NOT_OVERTAKEN : `(attribute_not_exists(#suppressed) AND (${NOT_OVERTAKEN}))`}`,
      values: { updatedAt: finding.updatedAt, closed: "closed", eventTime: times.eventTime },
    },
  );
}

/** The ids by which Security Hub knows the problem: as far as it told us. */
export const inSecurityHub = (finding: Finding): Set<string> | undefined =>
  finding.fromSecurityHub ? new Set([finding.id === finding.problem ? ITS_OWN : finding.id]) : undefined;

function opened(finding: Finding, opening: Opening, claim: Claim, times: Times): Record<string, unknown> {
  switch (opening.kind) {
    case "claim":
      return { ...claimed(claim), told: severityRank(finding.severity), due: claim.until, toldBefore: true };
    case "told-elsewhere":
      return {
        ...claimed({ telling: ELSEWHERE, by: ELSEWHERE, until: times.eventTime, reason: "new" }),
        told: severityRank(finding.severity),
        deliveredTelling: ELSEWHERE,
        due: NEVER,
        toldBefore: true,
      };
    case "wait":
      return { due: opening.due, since: seconds(times.eventTime) };
    case "mute":
      return { due: opening.due, since: seconds(times.eventTime), muted: severityRank(finding.severity) };
    default:
      return {};
  }
}

const seconds = (time: string): number => Math.floor(Date.parse(time) / 1000);

/**
 * What is remembered of a problem that is told later: what its newest event says, and who muted it. Whether people were told already is not known before the write;
 * then the name of that telling stands there instead, which is short, so that a repeat costs no more.
 */
function untold(finding: Finding, opening: Opening): Changes["copy"] {
  if (opening.kind !== "wait" && opening.kind !== "mute") {
    return {};
  }
  const kept = keptOf(finding);
  return {
    ...(kept && { kept: { from: "deliveredTelling", otherwise: kept } }),
    ...(opening.kind === "mute" && { mutedBy: { from: "deliveredTelling", otherwise: mutedText(opening.mute) } }),
  };
}

const claimed = (claim: Claim): Record<string, string> => ({
  claim: claim.telling,
  claimBy: claim.by,
  claimUntil: claim.until,
  claimReason: claim.reason,
});

/** What a claim goes by. */
export type Seen = Pick<EpisodeRecord, "key" | "number" | "claim" | "told" | "lastDelivery">;

/** Number of the episode that a telling is of: that people are told of already reopens as the next one. */
export const tellingNumber = ({ number, claim }: Pick<Seen, "number" | "claim">, reason: TellReason): number =>
  number + (reason === "reopened" && claim !== undefined ? 1 : 0);

/**
 * Claims an episode from the state it was seen in: refused (condition) if anybody else claimed, delivered or closed it since.
 * @param severity what will be told.
 */
export function claiming(seen: Seen, claim: Claim, severity: Finding["severity"]): UpdateExpression {
  const number = tellingNumber(seen, claim.reason);
  const anew = number !== seen.number;
  const expected = seen.claim;
  return updateExpression(
    {
      set: {
        ...claimed(claim),
        told: severityRank(anew || !seen.told || severityRank(severity) > severityRank(seen.told) ? severity : seen.told),
        due: claim.until,
        toldBefore: true,
        ...(anew && { number, seen: 1 }),
      },
    },
    {
      expression: [
        "#status = :open AND #number = :number",
        expected === undefined ? "attribute_not_exists(#claim)" : "#claim = :claim AND #claimUntil = :claimUntil",
        seen.lastDelivery === undefined ? "attribute_not_exists(#lastDelivery)" : "#lastDelivery = :lastDelivery",
      ].join(" AND "),
      values: {
        open: "open",
        number: seen.number,
        ...(expected && { claim: expected.telling, claimUntil: expected.until }),
        ...(seen.lastDelivery !== undefined && { lastDelivery: seen.lastDelivery }),
      },
    },
  );
}

/** That nobody claimed the episode since it was seen. */
export const unclaimedSince = ({ claim }: EpisodeRecord): Condition =>
  claim === undefined
    ? { expression: "attribute_not_exists(#claim)" }
    : { expression: "#claim = :claim", values: { claim: claim.telling } };

/**
 * Has the schedule look at an open episode at another time; without one, not before an event sets it. Refused (condition) if anybody claimed or closed the
 * episode since.
 * @param mute why, if that has to be said when it is told.
 */
export function postponing(seen: EpisodeRecord, due: string | undefined, mute?: Mute): UpdateExpression {
  const claim = unclaimedSince(seen);
  const set = { due, ...(mute && { mutedBy: mutedText(mute) }) };
  return updateExpression(due === undefined ? { remove: ["due"] } : { set }, {
    expression: `#status = :open AND ${claim.expression}`,
    values: { open: "open", ...claim.values },
  });
}

/** Prefix of the attributes that hold what channels were told. */
export const CHANNEL = "delivered_";

/** `<number>|<at>|<thread>|<resolved>`: one short attribute, because repeats pay for the record's size. The number keeps an earlier episode's from counting. */
export const toldText = ({ number, at, thread, resolved }: ToldInEpisode): string =>
  [number, at, thread ?? "", resolved ? "resolved" : ""].join("|").replace(/\|+$/, "");

/** Reads what `toldText` wrote. */
export function toldOf(text: string): ToldInEpisode {
  const [number, at = "", thread = "", resolved] = text.split("|");
  return { number: Number(number), at, ...(thread !== "" && { thread }), resolved: resolved === "resolved" };
}

/** A message that a channel accepted. */
export interface Accepted {
  readonly channel: string;
  readonly number: number;
  /** ISO 8601. */
  readonly at: string;
  /** What the episode's messages there are answers to. */
  readonly thread?: string;
}

/** The telling still counts, or the episode was closed on the message's way. */
const onItsWay = (telling: string, { number }: Accepted): Condition => ({
  expression: "#claim = :telling OR (#status = :closed AND #number = :next)",
  values: { telling, closed: "closed", next: number + 1 },
});

/**
 * Records that the only channel of a telling accepted the message, and when the episode is to be looked at again. Where the episode was closed on the message's way
 * that is at once: the channel has to hear of its end. Refused (condition) when a later telling has taken over: then that one's record counts.
 */
export function delivery(telling: string, accepted: Accepted, due: string, expires: number): UpdateExpression {
  const { channel, at } = accepted;
  return updateExpression(
    {
      set: { [CHANNEL + channel]: toldText({ ...accepted, resolved: false }), deliveredTelling: telling, lastDelivery: at, expires },
      copy: { due: { from: "closedThrough", otherwise: due } },
      remove: [...UNTIL_TOLD, ...WHILE_HELD],
    },
    onItsWay(telling, accepted),
  );
}

/**
 * The same for one of several channels. It says nothing of the others: until a settlement does, the schedule looks after all of them.
 * @param message `resolved`: whether the channel has to hear of no end any more.
 * @param lookAt when the others must be told or parked (ISO 8601).
 */
export function deliveryAmong(
  telling: string,
  message: Accepted & Pick<ToldInEpisode, "resolved">,
  lookAt: string,
  expires: number,
): UpdateExpression {
  return updateExpression(
    {
      set: { [CHANNEL + message.channel]: toldText(message), lastDelivery: message.at, expires },
      copy: { due: { from: "closedThrough", otherwise: lookAt } },
    },
    onItsWay(telling, message),
  );
}

/** Each channel of a telling was told or waits in the queue. @param parked whether it is one from the queue that says so: it knows of the others only what was written down. */
export const isSettled = (telling: string, parked: boolean): Condition =>
  parked
    ? {
        expression: "#claim = :telling AND (#claimBy = :queue OR #deliveredTelling = :telling)",
        values: { telling, queue: UNDELIVERED },
      }
    : { expression: "#claim = :telling", values: { telling } };

/** Records that a telling needs nobody to look after it any more, and when the episode is to be looked at again. Refused (condition) when another has taken over. */
export const settlement = (telling: string, due: string, parked: boolean): UpdateExpression =>
  updateExpression({ set: { deliveredTelling: telling, due }, remove: [...UNTIL_TOLD, ...WHILE_HELD] }, isSettled(telling, parked));

/**
 * Records that a channel heard that an episode is over. Whether the others did the workflow says at its end (components/settling.ts).
 * Refused (condition) when the problem is back already.
 */
export function farewell(accepted: Accepted): UpdateExpression {
  return updateExpression(
    { set: { [CHANNEL + accepted.channel]: toldText({ ...accepted, resolved: true }) } },
    { expression: "#status = :closed AND #number = :next", values: { closed: "closed", next: accepted.number + 1 } },
  );
}
