import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { accepted } from "../../../../functions/accepted";
import type { Alert } from "../../../../functions/alert";
import { episodeKey } from "../../../../functions/episodes/key";
import type { EpisodeRecord } from "../../../../functions/episodes/record";
import { EpisodeStore } from "../../../../functions/episodes/store";
import type { ChangeRecord } from "../../../../functions/guard/record";
import { Telling, type TellRequest } from "../../../../functions/guard/telling/telling";
import type { Mute } from "../../../../functions/mutes/mutes";
import { muting } from "../../../../functions/mutes/muting";
import { loggedDuring } from "../../../support/deliveries";
import { guardTable } from "../../../support/presses";
import { MemoryTable } from "../../../support/table";
import { alertSettings, endSettled } from "../../../support/triage";

export const POLICY = { approvedRanges: ["10.0.0.0/8", "203.0.113.0/24"], publicPorts: [80, 443] };

/** What tells of changes, on tables in memory. */
export class TellingBench {
  readonly memory = new MemoryTable();
  readonly store = new EpisodeStore(this.memory.client, "episodes");
  readonly table = guardTable();
  readonly told: Alert[] = [];
  readonly logged: Record<string, unknown>[] = [];
  mutes: readonly Mute[] = [];
  now = Date.parse("2026-03-01T09:00:20.000Z");
  /** Hands over what was told; a test may let it fail. */
  tell = async (alert: Alert): Promise<void> => void this.told.push(alert);
  readonly telling = new Telling({
    settings: alertSettings(),
    policy: POLICY,
    approvals: { timeout: "30m", onTimeout: "keep" },
    muting: (finding) => muting({ mutes: this.mutes, lookUp: async (id) => ({ id }), now: () => this.now })(finding),
    table: this.table,
    store: this.store,
    tell: (alert) => this.tell(alert),
    now: () => this.now,
    log: (entry) => void this.logged.push(entry),
  });

  constructor(readonly change: ChangeRecord) {}

  async run(what: TellRequest["what"], token?: string, more: Partial<TellRequest> = {}): Promise<void> {
    await this.table.putChange(this.change);
    await this.telling.run({ changeId: this.change.id, what, ...(token !== undefined && { token }), ...more });
  }

  /** The last thing that was told is accepted by a channel, as the workflow "alert" records it. */
  async delivered(channel = "soc-slack", thread = "1772355600.000100"): Promise<void> {
    const alert = this.told.at(-1);
    if (alert === undefined) throw new Error("nothing was told");
    const request = { alert, account: { id: this.change.accountId }, channel: { name: channel } };
    const { result } = await loggedDuring(async () =>
      accepted(request, { channelKind: "slack", messageId: "1", thread }, alertSettings(), this.now),
    );
    await this.memory.client.send(new UpdateItemCommand({ TableName: "episodes", ...result.record }));
    if (alert.reason === "resolved") await endSettled(this.memory, alert);
  }

  async toldAndDelivered(what: TellRequest["what"], token?: string): Promise<Alert | undefined> {
    const before = this.told.length;
    await this.run(what, token);
    if (this.told.length > before) await this.delivered();
    return this.told[before];
  }

  async episode(): Promise<EpisodeRecord | undefined> {
    return this.store.get(episodeKey({ origin: "security-group", ...this.change, problem: this.change.id }));
  }
}
