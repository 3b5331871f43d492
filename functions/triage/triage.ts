import type { Alert, Mark, TellReason } from "../alert";
import { type AlertSettings, recordRetention } from "../alert-settings";
import { isoAfter } from "../duration";
import { episodeId, episodeKey, newTelling } from "../episodes/key";
import { LEASE } from "../episodes/lease";
import { type Claim, type EpisodeRecord, toldIn } from "../episodes/record";
import { type Decision, decide, type Observed, type Opening, openingOf } from "../episodes/rules";
import type { EpisodeStore } from "../episodes/store";
import type { Finding, Normalized } from "../finding";
import type { log } from "../log";
import { marking } from "../marking";

export interface TriageParts {
  readonly settings: AlertSettings;
  readonly store: Pick<EpisodeStore, "open" | "claim">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: typeof log;
  /** Hands over what people must be told. */
  readonly tell: (alert: Alert) => Promise<void>;
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

    const opening = openingOf(settings, finding, now());
    const observed: Observed = opening.kind === "ignore" ? { accepted: false } : await store.open(key, finding, opening, claim, times);
    const decision = decide(opening, observed, finding, eventId, now());

    if (decision.decision === "later") {
      throw new Error(`event ${eventId} is being told by another attempt`);
    }
    const { before } = observed;
    const number = numberOf(decision, before);
    if (decision.decision === "notify" && !decision.claimed && before !== undefined) {
      if (!(await store.claim(before, { ...claim, reason: decision.reason }, finding.severity))) {
        throw new Error(`episode ${key} changed while it was claimed`);
      }
    }
    this.parts.log({
      kind: "decision",
      event: eventId,
      decision: decision.decision,
      reason: decision.reason,
      episode: episodeId(key, number),
      finding: finding.id,
    });
    if (decision.decision === "notify") {
      await this.parts.tell(this.alert(key, number, decision.reason, claim.telling, finding, before));
    } else {
      await this.markCopy(key, finding, opening, observed);
    }
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
      told: toldIn(before, number),
      ...marking(this.parts.settings, key, number, finding.fromSecurityHub || before?.ids.includes(finding.id) ? [finding] : []),
    };
  }

  /** Another finding of a problem that people are told of already (a second standard's, Security Hub's copy) is marked when it first shows up. */
  private async markCopy(key: string, finding: Finding, opening: Opening, { accepted, before }: Observed): Promise<void> {
    const isActive = accepted && (opening.kind === "claim" || opening.kind === "wait");
    if (isActive && finding.fromSecurityHub && before?.claim !== undefined && !before.ids.includes(finding.id)) {
      const { marks } = marking(this.parts.settings, key, before.number, [finding]);
      if (marks.length > 0) {
        await this.parts.mark(marks);
      }
    }
  }
}

function numberOf(decision: Decision, before: EpisodeRecord | undefined): number {
  const anew = decision.decision === "notify" && !decision.claimed && decision.reason === "reopened";
  return (before?.number ?? 1) + (anew ? 1 : 0);
}
