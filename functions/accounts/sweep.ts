import { type log, messageOf } from "../log";
import type { AccountRecord } from "./record";
import type { AccountTable } from "./table";

export interface SweepParts {
  /** All accounts, page by page. */
  readonly list: () => AsyncIterable<readonly AccountRecord[]>;
  readonly tagsOf: (accountId: string) => Promise<Readonly<Record<string, string>>>;
  readonly table: Pick<AccountTable, "write" | "bookmark" | "keepBookmark">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits, for milliseconds. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Whether there is time to take up more. */
  readonly hasTime: () => boolean;
  readonly log: typeof log;
}

/** What one sweep did. */
export interface SweepReport {
  readonly accounts: number;
  /** Accounts that were asked for their tags. */
  readonly tagged: number;
}

/** Writes at the same time. */
const AT_ONCE = 10;

/**
 * Time between two questions for tags, in milliseconds. There is one for each account, and AWS Organizations allows the whole Organization only so many calls a
 * second: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
 */
const PACE = 100;

/** Failures in a row after which the sweep leaves the remaining tags to the next one. */
const PATIENCE = 3;

/**
 * Sweeps the Organization: names and organizational units of all accounts, a call for 20 of them; then tags, a call for each, as far as there is time. Where tags
 * have to stop, the next sweep goes on; until then the known ones stay.
 */
export async function sweep(parts: SweepParts): Promise<SweepReport> {
  const swept = new Date(parts.now()).toISOString();
  // Nothing is written before the list is complete: who is missing from it has left, and must not be one that a half list did not get to.
  const accounts: AccountRecord[] = [];
  for await (const page of parts.list()) {
    accounts.push(...page);
  }
  for (let start = 0; start < accounts.length; start += AT_ONCE) {
    await Promise.all(accounts.slice(start, start + AT_ONCE).map((account) => parts.table.write({ ...account, swept })));
  }
  return { accounts: accounts.length, tagged: await sweepTags(parts, accounts.map(({ id }) => id).sort()) };
}

async function sweepTags({ tagsOf, table, pause, hasTime, log }: SweepParts, ids: readonly string[]): Promise<number> {
  const began = await table.bookmark();
  // From the account after the bookmark to the end, then those before it.
  const first = began === undefined ? 0 : ids.filter((id) => id <= began).length % Math.max(ids.length, 1);
  let last = began;
  let tagged = 0;
  let failures = 0;
  for (const id of [...ids.slice(first), ...ids.slice(0, first)]) {
    if (failures === PATIENCE || !hasTime()) {
      await table.keepBookmark(last);
      return tagged;
    }
    try {
      await table.write({ id, tags: await tagsOf(id) });
      tagged++;
      failures = 0;
    } catch (error) {
      failures++;
      log({ kind: "warning", message: `could not learn the tags of account ${id}`, error: messageOf(error) });
    }
    last = failures === 0 ? id : last;
    await pause(PACE);
  }
  await table.keepBookmark(undefined);
  return tagged;
}
