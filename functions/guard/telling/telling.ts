import type { TellReason } from "../../alert";
import { recordRetention } from "../../alert-settings";
import { isoAfter } from "../../duration";
import { episodeId, episodeKey, newTelling } from "../../episodes/key";
import { LEASE } from "../../episodes/lease";
import type { Claim } from "../../episodes/record";
import { decide, mutedOpening, type Opening } from "../../episodes/rules";
import type { Finding } from "../../finding";
import { endOf } from "../../mutes/mutes";
import { type ChangeRecord, isOpen } from "../record";
import { MOST_REPEATS } from "../repeats";
import { aboutEpisode, messageOf, type TellingParts } from "./message";
import { tellOutcome } from "./tell-outcome";

/** What the workflow "guard" wants told. */
export interface TellRequest {
  readonly changeId: string;
  /** `found`: for the first time. `ask`: the same, and that somebody decides. `outcome`: what became of it, to those who know of it. */
  readonly what: "found" | "ask" | "outcome";
  /** For `ask`: by which the workflow is answered. It goes into the change's record and nowhere else. */
  readonly token?: string;
  /** For `outcome`: name of the execution that was to undo what tocsin did. */
  readonly undo?: string;
  /** For `outcome`: what the workflow knows to be so, while the record may still say otherwise. */
  readonly result?: { readonly status?: string };
}

/** Tells people of changes of security groups. Whatever it throws is worth another try, for longer than a claim holds (functions/episodes/lease.ts). */
export class Telling {
  constructor(private readonly parts: TellingParts) {}

  /** Does what the workflow wants. */
  async run({ changeId, what, token, undo, result }: TellRequest): Promise<void> {
    const change = await this.parts.table.change(changeId);
    if (change === undefined) {
      throw new Error(`there is no change ${changeId}`);
    }
    if (what === "outcome") {
      // Whoever finds it closed has it told before the record says so.
      const known = result?.status === "closed" && isOpen(change) ? { ...change, status: "closed" as const } : change;
      await tellOutcome(this.parts, known, undo);
    } else {
      await this.first(what === "ask" ? await this.asked(change, token) : change);
    }
  }

  /** Remembers whom the answer is for, before anybody can give one. */
  private async asked(change: ChangeRecord, token: string | undefined): Promise<ChangeRecord> {
    if (token === undefined) {
      throw new Error(`nobody waits for an answer about change ${change.id}`);
    }
    const { accepted } = await this.parts.table.updateStatus(change.id, ["told", "asked"], "asked", { token });
    if (!accepted) {
      throw new NothingToAsk(`change ${change.id} is ${change.status}`);
    }
    return { ...change, status: "asked" };
  }

  private async first(change: ChangeRecord): Promise<void> {
    const { settings, store, now, tell } = this.parts;
    const message = messageOf(change, this.parts, now());
    const { finding } = message;
    const key = episodeKey(finding);
    const by = `change ${change.id}`;
    const claim: Claim = { telling: newTelling(), by, until: isoAfter(now(), LEASE), reason: reasonOf(change) };
    const opening = await this.opening(finding, claim.reason);
    // The time of the change, however late a second attempt is: what was told and closed meanwhile is not opened again.
    const times = { eventTime: change.at, expires: Math.ceil((now() + recordRetention(settings)) / 1000) };
    const observed = await store.open(key, finding, opening, claim, times);
    const decision = decide(opening, observed, finding, by, now());
    if (decision.decision === "later") {
      throw new Error(`change ${change.id} is being told by another attempt`);
    }
    if (decision.decision === "quiet") {
      if (decision.reason === "muted") {
        const { owner } = decision.mute;
        const event = change.envelopeId ?? change.eventId;
        const episode = episodeId(key, 1);
        this.parts.log({
          kind: "decision",
          event,
          decision: "quiet",
          reason: "muted",
          episode,
          finding: change.id,
          owner,
          until: endOf(decision.mute),
        });
      }
      return;
    }
    const seen = observed.before ?? { key, number: 1 };
    if (!decision.claimed && !(await store.claim(seen, claim, finding.severity))) {
      throw new Error(`episode ${key} changed while it was claimed`);
    }
    await tell({ ...aboutEpisode(key, claim.telling), ...message, reason: claim.reason, seen: 1, told: {} });
  }

  private async opening(finding: Finding, reason: TellReason): Promise<Opening> {
    const claim: Opening = { kind: "claim" };
    // Only what is new is muted; a second time within the hour says that two fight about it.
    return reason === "new" ? mutedOpening(claim, await this.parts.muting(finding), this.parts.now()) : claim;
  }
}

/** Nobody can decide about the change any more: it was closed before somebody could be asked. */
export class NothingToAsk extends Error {
  override readonly name = "NothingToAsk";
}

/** What tocsin could not put back, or gives up to, needs somebody at once. */
const reasonOf = ({ repeated, status, mode }: ChangeRecord): TellReason =>
  repeated > 1 && (mode !== "alert" || repeated >= MOST_REPEATS) ? "escalated" : status === "failed" ? "escalated" : "new";
