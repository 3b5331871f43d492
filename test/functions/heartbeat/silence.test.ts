import assert from "node:assert/strict";
import fc from "fast-check";
import type { AccountRecord } from "../../../functions/accounts/record";
import { silenceMessage } from "../../../functions/heartbeat/message";
import { type ExpectedMembers, heartbeatOf, type Silent, silentMembers } from "../../../functions/heartbeat/silence";

const NOW = Date.parse("2026-03-10T05:50:00.000Z");
const ago = (hours: number): string => new Date(NOW - hours * 3_600_000).toISOString();

const account = (id: string, overrides: Partial<AccountRecord> = {}): AccountRecord => ({
  id,
  name: `account-${id.slice(0, 1)}`,
  organizationalUnitIds: ["r-root", "ou-root-production"],
  status: "ACTIVE",
  joined: ago(1000),
  swept: ago(5),
  ...overrides,
});

const MANAGEMENT = "111111111111";
const PAYMENTS = "333333333333";
const EVERYWHERE: ExpectedMembers = {
  managementAccountId: MANAGEMENT,
  regions: ["eu-west-1", "us-east-1"],
  organizationalUnitIds: ["r-root"],
};

const silent = (
  accounts: readonly AccountRecord[],
  heartbeats: Readonly<Record<string, string>> = {},
  expected: ExpectedMembers = EVERYWHERE,
): string[] =>
  silentMembers({ accounts, heartbeats: new Map(Object.entries(heartbeats)), expected, now: NOW }).map(
    ({ accountId, region }) => `${accountId} ${region}`,
  );

const alive = (id: string, hours = 2) => ({ [heartbeatOf(id, "eu-west-1")]: ago(hours), [heartbeatOf(id, "us-east-1")]: ago(hours) });

describe("a silent member", () => {
  it("is an account and Region last heard of more than 26 hours ago, or never", () => {
    assert.deepEqual(silent([account(PAYMENTS)], alive(PAYMENTS)), []);
    assert.deepEqual(silent([account(PAYMENTS)], alive(PAYMENTS, 25.9)), []);
    assert.deepEqual(silent([account(PAYMENTS)], { ...alive(PAYMENTS), [heartbeatOf(PAYMENTS, "us-east-1")]: ago(26.1) }), [
      `${PAYMENTS} us-east-1`,
    ]);
    assert.deepEqual(silent([account(PAYMENTS)]), [`${PAYMENTS} eu-west-1`, `${PAYMENTS} us-east-1`]);
  });

  it("is named with its last sign of life", () => {
    const [found] = silentMembers({
      accounts: [account(PAYMENTS)],
      heartbeats: new Map([[heartbeatOf(PAYMENTS, "eu-west-1"), ago(30)]]),
      expected: { ...EVERYWHERE, regions: ["eu-west-1"] },
      now: NOW,
    });
    assert.deepEqual(found, { accountId: PAYMENTS, name: "account-3", region: "eu-west-1", since: ago(30) });
  });

  it("is none that joined less than a day ago", () => {
    assert.deepEqual(silent([account(PAYMENTS, { joined: ago(23) })]), []);
    assert.equal(silent([account(PAYMENTS, { joined: ago(25) })]).length, 2);
  });

  it("is none that is suspended or has left the Organization", () => {
    assert.deepEqual(silent([account(PAYMENTS, { status: "SUSPENDED" })]), []);
    assert.deepEqual(silent([account(PAYMENTS, { swept: ago(60) }), account(MANAGEMENT)], alive(MANAGEMENT)), []);
    assert.deepEqual(silent([account(PAYMENTS, { swept: undefined }), account(MANAGEMENT)], alive(MANAGEMENT)), []);
  });

  it("is still looked for when the sweeps fail for days", () => {
    assert.equal(silent([account(PAYMENTS, { swept: ago(200) })]).length, 2);
  });

  it("is none that the settings leave out, by organizational unit or by list; the management account is always expected", () => {
    const lab = account("666666666666", { organizationalUnitIds: ["r-root", "ou-root-sandboxes"] });
    const management = account(MANAGEMENT, { organizationalUnitIds: ["r-root"] });
    const all = [lab, account(PAYMENTS), management];
    const one = { managementAccountId: MANAGEMENT, regions: ["eu-west-1"] };
    assert.deepEqual(silent(all, {}, { ...one, organizationalUnitIds: ["ou-root-production"] }), [
      `${MANAGEMENT} eu-west-1`,
      `${PAYMENTS} eu-west-1`,
    ]);
    assert.deepEqual(silent(all, {}, { ...one, accountIds: ["666666666666"] }), [`${MANAGEMENT} eu-west-1`, "666666666666 eu-west-1"]);
  });

  it("is found whatever the order, and each once", () => {
    const ids = Array.from({ length: 9 }, (_, index) => String(100_000_000_000 + index));
    fc.assert(
      fc.property(fc.shuffledSubarray(ids, { minLength: 1 }), fc.subarray(ids), (there, heard) => {
        const found = silent(
          there.map((id) => account(id)),
          Object.assign({}, ...heard.map((id) => alive(id))),
        );
        const missing = there.filter((id) => !heard.includes(id)).sort();
        assert.deepEqual(
          found,
          missing.flatMap((id) => [`${id} eu-west-1`, `${id} us-east-1`]),
        );
      }),
    );
  });
});

describe("the message about silent members", () => {
  it("names account, id, Region and since when", () => {
    const { subject, text } = silenceMessage([
      { accountId: PAYMENTS, name: "payments", region: "eu-west-1", since: "2026-03-08T09:00:00.000Z" },
      { accountId: "666666666666", region: "us-east-1" },
    ]);
    assert.equal(subject, "tocsin: 2 silent members");
    assert.match(text, /^- payments \(333333333333\), eu-west-1: silent since 2026-03-08 09:00:00 UTC$/m);
    assert.match(text, /^- 666666666666, us-east-1: never heard of$/m);
  });

  it("stays within what SNS takes, however many there are and whatever they are called", () => {
    const many = Array.from(
      { length: 100_000 },
      (_, index): Silent => ({
        accountId: String(100_000_000_000 + index),
        name: "é\r\nSubject: forged ".repeat(20),
        region: "eu-west-1",
      }),
    );
    const { subject, text } = silenceMessage(many);
    assert.match(subject, /^[\x20-\x7e]{1,99}$/);
    assert.ok(Buffer.byteLength(text) < 256 * 1024);
    assert.match(text, /and 99800 more/);
    assert.doesNotMatch(text, /^Subject: forged/m);
  });
});
