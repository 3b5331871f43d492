import type { AccountRecord } from "../accounts/record";

/** Metric of the members that are silent; an alarm watches it. */
export const SILENT_MEMBERS = "SilentMembers";

/** Which members have to be heard of. */
export interface ExpectedMembers {
  readonly managementAccountId: string;
  readonly regions: readonly string[];
  /** Accounts below these. */
  readonly organizationalUnitIds?: readonly string[];
  /** These accounts. */
  readonly accountIds?: readonly string[];
}

/** An account and Region that should be heard of and is not. */
export interface Silent {
  readonly accountId: string;
  readonly name?: string;
  readonly region: string;
  /** The last sign of life (ISO 8601); absent if there never was one. */
  readonly since?: string;
}

const HOUR = 3_600_000;

/** A day, an hour that Scheduler may try, and one to travel. */
const SILENCE = 26 * HOUR;

/** How long a new account is given to join. */
const GRACE = 24 * HOUR;

/** How much older than the newest sweep an account's may be: what the last daily sweeps did not see has left the Organization. */
const LEFT = 36 * HOUR;

/** Key of the last sign of life of an account and Region. */
export const heartbeatOf = (accountId: string, region: string): string => `${accountId}#${region}`;

/** The members that were last heard of too long ago, by account and Region. */
export function silentMembers({
  accounts,
  heartbeats,
  expected,
  now,
}: {
  readonly accounts: readonly AccountRecord[];
  /** Times (ISO 8601) by `heartbeatOf`. */
  readonly heartbeats: ReadonlyMap<string, string>;
  readonly expected: ExpectedMembers;
  /** Milliseconds since the epoch. */
  readonly now: number;
}): Silent[] {
  const newestSweep = accounts.reduce((newest, { swept = "" }) => (swept > newest ? swept : newest), "");
  return accounts
    .filter((account) => isThere(account, newestSweep) && !isNew(account, now) && isExpected(account, expected))
    .toSorted((left, right) => (left.id < right.id ? -1 : 1))
    .flatMap(({ id, name }) =>
      expected.regions
        .map((region): Silent => ({ accountId: id, name, region, since: heartbeats.get(heartbeatOf(id, region)) }))
        .filter(({ since }) => since === undefined || Date.parse(since) < now - SILENCE),
    );
}

/** Whether the settings cover an account. */
export const isExpected = (account: AccountRecord, { managementAccountId, organizationalUnitIds, accountIds }: ExpectedMembers): boolean =>
  account.id === managementAccountId ||
  accountIds?.includes(account.id) === true ||
  organizationalUnitIds?.some((id) => account.organizationalUnitIds?.includes(id)) === true;

/** Whether the last sweeps saw the account at work: a suspended one runs nothing, and one that left is nobody's to hear of. */
export const isThere = ({ swept, status = "ACTIVE" }: AccountRecord, newestSweep: string): boolean =>
  status === "ACTIVE" && swept !== undefined && Date.parse(swept) >= Date.parse(newestSweep) - LEFT;

/** Whether an account joined so recently that its resources may not be there yet. */
export const isNew = ({ joined }: AccountRecord, now: number): boolean => joined !== undefined && Date.parse(joined) > now - GRACE;
