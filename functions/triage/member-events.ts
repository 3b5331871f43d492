import { createdAccount, isCreatedAccount } from "../accounts/created";
import type { AccountTable } from "../accounts/table";
import { isHeartbeat, readHeartbeat } from "../heartbeat/beat";
import type { HeartbeatTable } from "../heartbeat/table";
import type { log } from "../log";
import { LONGEST, line } from "../normalize/bounds";
import { at } from "../normalize/read";

export interface MemberEventsParts {
  readonly heartbeats: Pick<HeartbeatTable, "write">;
  readonly accounts: Pick<AccountTable, "write">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: typeof log;
}

/** Events that members send about themselves, not about problems: written down, and told to nobody. */
export class MemberEvents {
  constructor(private readonly parts: MemberEventsParts) {}

  /** Takes an event if it is one of these, with at most one write; answers whether it was. Throws NotAFinding where trying again would not help. */
  async take(event: unknown): Promise<boolean> {
    const { heartbeats, accounts, now } = this.parts;
    if (isHeartbeat(event)) {
      await heartbeats.write(readHeartbeat(event, now()));
      this.decided(event, "heartbeat");
      return true;
    }
    if (isCreatedAccount(event)) {
      const account = createdAccount(event);
      if (account !== undefined) {
        await accounts.write(account);
      }
      this.decided(event, "account");
      return true;
    }
    return false;
  }

  private decided(event: unknown, reason: string): void {
    this.parts.log({ kind: "decision", event: line(at(event, "id"), LONGEST.id), decision: "quiet", reason });
  }
}
