import assert from "node:assert/strict";
import { coverageOf, type Observed, type Row, type StackInstance } from "../../coverage/coverage";
import type { AccountRecord } from "../../functions/accounts/record";
import { heartbeatOf } from "../../functions/heartbeat/silence";
import { parseSettings, type Settings } from "../../settings";
import { CONFIG } from "../components/example-config";

const NOW = Date.parse("2026-03-02T12:00:00Z");
const REGIONS = ["eu-west-1", "us-east-1"];
const MANAGEMENT: AccountRecord = { id: "111111111111", name: "management", organizationalUnitIds: ["r-root"], status: "ACTIVE" };
const WEB: AccountRecord = { id: "444444444444", name: "web", organizationalUnitIds: ["r-root", "ou-root-production"], status: "ACTIVE" };

const settingsWith = (forwarding: object): Settings =>
  parseSettings("test", { ...CONFIG, "tocsin:organization": { ...(CONFIG["tocsin:organization"] as object), forwarding } });
const STACKSET = settingsWith({ via: "stackset", organizationalUnitIds: ["ou-root-production"] });
const PROVIDERS = settingsWith({ via: "providers", accountIds: [WEB.id] });

const hoursAgo = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();
const current = (account: AccountRecord): StackInstance[] =>
  REGIONS.map((region) => ({ accountId: account.id, region, status: "CURRENT", reason: "SUCCEEDED" }));
const heard = (account: AccountRecord, at = hoursAgo(1)): [string, string][] =>
  REGIONS.map((region) => [heartbeatOf(account.id, region), at]);

/** An Organization where all is well, with what is given changed. */
const observed = (changes: Partial<Observed> = {}): Observed => ({
  accounts: [WEB, MANAGEMENT],
  instances: current(WEB),
  heartbeats: new Map([...heard(WEB), ...heard(MANAGEMENT)]),
  ...changes,
});

const reasonsOf = (rows: readonly Row[], { id }: AccountRecord): (string | null)[] =>
  rows.filter(({ accountId }) => accountId === id).map(({ reason }) => reason);

describe("coverage", () => {
  it("has a row for each account and covered Region, by account", () => {
    const { rows, ...counts } = coverageOf(STACKSET, observed(), NOW);
    assert.deepEqual(
      rows.map(({ accountId, region }) => `${accountId} ${region}`),
      [MANAGEMENT, WEB].flatMap(({ id }) => REGIONS.map((region) => `${id} ${region}`)),
    );
    assert.deepEqual(rows[3], {
      accountId: WEB.id,
      accountName: "web",
      region: "us-east-1",
      covered: true,
      reason: null,
      lastHeartbeat: hoursAgo(1),
    });
    assert.deepEqual(counts, { covered: 4, missing: 0, suspended: 0 });
  });

  const lab: AccountRecord = { id: "666666666666", name: "lab", organizationalUnitIds: ["r-root", "ou-root-sandboxes"], status: "ACTIVE" };
  const failed = { accountId: WEB.id, region: "us-east-1", status: "OUTDATED", reason: "explicit deny in a service control policy" };
  const OUTSIDE = "its organizational unit is not in tocsin:organization.forwarding";
  const cases: readonly [what: string, Settings, Partial<Observed>, AccountRecord, (string | null)[]][] = [
    ["an account outside the organizational units", STACKSET, { accounts: [lab] }, lab, [OUTSIDE, OUTSIDE]],
    [
      "an account outside, though it was heard of",
      STACKSET,
      { accounts: [lab], instances: current(lab), heartbeats: new Map(heard(lab)) },
      lab,
      [OUTSIDE, OUTSIDE],
    ],
    [
      "an account that is not listed",
      PROVIDERS,
      { accounts: [lab] },
      lab,
      ["not in forwarding.accountIds", "not in forwarding.accountIds"],
    ],
    ["a listed account, without a StackSet", PROVIDERS, { instances: [] }, WEB, [null, null]],
    ["the management account, which no StackSet reaches", STACKSET, { instances: [] }, MANAGEMENT, [null, null]],
    ["an account that the StackSet did not reach", STACKSET, { instances: [] }, WEB, ["no stack instance", "no stack instance"]],
    [
      "a Region where the stack failed",
      STACKSET,
      { instances: [...current(WEB).slice(0, 1), failed] },
      WEB,
      [null, "stack instance OUTDATED: explicit deny in a service control policy"],
    ],
    [
      "a stack that failed without a word",
      STACKSET,
      { instances: [...current(WEB).slice(0, 1), { ...failed, reason: undefined }] },
      WEB,
      [null, "stack instance OUTDATED"],
    ],
    ["an account never heard of", STACKSET, { heartbeats: new Map() }, WEB, ["no heartbeat yet", "no heartbeat yet"]],
    [
      "the management account's silence",
      STACKSET,
      { heartbeats: new Map(heard(MANAGEMENT, hoursAgo(27))) },
      MANAGEMENT,
      [`no heartbeat since ${hoursAgo(27)}`, `no heartbeat since ${hoursAgo(27)}`],
    ],
    ["a heartbeat that is a day late", STACKSET, { heartbeats: new Map(heard(WEB, hoursAgo(25))) }, WEB, [null, null]],
    [
      "one silent Region",
      STACKSET,
      { heartbeats: new Map([...heard(WEB).slice(0, 1), [heartbeatOf(WEB.id, "us-east-1"), hoursAgo(48)]]) },
      WEB,
      [null, `no heartbeat since ${hoursAgo(48)}`],
    ],
    [
      "a new account, which the daily look excuses",
      STACKSET,
      { accounts: [{ ...WEB, joined: hoursAgo(1) }], heartbeats: new Map() },
      WEB,
      ["no heartbeat yet", "no heartbeat yet"],
    ],
  ];
  for (const [what, settings, changes, account, expected] of cases) {
    it(`says of ${what}: ${expected[1] ?? "covered"}`, () => {
      assert.deepEqual(reasonsOf(coverageOf(settings, observed(changes), NOW).rows, account), expected);
    });
  }

  it("leaves out suspended accounts, and says how many", () => {
    const suspended = ["SUSPENDED", "PENDING_CLOSURE"].map((status, index) => ({ ...WEB, id: String(777777777770 + index), status }));
    const { rows, ...counts } = coverageOf(STACKSET, observed({ accounts: [WEB, ...suspended, MANAGEMENT] }), NOW);
    assert.equal(rows.length, 4);
    assert.deepEqual(counts, { covered: 4, missing: 0, suspended: 2 });
  });

  it("compares 10,000 accounts in 10 Regions in a moment", () => {
    const accounts = Array.from({ length: 10_000 }, (_, index) => ({ ...WEB, id: String(300_000_000_000 + index) }));
    const start = performance.now();
    const { missing } = coverageOf(STACKSET, observed({ accounts, instances: accounts.flatMap(current) }), NOW);
    assert.equal(missing, 20_000);
    assert.ok(performance.now() - start < 2_000);
  });
});
