import assert from "node:assert/strict";
import fc from "fast-check";
import type { AccountInfo } from "../../../functions/alert";
import { type Finding, ORIGINS, SEVERITIES, severityRank } from "../../../functions/finding";
import { endOf, holds, lookAgainAt, type Mute, mutedBy } from "../../../functions/mutes/mutes";
import { muting } from "../../../functions/mutes/muting";
import { fits } from "../../../functions/routing/match";
import { aFinding, aResource } from "../../support/findings";

const NOW = Date.parse("2026-03-01T09:00:00.000Z");

const aMute = (overrides: Partial<Mute> = {}): Mute => ({
  when: {},
  expires: "2026-03-03T09:00:00Z",
  owner: "alice@example.com",
  reason: "penetration test",
  ...overrides,
});

describe("a mute", () => {
  const tagged = [aResource({ tags: { stage: "test" } })];
  const TABLE: readonly [what: string, mute: Partial<Mute>, finding: Partial<Finding>, holding: string][] = [
    ["without a condition holds", {}, {}, "yes"],
    ["holds until it expires", { expires: "2026-03-01T09:00:00.001Z" }, {}, "yes"],
    ["is over at the moment at which it expires", { expires: "2026-03-01T09:00:00Z" }, {}, "no"],
    ["expires in its own time zone", { expires: "2026-03-01T10:00:00+02:00" }, {}, "no"],
    ["keeps back up to its highest severity", { highestSeverity: "HIGH" }, { severity: "HIGH" }, "yes"],
    ["does not keep back what is graver", { highestSeverity: "HIGH" }, { severity: "CRITICAL" }, "no"],
    ["goes by origin", { when: { origins: ["guardduty"] } }, {}, "no"],
    ["goes by tags of the resource", { when: { tags: { stage: "test" } } }, { resources: tagged }, "yes"],
    ["does not hold for other tags", { when: { tags: { stage: "test" } } }, {}, "no"],
    ["goes by the account's id", { when: { accounts: ["333333333333"] } }, {}, "yes"],
    ["of other account ids asks nobody", { when: { accounts: ["666666666666"] } }, {}, "no"],
    ["of an account's name asks who it is", { when: { accounts: ["payments"] } }, {}, "ask"],
    ["takes the name that the event carries", { when: { accounts: ["payments"] } }, { accountName: "payments" }, "yes"],
    ["of another account than the event names asks nobody", { when: { accounts: ["lab"] } }, { accountName: "payments" }, "no"],
    ["of an organizational unit asks where the account is", { when: { organizationalUnits: ["Production"] } }, {}, "ask"],
    ["asks nobody where it fails anyway", { when: { organizationalUnits: ["Production"], origins: ["inspector"] } }, {}, "no"],
    ["of some reasons may hold: the reason is known later", { when: { reasons: ["reminder"] } }, {}, "yes"],
  ];
  for (const [what, mute, finding, holding] of TABLE) {
    it(what, () => assert.equal(holds(aMute(mute), aFinding(finding), NOW), holding));
  }

  it("keeps back only messages of its reasons; of several mutes the one that ends last counts", () => {
    const [reminders, soon, late] = [
      aMute({ when: { reasons: ["reminder"] }, expires: "2026-05-01T00:00:00Z" }),
      aMute({ expires: "2026-03-02T23:00:00-05:00" }),
      aMute({ expires: "2026-03-03T05:00:00+02:00" }),
    ];
    assert.equal(mutedBy([reminders, soon, late], "new"), soon);
    assert.equal(mutedBy([reminders, soon, late], "reminder"), reminders);
    assert.equal(mutedBy([reminders], "new"), undefined);
    assert.equal(endOf(soon), "2026-03-03T04:00:00.000Z");
  });

  it("is looked at again at its end, and within a day, so that one that was taken out of the settings is noticed", () => {
    assert.equal(lookAgainAt(aMute({ expires: "2026-03-01T11:30:00+01:00" }), NOW), "2026-03-01T10:30:00.000Z");
    assert.equal(lookAgainAt(aMute(), NOW), "2026-03-02T09:00:00.000Z");
  });
});

const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });
const mutes = fc.array(
  fc.record<Mute>({
    when: fc.record({
      origins: some(ORIGINS),
      severities: some(SEVERITIES),
      accounts: some(["payments", "lab", "333333333333", "666666666666"]),
      organizationalUnits: some(["Production", "Sandbox", "ou-root-production", "r-root"]),
      tags: fc.option(fc.constantFrom({ team: "payments-platform" }, { team: "other" }), { nil: undefined }),
    }),
    expires: fc.constantFrom("2026-03-01T08:00:00Z", "2026-03-01T10:30:00+01:00", "2026-03-09T00:00:00Z"),
    highestSeverity: fc.option(fc.constantFrom(...SEVERITIES), { nil: undefined }),
    owner: fc.constant("alice@example.com"),
    reason: fc.constant("test"),
  }),
  { maxLength: 4 },
);
const PAYMENTS: AccountInfo = {
  id: "333333333333",
  name: "payments",
  path: ["Production"],
  organizationalUnitIds: ["r-root", "ou-root-production"],
};
const LAB: AccountInfo = { id: "666666666666", name: "lab", path: ["Sandbox"], organizationalUnitIds: ["r-root", "ou-root-sandboxes"] };
const NAMES = ["payments", "lab", "another"];
const PLACES = [
  { path: [], organizationalUnitIds: [] },
  { path: ["Production"], organizationalUnitIds: ["ou-root-production"] },
  { path: ["Sandbox"], organizationalUnitIds: ["ou-root-sandboxes"] },
];
const known = fc.constantFrom(PAYMENTS, LAB);
const findings = fc.record({ severity: fc.constantFrom(...SEVERITIES), origin: fc.constantFrom(...ORIGINS), named: fc.boolean() });

describe("the mutes of a finding", () => {
  it("are those that would hold if its account were always looked up, and it is looked up only where that may matter", () =>
    fc.assert(
      fc.asyncProperty(mutes, known, findings, async (all, account, { severity, origin, named }) => {
        const finding = aFinding({ severity, origin, accountId: account.id, ...(named && { accountName: account.name }) });
        let lookedUp = 0;
        const lookUp = async (): Promise<AccountInfo> => {
          lookedUp++;
          return account;
        };
        const holding = await muting({ mutes: all, lookUp, now: () => NOW })(finding);
        const isActive = ({ expires, highestSeverity }: Mute): boolean =>
          Date.parse(expires) > NOW && severityRank(severity) <= severityRank(highestSeverity ?? "CRITICAL");
        const whole = (who: AccountInfo): readonly Mute[] =>
          all.filter((mute) => isActive(mute) && fits(mute.when, { finding, account: who, reason: "new" }));
        assert.deepEqual(holding, whole(account));
        // Who the account may be, as far as the finding says.
        const possible = PLACES.flatMap((place) => (named ? [account.name] : NAMES).map((name) => ({ id: account.id, name, ...place })));
        const outcomes = new Set(possible.map((who) => JSON.stringify(whole(who))));
        assert.equal(lookedUp, outcomes.size === 1 ? 0 : 1);
      }),
      { numRuns: 500 },
    ));

  it("do not hold for an account that is not known: rather tell than keep quiet", async () => {
    const mute = aMute({ when: { organizationalUnits: ["Production"] } });
    const holding = await muting({ mutes: [mute], lookUp: async (id) => ({ id }), now: () => NOW })(aFinding());
    assert.deepEqual(holding, []);
  });
});
