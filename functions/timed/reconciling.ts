import type { Ending } from "../alert";
import { isForgotten } from "../episodes/due";
import type { EpisodeRecord } from "../episodes/record";
import type { EpisodeStore } from "../episodes/store";
import { messageOf } from "../log";
import type { Current } from "../security-hub/current";
import { type RetiringParts, retire } from "./retiring";

export interface ReconcilingParts extends RetiringParts {
  readonly forget: string;
  readonly store: RetiringParts["store"] & Pick<EpisodeStore, "openEpisodes">;
  readonly ask: (records: readonly EpisodeRecord[]) => AsyncIterable<{ readonly record: EpisodeRecord; readonly current: Current }>;
}

/** What one run found. */
export interface ReconcilingReport {
  /** Open episodes that were looked at. */
  readonly open: number;
  readonly closed: number;
  /** Episodes that Security Hub did not answer for: the next run asks again. */
  readonly unanswered: number;
  /** Key after which the next run has to go on, when time ran out. */
  readonly goOnAfter?: string;
}

/** Compares the open episodes with Security Hub and closes what is no longer active, so that a problem that comes back counts as new. */
export class Reconciling {
  constructor(private readonly parts: ReconcilingParts) {}

  /**
   * One run over the open episodes.
   * @param after key to go on after.
   * @param hasTime asked before each page.
   */
  async run(after: string | undefined, hasTime: () => boolean): Promise<ReconcilingReport> {
    const report = { open: 0, closed: 0, unanswered: 0 };
    let last = after;
    for await (const { episodes, last: end } of this.parts.store.openEpisodes(after)) {
      if (!hasTime()) {
        return { ...report, goOnAfter: last };
      }
      await this.page(episodes, report);
      last = end;
    }
    return report;
  }

  private async page(episodes: readonly EpisodeRecord[], report: { open: number; closed: number; unanswered: number }): Promise<void> {
    const { now } = this.parts;
    const askedAt = now();
    report.open += episodes.length;
    for (const record of episodes.filter((episode) => isForgotten(this.parts, episode, askedAt))) {
      await this.close(record, askedAt, "forgotten", report);
    }
    const controls = episodes.filter(({ origin }) => origin === "securityhub");
    for await (const { record, current } of this.parts.ask(controls)) {
      if (current.state === "unknown") {
        report.unanswered++;
        this.parts.log({ kind: "warning", message: `Security Hub did not answer for episode ${record.key}`, error: current.failure });
      } else if (current.state === "over") {
        await this.close(record, askedAt, "no longer active", report);
      }
    }
  }

  private async close(record: EpisodeRecord, askedAt: number, why: Ending, report: { closed: number; unanswered: number }): Promise<void> {
    try {
      if (await retire(this.parts, record, askedAt, why)) {
        report.closed++;
      }
    } catch (error) {
      report.unanswered++;
      this.parts.log({ kind: "warning", message: `episode ${record.key} could not be closed`, error: messageOf(error) });
    }
  }
}
