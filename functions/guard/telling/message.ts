import type { Alert } from "../../alert";
import type { AlertSettings } from "../../alert-settings";
import { episodeId } from "../../episodes/key";
import type { EpisodeStore } from "../../episodes/store";
import type { log } from "../../log";
import type { Muting } from "../../mutes/muting";
import { line } from "../../normalize/bounds";
import type { ChangeRecord } from "../record";
import type { GuardTable } from "../table";
import { actionsOf } from "./actions";
import { findingOf, type Policy } from "./finding";
import { type ApprovalTimes, outcomeOf } from "./outcome";

export interface TellingParts {
  readonly settings: AlertSettings;
  readonly policy: Policy;
  /** Absent where nobody is ever asked. */
  readonly approvals?: ApprovalTimes;
  /** Which mutes hold for a finding. */
  readonly muting: Muting;
  readonly table: Pick<GuardTable, "change" | "updateStatus">;
  readonly store: Pick<EpisodeStore, "get" | "open" | "claim" | "retire" | "endAgain">;
  /** Hands over what people must be told. */
  readonly tell: (alert: Alert) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: typeof log;
}

/** Longest outcome, in characters. */
const LONGEST = 512;

/** What is told of a change as it is now. */
export const messageOf = (
  change: ChangeRecord,
  { policy, approvals }: TellingParts,
  now: number,
): Pick<Alert, "finding" | "outcome" | "actions"> => {
  const outcome = outcomeOf(change, approvals, now);
  const actions = actionsOf(change, now);
  return {
    finding: findingOf(change, policy, now),
    ...(outcome !== undefined && { outcome: line(outcome, LONGEST) }),
    ...(actions.length > 0 && { actions }),
  };
};

/** What all alerts of an episode of a change have in common: a change is one problem and has one episode. */
export const aboutEpisode = (key: string, telling: string) =>
  ({ telling, episode: episodeId(key, 1), number: 1, key, markable: false, marks: [] }) as const;
