import { LONGEST, line } from "./bounds";
import { firstDate } from "./dates";
import { NotAFinding } from "./not-a-finding";
import { type Arn, accountId, parseArn, regionName } from "./place";
import { at, type JsonObject, text } from "./read";

/** What EventBridge puts around an event. */
export interface Envelope {
  readonly id: string;
  /** ISO 8601; the epoch if it cannot be read. */
  readonly time: string;
  readonly region?: string | undefined;
  readonly source?: string | undefined;
  readonly detailType?: string | undefined;
  readonly detail: unknown;
}

export function readEnvelope(event: JsonObject): Envelope {
  return {
    id: line(event.id, LONGEST.id),
    time: firstDate(event.time) ?? new Date(0).toISOString(),
    region: regionName(event.region),
    source: text(event.source),
    detailType: text(event["detail-type"]),
    detail: event.detail,
  };
}

/** The one finding of a Security Hub event: AWS sends each in an event of its own, so several at once would mean losing some silently. */
export function onlyFinding(detail: unknown): unknown {
  const findings = at(detail, "findings");
  if (!Array.isArray(findings)) throw new NotAFinding("The event's detail has no list of findings (detail.findings).");
  if (findings.length !== 1)
    throw new NotAFinding(`The event's list of findings (detail.findings) has ${findings.length} entries; it must have one.`);
  return findings[0];
}

/** Whose finding it is, and where. */
export interface Place {
  readonly accountId: string;
  readonly region: string;
  /** Partition of the finding's ARN, if it has one. */
  readonly partition: string | undefined;
}

/**
 * Whose finding it is. The finding's own words count, then its ARN. The envelope names the account whose bus carries the event, which in an
 * administrator's account is not the owner: it is no source for the account, and for the Region only the last one.
 */
export function owner(envelope: Envelope, account: unknown, region: unknown, ...arns: readonly unknown[]): Place {
  const parsed = arns.map(parseArn).filter((arn): arn is Arn => arn !== undefined);
  const owning = accountId(account) ?? parsed.find((arn) => arn.account !== undefined)?.account;
  if (owning === undefined) throw new NotAFinding("The finding names no account: neither its account field nor its ARN holds 12 digits.");
  const place = regionName(region) ?? parsed.find((arn) => arn.region !== undefined)?.region ?? envelope.region;
  if (place === undefined) throw new NotAFinding("The finding names no Region: neither its Region field, its ARN nor the event holds one.");
  return { accountId: owning, region: place, partition: parsed[0]?.partition };
}
