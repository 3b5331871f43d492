import type { Alert } from "../alert";
import { endAlert, owesEnd } from "../episodes/ending";
import { type EndClaim, UNDELIVERED } from "../episodes/record";
import type { Observed } from "../episodes/rules";
import type { EpisodeStore } from "../episodes/store";
import type { Finding } from "../finding";
import type { Resolves } from "../routing/resolved";

export interface EndParts {
  /** Who can be told that an episode is over. */
  readonly resolves: Resolves;
  readonly store: Pick<EpisodeStore, "endAgain">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Hands over what people must be told. */
  readonly tell: (alert: Alert) => Promise<void>;
}

/**
 * Tells of the end of an episode that people were told of: where an event closed it, or its first attempt did and then died. What it throws is worth another try.
 * @param claim the event's taking on to tell of it.
 * @param observed what the event's write found.
 */
export async function tellEnd(parts: EndParts, claim: EndClaim, finding: Finding, { accepted, before }: Observed): Promise<void> {
  if (before === undefined || !(before.status === "closed" || accepted)) {
    return;
  }
  const number = before.status === "closed" ? before.number - 1 : before.number;
  if (!owesEnd(before, number, parts.resolves)) {
    return;
  }
  if (before.status === "closed" && before.end?.by !== claim.by) {
    if (accepted && before.end !== undefined && before.end.by !== UNDELIVERED) {
      // Another tells of it. That the schedule makes sure of that, if it had to, went with this event's write.
      await parts.store.endAgain(before, before.end);
    }
    return;
  }
  if (before.status === "closed") {
    await takeOver(parts, claim, before);
  } else {
    // Only here is it known that somebody has to hear of it: from now on the schedule makes sure of that. If the problem is back already, its end is told all the same.
    await parts.store.endAgain({ ...before, number: number + 1, end: claim }, claim);
  }
  await parts.tell(endAlert(before, number, "by its source", finding));
}

/** Takes on what the first attempt at the same event had taken on, once that one must have died. */
async function takeOver({ store, now }: EndParts, { by, until }: EndClaim, before: Observed["before"] & {}): Promise<void> {
  if (before.end !== undefined && Date.parse(before.end.until) > now()) {
    throw new Error(`the end of episode ${before.key} is being told by another attempt`);
  }
  if (!(await store.endAgain(before, { by, until }))) {
    throw new Error(`episode ${before.key} changed while its end was told`);
  }
}
