import type { Alert } from "../alert";
import { isoAfter } from "../duration";
import { CHANNEL, toldText } from "../episodes/changes";
import { over } from "../episodes/closing";
import type { EpisodeRecord, ToldInEpisode } from "../episodes/record";
import { type UpdateExpression, updateExpression } from "../episodes/update-expression";
import type { Finding, Resource } from "../finding";

/** Holder of the claims of episodes that are held for a flush. */
export const BY_STORM = "storm";

/** How long after its flush a held episode counts as lost, in milliseconds: then the reminders tell it. The flush is tried again for that long. */
const LEASE_AFTER_FLUSH = 3_600_000;

/** What a held episode remembers of its finding beyond what every record does: the message and its routes need it. */
export interface HeldNote {
  /** When it was held (ISO 8601). */
  readonly at: string;
  readonly sample: boolean;
  /** Whether it was over already when it was told, so that nobody has to be reminded of it. */
  readonly over: boolean;
  /** Name of the account if the event itself carried it. */
  readonly accountName?: string;
  /** The finding's resources with their tags, as far as they fit. */
  readonly resources: readonly Resource[];
}

/** Bytes of resources that are remembered: they go through a workflow, and a record costs by its size. */
const MOST_BYTES = 16_384;

function noteOf({ sample, state, accountName, resources }: Finding, now: number): HeldNote {
  let room = MOST_BYTES;
  const fitting = resources.findIndex((resource) => {
    room -= Buffer.byteLength(JSON.stringify(resource));
    return room < 0;
  });
  return {
    at: isoAfter(now, 0),
    sample,
    over: state === "inactive",
    accountName,
    resources: fitting < 0 ? resources : resources.slice(0, fitting),
  };
}

/** Hands an alert's claim over to the storm. Refused (condition) if somebody else has taken the episode over. */
export function holding({ telling, finding }: Alert, flushAt: number, now: number): UpdateExpression {
  return updateExpression(
    {
      set: {
        claimBy: BY_STORM,
        claimUntil: isoAfter(flushAt, LEASE_AFTER_FLUSH),
        due: isoAfter(flushAt, 0),
        held: JSON.stringify(noteOf(finding, now)),
      },
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
  return updateExpression(release.over ? over(told, at) : { set: { ...told, deliveredTelling: telling, due }, remove: ["held"] }, {
    expression: "#claim = :telling AND #claimBy = :storm",
    values: { telling, storm: BY_STORM },
  });
}
