import type { TellReason, ToldChannel } from "../alert";
import type { Finding, Origin, Severity } from "../finding";

/** Somebody's right to tell people of an episode, for a limited time. */
export interface Claim {
  /** Id of the telling. */
  readonly telling: string;
  /** The EventBridge event, or the schedule's run, that claimed: only its own retry may claim again. */
  readonly by: string;
  /** When the lease runs out, ISO 8601. */
  readonly until: string;
  readonly reason: TellReason;
}

/** Somebody's taking on to tell that an episode is over, for a limited time. */
export interface EndClaim {
  /** The EventBridge event that closed it, or why a schedule did (an `Ending`). */
  readonly by: string;
  /** When the lease runs out, ISO 8601. */
  readonly until: string;
}

/** Holder of what waits in the queue of undelivered messages (components/alert-definition.ts): nobody else has to tell of it. */
export const UNDELIVERED = "undelivered";

/** Name of nobody's telling: people were told by other means. */
export const ELSEWHERE = "elsewhere";

/** What the table holds of one problem. Times are ISO 8601. */
export interface EpisodeRecord {
  readonly key: string;
  /** Number of the current (or, when closed, of the next) episode: from 1, rising, not a count. */
  readonly number: number;
  readonly status: "open" | "closed";
  readonly origin: Origin;
  readonly accountId: string;
  readonly region: string;
  readonly problem: string;
  readonly kind: string;
  readonly title: string;
  readonly resource?: { readonly id: string; readonly type: string; readonly name: string };
  readonly severity: Severity;
  /** Ids of all findings in Security Hub that report this problem, as far as their events arrived. */
  readonly ids: readonly string[];
  readonly firstSeen?: string;
  /** Time of the last event. */
  readonly lastSeen: string;
  /** How many events of this episode arrived. */
  readonly seen: number;
  /** The newest `updatedAt` of its findings. */
  readonly updatedAt: string;
  /** Events up to this time without a newer `updatedAt` belong to the closed episode. */
  readonly closedThrough?: string;
  /** Of a closed episode: who took it on to tell of its end. */
  readonly end?: EndClaim;
  /** Suppressed in Security Hub: the origin's own events do not reopen it. */
  readonly suppressed: boolean;
  /** The last claim of this episode. */
  readonly claim?: Claim;
  /** Highest severity that was claimed in this episode. */
  readonly told?: Severity;
  /** The severity at which this episode was first found muted. */
  readonly muted?: Severity;
  /** The last mute that kept this episode back before anybody was told of it. */
  readonly mutedBy?: MutedBy;
  /** Since when this episode waits to be told, or waited: its wait or a mute kept it back at first. */
  readonly since?: string;
  /** Of an episode that waits to be told, or that a storm holds: what its event said. */
  readonly kept?: Finding;
  /** Telling that was last delivered. */
  readonly deliveredTelling?: string;
  /** Whether people were told of this problem in this or an earlier episode, or somebody had taken it on to tell them. */
  readonly toldBefore: boolean;
  /** When a channel last accepted a message of this problem. */
  readonly lastDelivery?: string;
  /** What channels were told, by name: in which episode, when, and whether they heard of its end. */
  readonly channels: Readonly<Record<string, ToldInEpisode>>;
  /** When the reminders have to look at it. */
  readonly due?: string;
  /** By confirmation attribute: the episode's number and when Security Hub confirmed the mark. */
  readonly confirmations: Readonly<Record<string, { readonly number: number; readonly at: string }>>;
}

/** A mute, as far as it is remembered. */
export interface MutedBy {
  readonly owner: string;
  /** When it ends, ISO 8601. */
  readonly until: string;
  /** The only reasons that it keeps back; absent: any. */
  readonly reasons?: readonly string[];
}

/** What a channel was told. */
export interface ToldInEpisode extends ToldChannel {
  /** Number of the episode. */
  readonly number: number;
  /** Whether it heard that the episode is over. */
  readonly resolved: boolean;
}

/** What is remembered of the channels that were told of an episode; of its end (`resolved`), only those that were not. */
export const toldIn = (
  record: Pick<EpisodeRecord, "channels"> | undefined,
  number: number,
  { exceptOfEnd = false } = {},
): Record<string, ToldChannel> =>
  Object.fromEntries(
    Object.entries(record?.channels ?? {})
      .filter(([, told]) => told.number === number && !(exceptOfEnd && told.resolved))
      .map(([name, { at, thread }]) => [name, { at, ...(thread !== undefined && { thread }) }]),
  );
