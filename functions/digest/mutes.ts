import type { AccountInfo } from "../alert";
import type { Finding } from "../finding";
import { holds, holdsIn, type Mute } from "../mutes/mutes";

/** Whether a mute covers a finding, or would if it were not over. */
export function covers(mute: Mute, finding: Finding, account: AccountInfo): boolean {
  const holding = holds(mute, finding, Number.NEGATIVE_INFINITY);
  return holding === "yes" || (holding === "ask" && holdsIn(mute, finding, account));
}

/** Whether a mute is over. */
export const isOver = ({ expires }: Mute, now: number): boolean => Date.parse(expires) <= now;
