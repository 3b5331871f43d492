import type { Alert, Mark } from "../alert";
import { type AlertSettings, recordRetention } from "../alert-settings";
import { isoAfter } from "../duration";
import { episodeId, episodeKey, newTelling } from "../episodes/key";
import { LEASE } from "../episodes/lease";
import type { Claim, EpisodeRecord } from "../episodes/record";
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
    if (decision.decision === "notify") {
      await this.tell(key, finding, { ...claim, reason: decision.reason }, observed.before, decision);
    } else {
      await this.markCopy(key, finding, opening, observed);
    }
    const number = numberOf(decision, observed.before);
    this.parts.log({
      kind: "decision",
      event: eventId,
      decision: decision.decision,
      reason: decision.reason,
      episode: episodeId(key, number),
      finding: finding.id,
    });
  }

  private async tell(
    key: string,
    finding: Finding,
    claim: Claim,
    before: EpisodeRecord | undefined,
    decision: Extract<Decision, { decision: "notify" }>,
  ): Promise<void> {
    if (!decision.claimed && before !== undefined && !(await this.parts.store.claim(before, claim, finding.severity))) {
      throw new Error(`episode ${key} changed while it was claimed`);
    }
    const number = numberOf(decision, before);
    await this.parts.tell({
      telling: claim.telling,
      episode: episodeId(key, number),
      number,
      key,
      reason: decision.reason,
      finding,
      seen: number === before?.number ? before.seen + 1 : 1,
      previousSeverity: before?.told,
      lastDelivery: before?.lastDelivery,
      ...marking(this.parts.settings, key, number, finding.fromSecurityHub || before?.ids.includes(finding.id) ? [finding] : []),
    });
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
