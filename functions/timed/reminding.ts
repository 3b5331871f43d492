import type { TellReason } from "../alert";
import { type AlertSettings, isAskedFor } from "../alert-settings";
import { isoAfter } from "../duration";
import { tellingNumber } from "../episodes/changes";
import { dueReason, isForgotten, reminderAfterLast } from "../episodes/due";
import { episodeId, newTelling } from "../episodes/key";
import { LEASE } from "../episodes/lease";
import { type EpisodeRecord, toldIn } from "../episodes/record";
import { rememberedFinding } from "../episodes/remembered";
import { hasRisen, isReopened, isUndelivered, NEVER } from "../episodes/rules";
import type { EpisodeStore } from "../episodes/store";
import { waitedSince } from "../episodes/waited";
import type { Finding } from "../finding";
import { messageOf } from "../log";
import { marking } from "../marking";
import { endOf, lookAgainAt, type Mute, mutedBy } from "../mutes/mutes";
import type { Muting } from "../mutes/muting";
import type { Current } from "../security-hub/current";
import { isToBeLookedAfter, lookAfter, type RetiringParts, retire } from "./retiring";

/** Episodes that are looked at together: one call of GetFindings. */
const AT_ONCE = 20;

export interface RemindingParts extends RetiringParts {
  readonly settings: AlertSettings;
  /** Which mutes hold for a finding. */
  readonly muting: Muting;
  readonly store: RetiringParts["store"] & Pick<EpisodeStore, "due" | "get" | "claim" | "postpone">;
  readonly ask: (records: readonly EpisodeRecord[]) => AsyncIterable<{ readonly record: EpisodeRecord; readonly current: Current }>;
}

/** What one run did. */
export interface RemindingReport {
  readonly told: number;
  readonly closed: number;
  /** Still there, but muted, milder than anybody asked for, or with nothing to tell of it; or over, with nobody left to hear of that. */
  readonly quiet: number;
  /** Left for the next run: Security Hub or the store did not answer. When time ran out, one for all that are left. */
  readonly left: number;
}

/** Tells what time alone makes due: waits and mutes that passed unresolved, reminders, and tellings that were claimed and then lost. */
export class Reminding {
  constructor(private readonly parts: RemindingParts) {}

  /**
   * One run over all due episodes.
   * @param run id of the run, the holder of its claims.
   * @param hasTime asked before each batch; what is left is due again in the next run.
   */
  async run(run: string, hasTime: () => boolean): Promise<RemindingReport> {
    const report = { told: 0, closed: 0, quiet: 0, left: 0 };
    let batch: EpisodeRecord[] = [];
    for await (const key of this.parts.store.due(this.parts.now())) {
      if (!hasTime()) {
        report.left++;
        break;
      }
      const record = await this.parts.store.get(key);
      if (record !== undefined && isToBeLookedAfter(record, this.parts.now())) {
        await this.counted(report, record, () => lookAfter(this.parts, record));
      } else if (record !== undefined && dueReason(this.parts.settings, record, this.parts.now()) !== undefined) {
        batch.push(record);
      }
      if (batch.length === AT_ONCE) {
        await this.work(run, batch, report);
        batch = [];
      }
    }
    await this.work(run, batch, report);
    return report;
  }

  private async work(run: string, batch: readonly EpisodeRecord[], report: Mutable<RemindingReport>): Promise<void> {
    const askedAt = this.parts.now();
    for await (const { record, current } of this.parts.ask(batch)) {
      await this.counted(report, record, () => this.settle(run, record, current, askedAt));
    }
  }

  private async counted(
    report: Mutable<RemindingReport>,
    { key }: EpisodeRecord,
    work: () => Promise<keyof RemindingReport>,
  ): Promise<void> {
    try {
      report[await work()]++;
    } catch (error) {
      this.parts.log({ kind: "warning", message: `episode ${key} is left for the next run`, error: messageOf(error) });
      report.left++;
    }
  }

  private async settle(run: string, record: EpisodeRecord, current: Current, askedAt: number): Promise<keyof RemindingReport> {
    const { store, settings, now } = this.parts;
    const due = dueReason(settings, record, now());
    if (current.state === "unknown" || due === undefined) {
      throw new Error(current.state === "unknown" ? current.failure : "no longer due");
    }
    if (current.state === "over" || isForgotten(settings, record, askedAt)) {
      const ending = current.state === "over" ? "no longer active" : "forgotten";
      return (await retire(this.parts, record, askedAt, ending)) ? "closed" : "left";
    }
    const [fresh] = current.findings;
    if (fresh !== undefined && !isAskedFor(settings, fresh)) {
      // It is still there, but has become milder than anybody asked for. If it rises again its event says so, and, if nobody was told yet, when to look.
      await store.postpone(record, record.claim && NEVER);
      return "quiet";
    }
    const reason = (due === "look" || due === "reminder") && isReopened(record, current.findings) ? "reopened" : due;
    if (reason === "look") {
      await store.postpone(record, reminderAfterLast(settings, record));
      return "quiet";
    }
    const mute = await this.muted(record, fresh, reason);
    if (mute !== undefined) {
      await store.postpone(record, lookAgainAt(mute, now()), record.claim === undefined ? mute : undefined);
      const { key, number } = record;
      this.parts.log({ kind: "postponed", episode: episodeId(key, number), reason: "muted", owner: mute.owner, until: endOf(mute) });
      return "quiet";
    }
    return (await this.tell(run, record, reason, current.findings)) ? "told" : "left";
  }

  /** The mute that keeps it back. Nobody knows the tags of what was told long ago and Security Hub has no copy of: a mute by tags does not hold then. */
  private async muted(record: EpisodeRecord, fresh: Finding | undefined, reason: TellReason): Promise<Mute | undefined> {
    const finding = fresh ?? rememberedFinding(record);
    // What was decided to be told, and got lost, is told: a rise, or what came before the mute.
    if (isUndelivered(record) || hasRisen(record, finding.severity)) {
      return undefined;
    }
    return mutedBy(await this.parts.muting(finding), reason);
  }

  private async tell(run: string, record: EpisodeRecord, reason: TellReason, findings: readonly Finding[]): Promise<boolean> {
    const { store, settings, now } = this.parts;
    const finding = findings[0] ?? rememberedFinding(record);
    const telling = newTelling();
    const number = tellingNumber(record, reason);
    if (!(await store.claim(record, { telling, by: run, until: isoAfter(now(), LEASE), reason }, finding.severity))) {
      return false;
    }
    await this.parts.tell({
      telling,
      episode: episodeId(record.key, number),
      number,
      key: record.key,
      reason,
      finding,
      seen: number === record.number ? record.seen : 1,
      previousSeverity: record.told,
      lastDelivery: record.lastDelivery,
      waited: waitedSince(record, reason),
      told: toldIn(record, number),
      ...marking(
        settings,
        record.key,
        number,
        findings.filter(({ workflow }) => workflow === "NEW"),
      ),
    });
    return true;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
