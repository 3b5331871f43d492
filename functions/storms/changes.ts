import type { Alert } from "../alert";
import { isoAfter } from "../duration";
import { CHANNEL, toldText, UNTIL_TOLD, WHILE_HELD } from "../episodes/changes";
import { over } from "../episodes/closing";
import { keptOf } from "../episodes/kept";
import type { EpisodeRecord, ToldInEpisode } from "../episodes/record";
import { type UpdateExpression, updateExpression } from "../episodes/update-expression";

/** Holder of the claims of episodes that are held for a flush. */
export const BY_STORM = "storm";

/** How long after its flush a held episode counts as lost, in milliseconds: then the reminders tell it. The flush is tried again for that long. */
const LEASE_AFTER_FLUSH = 3_600_000;

/** What a held episode remembers of its alert beyond what its record and the finding that it keeps do. */
export interface HeldNote extends Pick<Alert, "previousSeverity" | "outcome" | "actions" | "replaces"> {
  /** When it was held (ISO 8601). */
  readonly at: string;
  readonly sample: boolean;
  /** Whether it was over already when it was told, so that nobody has to be reminded of it. */
  readonly over: boolean;
}

const noteOf = ({ finding, previousSeverity, outcome, actions, replaces }: Alert, now: number): HeldNote => ({
  at: isoAfter(now, 0),
  sample: finding.sample,
  over: finding.state === "inactive",
  previousSeverity,
  outcome,
  actions,
  replaces,
});

/** Hands an alert's claim over to the storm. Refused (condition) if somebody else has taken the episode over. */
export function holding(alert: Alert, flushAt: number, now: number): UpdateExpression {
  const { telling, finding } = alert;
  return updateExpression(
    {
      set: {
        claimBy: BY_STORM,
        claimUntil: isoAfter(flushAt, LEASE_AFTER_FLUSH),
        due: isoAfter(flushAt, 0),
        held: JSON.stringify(noteOf(alert, now)),
        heldFinding: keptOf(finding),
      },
      remove: ["kept"],
    },
    { expression: "#claim = :telling", values: { telling } },
  );
}

/** What is remembered of an episode that was told in a storm's message. */
export interface Release {
  readonly telling: string;
  /** Whether the episode ends with it. */
  readonly over: boolean;
  /** What the channels that were told know now, by name. */
  readonly told: Readonly<Record<string, ToldInEpisode>>;
  /** When (ISO 8601). */
  readonly at: string;
  /** When it has to be told again (ISO 8601). */
  readonly due: string;
  /** When the record may be forgotten, seconds since the epoch. */
  readonly expires: number;
}

/**
 * What channels know of an episode that a storm's message told them of. Who hears of it in a storm only does not hear of its end: ten thousand "resolved" after one
 * message would be the next storm. Who was told of it singly as well does, in the thread that began then.
 * @param over whether the episode ends with this message: then nobody has to hear of its end.
 */
export const toldTogether = (
  { number, channels }: Pick<EpisodeRecord, "number" | "channels">,
  names: readonly string[],
  at: string,
  over: boolean,
): Record<string, ToldInEpisode> =>
  Object.fromEntries(
    names.map((name) => {
      const before = channels[name];
      const told = before?.number === number ? before : { number, resolved: true };
      return [name, { ...told, at, resolved: over || told.resolved }];
    }),
  );

/** Records that the channels were told of a held episode. Refused (condition) if somebody else has taken the episode over. */
export function releasing({ telling, at, due, expires, ...release }: Release): UpdateExpression {
  const told = {
    ...Object.fromEntries(Object.entries(release.told).map(([name, entry]) => [CHANNEL + name, toldText(entry)])),
    lastDelivery: at,
    expires,
  };
  return updateExpression(
    release.over ? over(told, at) : { set: { ...told, deliveredTelling: telling, due }, remove: [...UNTIL_TOLD, ...WHILE_HELD] },
    {
      expression: "#claim = :telling AND #claimBy = :storm",
      values: { telling, storm: BY_STORM },
    },
  );
}
