import type { AccountInfo } from "../alert";
import { holds, holdsIn, type Mutable, type Mute } from "./mutes";

export interface MutingParts {
  readonly mutes: readonly Mute[];
  /** What is known of an account; its bare id if nothing is. */
  readonly lookUp: (accountId: string) => Promise<AccountInfo>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The mutes that hold for a finding, whatever the reason to tell of it. */
export type Muting = (finding: Mutable) => Promise<readonly Mute[]>;

/**
 * Finds the mutes that hold for a finding. Its account is looked up only where a mute would hold but for the account's name or organizational units; an account
 * of which these are not known is not muted by them: rather tell than keep quiet.
 */
export function muting({ mutes, lookUp, now }: MutingParts): Muting {
  return async (finding) => {
    const candidates = mutes.map((mute) => ({ mute, holding: holds(mute, finding, now()) })).filter(({ holding }) => holding !== "no");
    if (candidates.every(({ holding }) => holding === "yes")) {
      return candidates.map(({ mute }) => mute);
    }
    const account = await lookUp(finding.accountId);
    return candidates.flatMap(({ mute, holding }) => (holding === "yes" || holdsIn(mute, finding, account) ? [mute] : []));
  };
}
