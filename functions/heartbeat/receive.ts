import type { log } from "../log";
import { LONGEST, line } from "../normalize/bounds";
import { at } from "../normalize/read";
import { readHeartbeat } from "./beat";
import type { HeartbeatTable } from "./table";

export interface ReceiveParts {
  readonly table: Pick<HeartbeatTable, "write">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: typeof log;
}

/** Writes a sign of life down, with one request. Nobody is told of it. Throws NotAFinding where trying again would not help. */
export async function receiveHeartbeat(event: unknown, { table, now, log }: ReceiveParts): Promise<void> {
  await table.write(readHeartbeat(event, now()));
  log({ kind: "decision", event: line(at(event, "id"), LONGEST.id), decision: "quiet", reason: "heartbeat" });
}
