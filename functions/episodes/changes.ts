import type { TellReason } from "../alert";
import { type Finding, severityRank } from "../finding";
import { shardOf } from "./key";
import { type Claim, ELSEWHERE, type EpisodeRecord, type ToldInEpisode } from "./record";
import { NEVER, type Opening } from "./rules";
import { type Condition, type UpdateExpression, updateExpression } from "./update-expression";

/** Stands in a record for a finding id that is the problem itself: GuardDuty's and Inspector's are 130 bytes long, and each repeat pays for the record's size. */
export const ITS_OWN = "=";

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
      add: { seen: 1, ids: inSecurityHub(finding) },
      // An event of Security Hub that is not suppressed lifts the suppression; the origin's own events do not get this far.
      remove: ["suppressed", ...OF_ITS_END],
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
      return { due: opening.due };
    case "mute":
      return { due: opening.due, muted: severityRank(finding.severity) };
    default:
      return {};
  }
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
 */
export function postponing(seen: EpisodeRecord, due: string | undefined): UpdateExpression {
  const claim = unclaimedSince(seen);
  return updateExpression(due === undefined ? { remove: ["due"] } : { set: { due } }, {
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

/**
 * Records that a channel accepted the message, and when the episode is to be looked at again. Where the episode was closed on the message's way that is at once:
 * the channel has to hear of its end. Refused (condition) when a later telling has taken over: then that one's record counts.
 */
export function delivery(telling: string, accepted: Accepted, due: string, expires: number): UpdateExpression {
  const { channel, at } = accepted;
  return updateExpression(
    {
      set: { [CHANNEL + channel]: toldText({ ...accepted, resolved: false }), deliveredTelling: telling, lastDelivery: at, expires },
      copy: { due: { from: "closedThrough", otherwise: due } },
    },
    {
      expression: "#claim = :telling OR (#status = :closed AND #number = :next)",
      values: { telling, closed: "closed", next: accepted.number + 1 },
    },
  );
}

/**
 * Records that a channel heard that an episode is over, and that nothing has to be looked at for it any more.
 * Refused (condition) when the problem is back already.
 */
export function farewell(accepted: Accepted): UpdateExpression {
  return updateExpression(
    { set: { [CHANNEL + accepted.channel]: toldText({ ...accepted, resolved: true }) }, remove: ["due"] },
    { expression: "#status = :closed AND #number = :next", values: { closed: "closed", next: accepted.number + 1 } },
  );
}
