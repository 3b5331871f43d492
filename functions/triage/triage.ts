import type { Alert, Mark, TellReason } from "../alert";
import { type AlertSettings, recordRetention } from "../alert-settings";
import { isoAfter } from "../duration";
import { tellingNumber } from "../episodes/changes";
import { episodeId, episodeKey, newTelling } from "../episodes/key";
import { LEASE } from "../episodes/lease";
import { type Claim, type EpisodeRecord, toldIn } from "../episodes/record";
import { type Decision, decide, isMutable, mutedOpening, type Observed, type Opening, openingOf } from "../episodes/rules";
import type { EpisodeStore } from "../episodes/store";
import { waitedSince } from "../episodes/waited";
import type { Finding, Normalized } from "../finding";
import type { log } from "../log";
import { marking } from "../marking";
import { endOf } from "../mutes/mutes";
import type { Muting } from "../mutes/muting";
import { type EndParts, tellEnd } from "./end";

export interface TriageParts extends EndParts {
  readonly settings: AlertSettings;
  /** Which mutes hold for a finding. */
  readonly muting: Muting;
  readonly store: Pick<EpisodeStore, "open" | "claim" | "postpone" | "endAgain">;
  readonly log: typeof log;
  /** Asks for the findings' Workflow to be set to NOTIFIED. */
  readonly mark: (marks: readonly Mark[]) => Promise<void>;
}

/** Decides about events, one at a time, with at most one write for an event that nobody needs to hear of. */
export class Triage {
  constructor(private readonly parts: TriageParts) {}

  /** Decides about an event and acts on it. Whatever it throws is worth another try. */
  async judge({ eventId, eventTime, finding }: Normalized): Promise<void> {
    const { settings, store, now } = this.parts;
    const key = episodeKey(finding);
    const claim: Claim = { telling: newTelling(), by: eventId, until: isoAfter(now(), LEASE), reason: "new" };
    const times = { eventTime, expires: Math.ceil((now() + recordRetention(settings)) / 1000) };

    const opening = await this.opening(finding);
    const observed: Observed = opening.kind === "ignore" ? { accepted: false } : await store.open(key, finding, opening, claim, times);
    const decision = decide(opening, observed, finding, eventId, now());

    if (decision.decision === "later") {
      throw new Error(`event ${eventId} is being told by another attempt`);
    }
    const { before } = observed;
    const seen = before ?? { key, number: 1 };
    const number = decision.decision === "notify" && !decision.claimed ? tellingNumber(seen, decision.reason) : seen.number;
    if (decision.decision === "notify" && !decision.claimed) {
      if (!(await store.claim(seen, { ...claim, reason: decision.reason }, finding.severity))) {
        throw new Error(`episode ${key} changed while it was claimed`);
      }
    }
    if (decision.decision === "notify" && decision.claimed && before?.due !== undefined && before.due > claim.until) {
      // It waited, or was muted, until an event ended that: the write left the time of the next look as it was. If this telling gets lost, that is too late.
      await store.postpone({ ...before, claim }, claim.until);
    }
    this.parts.log({
      kind: "decision",
      event: eventId,
      decision: decision.decision,
      reason: decision.reason,
      episode: episodeId(key, number),
      finding: finding.id,
      ...(decision.reason === "muted" && { owner: decision.mute.owner, until: endOf(decision.mute) }),
    });
    if (decision.decision === "notify") {
      await this.parts.tell(this.alert(key, number, decision.reason, claim.telling, finding, before));
    } else if (opening.kind === "close") {
      await tellEnd(this.parts, claim, finding, observed);
    } else {
      await this.lookInTime(opening, decision, observed);
      await this.markCopy(key, finding, opening, observed);
    }
  }

  private async opening(finding: Finding): Promise<Opening> {
    const { settings, muting, now } = this.parts;
    const opening = openingOf(settings, finding, now());
    return isMutable(opening) ? mutedOpening(opening, await muting(finding), now()) : opening;
  }

  private alert(key: string, number: number, reason: TellReason, telling: string, finding: Finding, before?: EpisodeRecord): Alert {
    return {
      telling,
      episode: episodeId(key, number),
      number,
      key,
      reason,
      finding,
      seen: number === before?.number ? before.seen + 1 : 1,
      previousSeverity: before?.told,
      lastDelivery: before?.lastDelivery,
      waited: waitedSince(before, reason),
      told: toldIn(before, number),
      ...marking(this.parts.settings, key, number, finding.fromSecurityHub || before?.ids.includes(finding.id) ? [finding] : []),
    };
  }

  /**
   * The write of an event leaves the time of the schedule's next look as it was. Where that is no longer the right one (what is muted would be looked at too late, a
   * wait that begins anew too early), it is set now.
   */
  private async lookInTime(opening: Opening, decision: Decision, { accepted, before }: Observed): Promise<void> {
    if (!accepted || before?.due === undefined || (opening.kind !== "mute" && opening.kind !== "wait")) {
      return;
    }
    const isMuted = decision.decision === "quiet" && decision.reason === "muted";
    if (before.status === "closed" || (isMuted && before.due > opening.due)) {
      await this.parts.store.postpone(before, opening.due);
    }
  }

  /** Another finding of a problem that people are told of already (a second standard's, Security Hub's copy) is marked when it first shows up. */
  private async markCopy(key: string, finding: Finding, opening: Opening, { accepted, before }: Observed): Promise<void> {
    const isActive = accepted && (opening.kind === "claim" || opening.kind === "wait" || opening.kind === "mute");
    if (isActive && finding.fromSecurityHub && before?.claim !== undefined && !before.ids.includes(finding.id)) {
      const { marks } = marking(this.parts.settings, key, before.number, [finding]);
      if (marks.length > 0) {
        await this.parts.mark(marks);
      }
    }
  }
}
