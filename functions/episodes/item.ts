import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { TellReason } from "../alert";
import { SEVERITIES, type Severity } from "../finding";
import { CHANNEL, ITS_OWN, toldOf } from "./changes";
import { findingIn } from "./kept";
import type { EpisodeRecord } from "./record";
import { mutedOf } from "./waited";

const severityOf = (rank: number | undefined): Severity | undefined => (rank === undefined ? undefined : SEVERITIES[rank]);

/** Reads an item of the table as the record of a problem. */
export function recordOf(item: Record<string, AttributeValue>): EpisodeRecord {
  const attributes = unmarshall(item);
  const confirmations = Object.entries(attributes)
    .filter(([name]) => name.startsWith("confirmed_"))
    .map(([name, value]) => {
      const [number, at] = String(value).split("|");
      return [name, { number: Number(number), at: at ?? "" }] as const;
    });
  return {
    key: attributes.pk,
    number: attributes.number,
    status: attributes.status,
    origin: attributes.origin,
    accountId: attributes.accountId,
    region: attributes.region,
    problem: attributes.problem,
    kind: attributes.kind,
    title: attributes.title,
    resource: attributes.resource,
    severity: attributes.severity,
    ids: [...((attributes.ids as Set<string> | undefined) ?? [])].map((id) => (id === ITS_OWN ? attributes.problem : id)),
    firstSeen: attributes.firstSeen,
    lastSeen: attributes.lastSeen,
    seen: attributes.seen ?? 0,
    updatedAt: attributes.updatedAt,
    closedThrough: attributes.closedThrough,
    end: attributes.endBy === undefined ? undefined : { by: attributes.endBy, until: attributes.endUntil },
    suppressed: attributes.suppressed === true,
    claim:
      attributes.claim === undefined
        ? undefined
        : {
            telling: attributes.claim,
            by: attributes.claimBy,
            until: attributes.claimUntil,
            reason: attributes.claimReason as TellReason,
          },
    told: severityOf(attributes.told),
    muted: severityOf(attributes.muted),
    mutedBy: mutedOf(attributes.mutedBy),
    since: attributes.since === undefined ? undefined : new Date(attributes.since * 1000).toISOString(),
    kept: findingIn(attributes.kept) ?? findingIn(attributes.heldFinding),
    deliveredTelling: attributes.deliveredTelling,
    toldBefore: attributes.toldBefore === true,
    lastDelivery: attributes.lastDelivery,
    due: attributes.due,
    channels: Object.fromEntries(
      Object.entries(attributes)
        .filter(([name]) => name.startsWith(CHANNEL))
        .map(([name, value]) => [name.slice(CHANNEL.length), toldOf(String(value))]),
    ),
    confirmations: Object.fromEntries(confirmations),
  };
}
