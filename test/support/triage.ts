import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { AccountInfo, Alert, Mark } from "../../functions/alert";
import type { AlertSettings } from "../../functions/alert-settings";
import { delivery, farewell } from "../../functions/episodes/changes";
import { nextReminder } from "../../functions/episodes/rules";
import { EpisodeStore } from "../../functions/episodes/store";
import { updateExpression } from "../../functions/episodes/update-expression";
import type { Finding } from "../../functions/finding";
import type { Mute } from "../../functions/mutes/mutes";
import { type Muting, muting } from "../../functions/mutes/muting";
import type { Resolves } from "../../functions/routing/resolved";
import { Triage } from "../../functions/triage/triage";
import { MemoryTable } from "./table";

export const START = Date.parse("2026-03-01T09:00:00.000Z");
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Settings that let everything in, with reminders and a wait. */
export const alertSettings = (overrides: Partial<AlertSettings> = {}): AlertSettings => ({
  sources: [
    { origin: "securityhub", severities: ["CRITICAL", "HIGH", "MEDIUM"] },
    { origin: "guardduty", severities: ["CRITICAL", "HIGH", "MEDIUM"] },
    { origin: "inspector", severities: ["CRITICAL", "HIGH"] },
  ],
  remind: { CRITICAL: "5d", HIGH: "15d" },
  wait: {},
  writeBack: true,
  forget: "30d",
  ...overrides,
});

/** Triage on a table in memory, with everything it told, marked and decided at hand. */
export class TriageBench {
  readonly table = new MemoryTable();
  readonly store = new EpisodeStore(this.table.client, "episodes");
  readonly told: Alert[] = [];
  readonly marks: Mark[] = [];
  readonly decisions: Record<string, unknown>[] = [];
  /** What the schedules logged. */
  readonly logged: Record<string, unknown>[] = [];
  /** Mutes of the settings; a test may change them, as a deployment does. */
  mutes: readonly Mute[] = [];
  /** What is known of accounts, by id. */
  readonly accounts = new Map<string, AccountInfo>();
  /** Accounts that were looked up for a mute. */
  readonly lookedUp: string[] = [];
  now = START;
  private events = 0;

  readonly triage: Triage;
  /** Hands over what was told; a test may let it fail. */
  tell = async (alert: Alert): Promise<void> => void this.told.push(alert);

  /** Finds mutes as the handlers do. */
  readonly muting: Muting = (finding) =>
    muting({
      mutes: this.mutes,
      lookUp: async (id) => {
        this.lookedUp.push(id);
        return this.accounts.get(id) ?? { id };
      },
      now: () => this.now,
    })(finding);

  constructor(
    readonly settings: AlertSettings = alertSettings(),
    readonly resolves: Resolves = { channels: [], routed: false },
  ) {
    this.triage = new Triage({
      settings,
      resolves,
      muting: this.muting,
      store: this.store,
      now: () => this.now,
      log: (entry) => void this.decisions.push(entry),
      tell: (alert) => this.tell(alert),
      mark: async (marks) => void this.marks.push(...marks),
    });
  }

  /** An event arrives; answers the reason that was decided, and `!` if people are told. */
  async arrives(finding: Finding, eventId = `event-${++this.events}`): Promise<string> {
    const known = this.decisions.length;
    await this.triage.judge({ eventId, eventTime: new Date(this.now).toISOString(), finding });
    const entry = this.decisions.slice(known).find(({ kind }) => kind === "decision");
    return `${entry?.reason}${entry?.decision === "notify" ? "!" : ""}`;
  }

  /** A channel accepts the message, as the workflow "alert" records it. */
  async delivered(alert = this.told.at(-1), channel = "soc-mail"): Promise<void> {
    if (alert === undefined) throw new Error("nothing was told");
    const due = nextReminder(this.settings, alert.finding.severity, this.now);
    const accepted = { channel, number: alert.number, at: new Date(this.now).toISOString() };
    const update = alert.reason === "resolved" ? farewell(accepted) : delivery(alert.telling, accepted, due, 0);
    await this.table.client.send(new UpdateItemCommand({ TableName: "episodes", Key: { pk: { S: alert.key } }, ...update }));
    if (alert.reason === "resolved") await endSettled(this.table, alert);
  }

  /** An event arrives and, if people are told, a channel accepts the message. */
  async arrivesAndIsDelivered(finding: Finding): Promise<string> {
    const reason = await this.arrives(finding);
    if (reason.endsWith("!")) await this.delivered();
    return reason;
  }
}

/** The workflow says that each channel heard of the end, if nobody took a late message meanwhile (state "SettleEnd", components/settling.ts). */
export async function endSettled(table: MemoryTable, { key, number }: Alert): Promise<void> {
  const settled = updateExpression(
    { remove: ["due"] },
    { expression: "#status = :closed AND #number = :next AND #due = #endUntil", values: { closed: "closed", next: number + 1 } },
  );
  await table.client.send(new UpdateItemCommand({ TableName: "episodes", Key: { pk: { S: key } }, ...settled })).catch(() => undefined);
}
