import type { Alert, TellReason } from "../alert";
import { type AlertSettings, isAskedFor } from "../alert-settings";
import { isoAfter } from "../duration";
import { episodeId, newTelling } from "../episodes/key";
import { LEASE } from "../episodes/lease";
import { type EpisodeRecord, toldIn } from "../episodes/record";
import { rememberedFinding } from "../episodes/remembered";
import { dueReason, isForgotten, NEVER } from "../episodes/rules";
import type { EpisodeStore } from "../episodes/store";
import type { Finding } from "../finding";
import { type log, messageOf } from "../log";
import { marking } from "../marking";
import type { Current } from "../security-hub/current";

/** Episodes that are looked at together: one call of GetFindings. */
const AT_ONCE = 20;

export interface RemindingParts {
  readonly settings: AlertSettings;
  readonly store: Pick<EpisodeStore, "due" | "get" | "claim" | "retire" | "postpone">;
  readonly ask: (records: readonly EpisodeRecord[]) => AsyncIterable<{ readonly record: EpisodeRecord; readonly current: Current }>;
  readonly tell: (alert: Alert) => Promise<void>;
  readonly now: () => number;
  readonly log: typeof log;
}

/** What one run did. */
export interface RemindingReport {
  readonly told: number;
  readonly closed: number;
  /** Still there, but milder than anybody asked for. */
  readonly quiet: number;
  /** Left for the next run: Security Hub or the store did not answer. When time ran out, one for all that are left. */
  readonly left: number;
}

/** Tells what time alone makes due: waits that passed unresolved, reminders, and tellings that were claimed and then lost. */
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
      if (record !== undefined && dueReason(this.parts.settings, record, this.parts.now()) !== undefined) {
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
      try {
        report[await this.settle(run, record, current, askedAt)]++;
      } catch (error) {
        this.parts.log({ kind: "warning", message: `episode ${record.key} is left for the next run`, error: messageOf(error) });
        report.left++;
      }
    }
  }

  private async settle(run: string, record: EpisodeRecord, current: Current, askedAt: number): Promise<keyof RemindingReport> {
    const reason = dueReason(this.parts.settings, record, this.parts.now());
    if (current.state === "unknown" || reason === undefined) {
      throw new Error(current.state === "unknown" ? current.failure : "no longer due");
    }
    if (current.state === "over" || isForgotten(this.parts.settings, record, askedAt)) {
      return (await this.parts.store.retire(record, askedAt)) ? "closed" : "left";
    }
    const [fresh] = current.findings;
    if (fresh !== undefined && !isAskedFor(this.parts.settings, fresh)) {
      // It is still there, but has become milder than anybody asked for. If it rises again its event says so.
      await this.parts.store.postpone(record, NEVER);
      return "quiet";
    }
    return (await this.tell(run, record, reason, current.findings)) ? "told" : "left";
  }

  private async tell(run: string, record: EpisodeRecord, reason: TellReason, findings: readonly Finding[]): Promise<boolean> {
    const { store, settings, now } = this.parts;
    const finding = findings[0] ?? rememberedFinding(record);
    const telling = newTelling();
    if (!(await store.claim(record, { telling, by: run, until: isoAfter(now(), LEASE), reason }, finding.severity))) {
      return false;
    }
    await this.parts.tell({
      telling,
      episode: episodeId(record.key, record.number),
      number: record.number,
      key: record.key,
      reason,
      finding,
      seen: record.seen,
      previousSeverity: record.told,
      lastDelivery: record.lastDelivery,
      told: toldIn(record, record.number),
      ...marking(
        settings,
        record.key,
        record.number,
        findings.filter(({ workflow }) => workflow === "NEW"),
      ),
    });
    return true;
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
