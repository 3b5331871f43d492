import { createHash } from "node:crypto";
import type { AccountRecord } from "../accounts/record";
import { exemptAccount } from "../guard/exempt";
import type { GuardSettings } from "../guard/settings";
import { type ExpectedMembers, isExpected, isNew, isThere } from "../heartbeat/silence";
import type { log } from "../log";
import type { SweptPlace } from "./place";

/** A message and when it is to arrive. */
export interface Planned {
  readonly place: SweptPlace;
  /** Seconds from now, 0 to 900. */
  readonly delay: number;
}

export interface PlanningParts {
  readonly accounts: () => Promise<readonly AccountRecord[]>;
  /** Which accounts and Regions have the guard's role. */
  readonly expected: ExpectedMembers;
  readonly settings: GuardSettings;
  /** Sends messages; answers how many were not sent, for want of time or because the queue did not take them. */
  readonly send: (planned: readonly Planned[]) => Promise<number>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: typeof log;
}

/** What one run planned. */
export interface PlanningReport {
  readonly accounts: number;
  readonly places: number;
  /** Places that nobody was sent to: the next sweep goes there. */
  readonly left: number;
}

/** Plans a sweep: one message for each account and Region. */
export async function plan({ accounts, expected, settings, send, now, log }: PlanningParts): Promise<PlanningReport> {
  const begun = now();
  const swept = sweptAccounts(await accounts(), { expected, settings, now: begun });
  const places = swept.flatMap((account) => placesOf(account, expected.regions, begun));
  const left = await send(places.map((place) => ({ place, delay: delayOf(place, places.length) })));
  if (left > 0) {
    log({ kind: "warning", message: `${left} of ${places.length} accounts and Regions are left for the next sweep` });
  }
  return { accounts: swept.length, places: places.length, left };
}

/** The accounts that are swept: those at work in which the guard has its role, without those that are exempt as a whole. */
export function sweptAccounts(
  accounts: readonly AccountRecord[],
  { expected, settings, now }: Pick<PlanningParts, "expected" | "settings"> & { readonly now: number },
): readonly AccountRecord[] {
  const newest = accounts.reduce((latest, { swept = "" }) => (swept > latest ? swept : latest), "");
  return accounts
    .filter((account) => isThere(account, newest) || (account.status === "ACTIVE" && isNew(account, now)))
    .filter((account) => isExpected(account, expected) && exemptAccount(settings, account).exempt !== true)
    .toSorted((left, right) => (left.id < right.id ? -1 : 1));
}

const placesOf = (account: AccountRecord, regions: readonly string[], now: number): SweptPlace[] =>
  regions.map((region) => ({
    accountId: account.id,
    region,
    planned: new Date(now).toISOString(),
    ...(isNew(account, now) && { isNew: true }),
  }));

/** Longest delay of a message, in seconds (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatchRequestEntry.html). */
const LONGEST_DELAY = 900;

/**
 * Places a second. EC2 throttles each account and Region by itself, but all roles are assumed from this one account, in which everything together may ask STS 600 times
 * a second (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
 */
const PER_SECOND = 100;

/** When a place has its turn: spread over as much time as so many need, at the same moment of each hour. */
export function delayOf({ accountId, region }: Pick<SweptPlace, "accountId" | "region">, places: number): number {
  const spread = Math.min(LONGEST_DELAY, Math.floor(places / PER_SECOND));
  const number = createHash("sha256").update(`${accountId} ${region}`).digest().readUInt32BE();
  return number % (spread + 1);
}
