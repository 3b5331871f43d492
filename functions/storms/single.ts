import type { Alert } from "../alert";
import type { AlertSettings } from "../alert-settings";
import { episodeId } from "../episodes/key";
import { toldIn } from "../episodes/record";
import type { Finding } from "../finding";
import { marking } from "../marking";
import type { Held } from "./held";

/** The alert that tells of a held episode by itself. */
export const singleAlert = (settings: AlertSettings, { record }: Held, finding: Finding): Alert => ({
  telling: record.claim.telling,
  episode: episodeId(record.key, record.number),
  number: record.number,
  key: record.key,
  reason: record.claim.reason,
  finding,
  seen: record.seen,
  lastDelivery: record.lastDelivery,
  told: toldIn(record, record.number),
  ...marking(
    settings,
    record.key,
    record.number,
    record.ids.map((id) => ({ ...finding, id })),
  ),
});
