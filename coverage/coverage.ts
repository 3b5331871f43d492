import type { AccountRecord } from "../functions/accounts/record";
import { heartbeatOf, isExpected, silentMembers } from "../functions/heartbeat/silence";
import type { Settings } from "../settings";

/** What a StackSet made, or did not make, in an account and Region. */
export interface StackInstance {
  readonly accountId: string;
  readonly region: string;
  /** As CloudFormation says it: `CURRENT`, `OUTDATED` or `INOPERABLE`. */
  readonly status: string;
  /** Why it is not current. */
  readonly reason?: string | undefined;
}

/** What is known of an Organization at a moment. */
export interface Observed {
  readonly accounts: readonly AccountRecord[];
  /** None with `via: providers`. */
  readonly instances: readonly StackInstance[];
  /** Times (ISO 8601) of the last signs of life by `heartbeatOf`. */
  readonly heartbeats: ReadonlyMap<string, string>;
}

/** An account and Region, and whether what happens there reaches the security account. */
export interface Row {
  readonly accountId: string;
  readonly accountName: string | null;
  readonly region: string;
  readonly covered: boolean;
  /** Why it is missing; null if it is covered. */
  readonly reason: string | null;
  /** ISO 8601; null if there never was one. */
  readonly lastHeartbeat: string | null;
}

export interface Coverage {
  /** By account, and then as the settings list the Regions. */
  readonly rows: readonly Row[];
  /** Rows that are covered. */
  readonly covered: number;
  /** Rows that are not. */
  readonly missing: number;
  /** Accounts that are left out because nothing runs there: suspended, or not yet open. */
  readonly suspended: number;
}

/** Compares every account and covered Region of the Organization with what the settings ask for. */
export function coverageOf(settings: Settings, { accounts, instances, heartbeats }: Observed, now: number): Coverage {
  const { regions } = settings.organization;
  const instanceIn = new Map(instances.map((instance) => [placeOf(instance), instance]));
  const active = accounts.filter(({ status = "ACTIVE" }) => status === "ACTIVE");
  const rows = active
    .toSorted((left, right) => (left.id < right.id ? -1 : 1))
    .flatMap((account) => {
      const outside = whyOutside(settings, account);
      const silent = silentRegions(settings, account, heartbeats, now);
      return regions.map((region): Row => {
        const last = heartbeats.get(heartbeatOf(account.id, region)) ?? null;
        const reason =
          outside ??
          (hasInstances(settings, account) ? whyNotDeployed(instanceIn.get(placeOf({ accountId: account.id, region }))) : null) ??
          (silent.has(region) ? whySilent(last) : null);
        return {
          accountId: account.id,
          accountName: account.name ?? null,
          region,
          covered: reason === null,
          reason,
          lastHeartbeat: last,
        };
      });
    });
  const covered = rows.filter((row) => row.covered).length;
  return { rows, covered, missing: rows.length - covered, suspended: accounts.length - active.length };
}

const placeOf = ({ accountId, region }: { readonly accountId: string; readonly region: string }): string => `${accountId} ${region}`;

/** StackSets never reach the management account, which has its own rules in any case. */
const isManagement = ({ organization }: Settings, { id }: AccountRecord): boolean => id === organization.managementAccountId;

const hasInstances = (settings: Settings, account: AccountRecord): boolean =>
  settings.organization.forwarding.via === "stackset" && !isManagement(settings, account);

/** Why the settings do not mean the account, or null if they do. */
function whyOutside({ organization }: Settings, account: AccountRecord): string | null {
  const { forwarding } = organization;
  if (isExpected(account, { ...organization, ...forwarding })) {
    return null;
  }
  return forwarding.via === "stackset"
    ? "its organizational unit is not in tocsin:organization.forwarding"
    : "not in forwarding.accountIds";
}

function whyNotDeployed(instance: StackInstance | undefined): string | null {
  if (instance === undefined) {
    return "no stack instance";
  }
  const { status, reason } = instance;
  return status === "CURRENT" ? null : `stack instance ${status}${reason ? `: ${reason}` : ""}`;
}

const whySilent = (last: string | null): string => (last === null ? "no heartbeat yet" : `no heartbeat since ${last}`);

/** The Regions where the daily look for silent members would miss the account, were it no new one: who asks for coverage wants to know about those, too. */
function silentRegions({ organization }: Settings, account: AccountRecord, heartbeats: Observed["heartbeats"], now: number): Set<string> {
  const { managementAccountId, regions } = organization;
  const known = { id: account.id, swept: new Date(now).toISOString() };
  const expected = { managementAccountId, regions, accountIds: [account.id] };
  return new Set(silentMembers({ accounts: [known], heartbeats, expected, now }).map(({ region }) => region));
}
