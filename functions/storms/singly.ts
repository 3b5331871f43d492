import type { Alert } from "../alert";
import type { AlertSettings } from "../alert-settings";
import { episodeId } from "../episodes/key";
import { toldIn } from "../episodes/record";
import { waitedSince } from "../episodes/waited";
import type { Finding } from "../finding";
import { marking } from "../marking";
import type { Held } from "./held";

/** What Security Hub has to be told of once people are told of a held episode: that all of its findings are notified. */
export const markingHeld = (settings: AlertSettings, { key, number, ids }: Held["record"], finding: Finding) =>
  marking(
    settings,
    key,
    number,
    ids.map((id) => ({ ...finding, id })),
  );

/** The alert that tells of a held episode by itself, as it would have been told at once. What the workflow records then is the episode's own. */
export function singleAlert(settings: AlertSettings, { record, note, finding }: Held): Alert {
  const { key, number, claim, seen, lastDelivery } = record;
  const { previousSeverity, outcome, actions, replaces } = note;
  return {
    telling: claim.telling,
    episode: episodeId(key, number),
    number,
    key,
    reason: claim.reason,
    finding,
    seen,
    previousSeverity,
    lastDelivery,
    waited: waitedSince(record, claim.reason),
    told: toldIn(record, number),
    outcome,
    actions,
    replaces,
    ...markingHeld(settings, record, finding),
  };
}
