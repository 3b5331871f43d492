import type { AccountInfo } from "../alert";
import { type log, messageOf } from "../log";
import { LONGEST, line } from "../normalize/bounds";
import { at } from "../normalize/read";
import { type CreatedAccount, createdAccount } from "./created";
import type { AccountTable } from "./table";

export interface LearnParts {
  readonly table: Pick<AccountTable, "write">;
  /** Asks AWS Organizations. Throws when it does not answer or does not know. */
  readonly ask: (accountId: string, signal: AbortSignal) => Promise<AccountInfo>;
  readonly log: typeof log;
}

/** How long a question to AWS Organizations may take, in milliseconds. */
const PATIENCE = 30_000;

/** Learns of a new account by the event of its creation, long before the next sweep. What it throws is worth another try. */
export async function learnAccount(event: unknown, parts: LearnParts): Promise<void> {
  const created = createdAccount(event);
  if (created !== undefined) {
    const { id, joined } = created;
    await parts.table.write({ ...(await described(created, parts)), id, joined, status: "ACTIVE" });
  }
  parts.log({ kind: "decision", event: line(at(event, "id"), LONGEST.id), decision: "quiet", reason: "account" });
}

/** The event says that there is an account, AWS Organizations what it is called and where it is. */
async function described({ id, name }: CreatedAccount, { ask, log }: LearnParts): Promise<AccountInfo> {
  try {
    return await ask(id, AbortSignal.timeout(PATIENCE));
  } catch (error) {
    if (name === undefined) {
      throw error;
    }
    log({ kind: "warning", message: `AWS Organizations did not describe account ${id}`, error: messageOf(error) });
    return { id, name };
  }
}
