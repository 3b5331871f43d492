import type { Alert } from "../../functions/alert";
import type { EpisodeRecord } from "../../functions/episodes/record";
import type { Finding } from "../../functions/finding";
import { type Current, stateOf } from "../../functions/security-hub/current";
import { Reconciling, type ReconcilingReport } from "../../functions/timed/reconciling";
import { Reminding, type RemindingReport } from "../../functions/timed/reminding";
import { aGuardDutyFinding } from "./findings";
import { alertSettings, HOUR, START, TriageBench } from "./triage";

/** Security Hub as it holds these findings; `down` makes it not answer. */
export class Hub {
  down = false;
  constructor(public findings: readonly Finding[]) {}
  async *ask(records: readonly EpisodeRecord[]): AsyncGenerator<{ record: EpisodeRecord; current: Current }> {
    for (const record of records) {
      const own = this.findings.filter(({ problem }) => problem === record.problem);
      yield { record, current: this.down ? { state: "unknown", failure: "ThrottlingException" } : stateOf(record, own) };
    }
  }
}

const parts = (bench: TriageBench, hub: Hub) => ({
  resolves: bench.resolves,
  store: bench.store,
  ask: (records: readonly EpisodeRecord[]) => hub.ask(records),
  tell: bench.tell,
  now: () => bench.now,
  log: (entry: Record<string, unknown>) => void bench.logged.push(entry),
});

/** A run of the reminders. */
export const reminders = (bench: TriageBench, hub: Hub): Promise<RemindingReport> =>
  new Reminding({ ...parts(bench, hub), settings: bench.settings, muting: bench.muting }).run("run", () => true);

/** A run of the reconciliation. */
export const reconcile = (bench: TriageBench, hub: Hub): Promise<ReconcilingReport> =>
  new Reconciling({ ...parts(bench, hub), forget: "30d" }).run(undefined, () => true);

/** The channel "soc-slack" can use it that an episode is over. */
export const slack = { channels: ["soc-slack"], routed: false };

/** An hour ago people were told in Slack and by mail. */
export async function told(
  resolves = slack,
  finding = aGuardDutyFinding({ updatedAt: new Date(START).toISOString() }),
): Promise<TriageBench> {
  const bench = new TriageBench(alertSettings(), resolves);
  await bench.arrives(finding);
  await bench.delivered(bench.told[0], "soc-slack");
  await bench.delivered(bench.told[0], "soc-mail");
  bench.now += HOUR;
  return bench;
}

/** What was told of ends. */
export const ends = (bench: TriageBench): Alert[] => bench.told.filter(({ reason }) => reason === "resolved");
