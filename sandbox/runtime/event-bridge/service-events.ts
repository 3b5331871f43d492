import type { Asff, BusEvent, Place } from "../../types";
import { isRecord } from "../graph";
import type { Ids } from "../ids";

/** An event on the default bus of an account. */
export interface Placed {
  readonly place: Place;
  readonly event: BusEvent;
}

/** Gives an AWS service's event the fields that it lacks; account and Region are always the bus's own. */
export function stamp(place: Place, event: Readonly<Record<string, unknown>>, ids: Ids, now: number): BusEvent {
  const text = (key: string): string | undefined => (typeof event[key] === "string" && event[key] !== "" ? event[key] : undefined);
  return {
    ...event,
    version: "0",
    id: text("id") ?? ids.uuid(),
    "detail-type": text("detail-type") ?? "",
    source: text("source") ?? "",
    account: place.account,
    time: text("time") ?? `${new Date(now).toISOString().slice(0, 19)}Z`,
    region: place.region,
    resources: Array.isArray(event.resources) ? event.resources.map(String) : [],
    detail: isRecord(event.detail) ? event.detail : {},
  };
}

/**
 * Copies of an event that AWS puts on other buses: GuardDuty and Inspector tell the delegated administrator in the same Region, Security Hub in the home Region.
 * A copy has the administrator's account, and an id of its own.
 */
export function copiesOf(original: Placed, administrator: Place, ids: Ids): Placed[] {
  const { place, event } = original;
  const region = { "aws.guardduty": place.region, "aws.inspector2": place.region, "aws.securityhub": administrator.region }[event.source];
  if (region === undefined || (place.account === administrator.account && place.region === region)) {
    return [];
  }
  const there = { account: administrator.account, region };
  return [{ place: there, event: { ...event, ...there, id: ids.uuid() } }];
}

/** The event that Security Hub publishes when a finding was imported or updated, on the bus of the finding's account and Region. */
export function importedEvent(finding: Asff, home: Place): { place: Place; event: Readonly<Record<string, unknown>> } {
  const text = (key: string): string | undefined => (typeof finding[key] === "string" ? finding[key] : undefined);
  const resources: unknown = finding.Resources;
  const first: unknown = Array.isArray(resources) ? resources[0] : undefined;
  const region = text("Region") ?? (isRecord(first) && typeof first.Region === "string" ? first.Region : home.region);
  return {
    place: { account: text("AwsAccountId") ?? home.account, region },
    event: {
      "detail-type": "Security Hub Findings - Imported",
      source: "aws.securityhub",
      resources: [text("Id") ?? ""],
      detail: { findings: [finding] },
    },
  };
}
