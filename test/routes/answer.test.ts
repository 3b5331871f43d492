import assert from "node:assert/strict";
import fc from "fast-check";
import { TELL_REASONS } from "../../functions/alert";
import { ORIGINS, SEVERITIES } from "../../functions/finding";
import { routesTaken, routeTo } from "../../functions/routing/match";
import type { Route } from "../../functions/routing/route";
import { accountAmong, SANDBOX_ACCOUNTS } from "../../routes/account";
import { answer, type Question, reachesNobody } from "../../routes/answer";
import { parseSettings, type Settings } from "../../settings";
import { configOf, FULL, fullWith, NOW } from "../settings/examples";
import { anAccount, aRoute, aSubject, TAGS } from "../support/routes";

const EVERYTHING: Question = { severities: SEVERITIES, origins: ORIGINS };
const settingsWith = (routes: unknown, mutes: unknown = []): Settings =>
  parseSettings("prod", fullWith([["tocsin:routes"], routes], [["tocsin:mutes"], mutes]), NOW);

const ROUTES = [
  { when: { accounts: ["lab"] }, to: ["soc-mail"] },
  { when: { severities: ["CRITICAL"], organizationalUnits: ["Production"], reasons: ["new", "escalated"] }, to: ["pager"], continue: true },
  { when: { tags: { team: "web" } }, to: ["soc-slack"], continue: true },
  { to: ["soc-mail"] },
];
const settings = settingsWith(ROUTES);
const critical = { severities: ["CRITICAL"], origins: ["guardduty"] } as const;
const tagged = { route: 2, if: "with tag team=web", channels: ["soc-slack"], continues: true };
const accounts = { route: 0, if: "in account lab", channels: ["soc-mail"], continues: false };

describe("who would be told", () => {
  it("is answered for each severity, origin and organizational unit that routes name, and for all other accounts", () => {
    const rows = answer(settings, EVERYTHING, NOW);
    assert.equal(rows.length, 5 * 4 * 2);
    assert.deepEqual(
      answer(settings, critical, NOW).map(({ organizationalUnit }) => organizationalUnit),
      ["Production", null],
    );
  });

  it("is said by reason where it differs, with the routes that lead there and those that might lead elsewhere", () => {
    const [production, others] = answer(settings, critical, NOW);
    assert.deepEqual(production?.told, [
      { reasons: ["new", "escalated"], channels: ["pager", "soc-mail"], routes: [1, 3], perhaps: [accounts, tagged] },
      { reasons: ["reminder", "reopened"], channels: ["soc-mail"], routes: [3], perhaps: [accounts, tagged] },
    ]);
    assert.deepEqual(others?.told, [{ reasons: [...TELL_REASONS], channels: ["soc-mail"], routes: [3], perhaps: [accounts, tagged] }]);
  });

  it("is certain of an account, but for the tags of its resources", () => {
    const rowsOf = (name: string) => answer(settings, { ...critical, account: accountAmong(SANDBOX_ACCOUNTS, name) }, NOW);
    assert.deepEqual(
      rowsOf("lab").map(({ told }) => told),
      [[{ reasons: [...TELL_REASONS], channels: ["soc-mail"], routes: [0], perhaps: [] }]],
    );
    const [payments] = rowsOf("payments");
    assert.deepEqual(payments?.told[0], {
      reasons: ["new", "escalated"],
      channels: ["pager", "soc-mail"],
      routes: [1, 3],
      perhaps: [tagged],
    });
  });

  it("leaves open whether units are nested, unless they are none", () => {
    const nested = settingsWith([
      { when: { organizationalUnits: ["Payments"] }, to: ["pager"] },
      { when: { organizationalUnits: ["Production"] }, to: ["soc-slack"] },
      { to: ["soc-mail"] },
    ]);
    assert.deepEqual(
      answer(nested, critical, NOW).map(({ organizationalUnit, told }) => [
        organizationalUnit,
        told.map(({ channels, perhaps }) => [channels, perhaps.map((one) => one.if)]),
      ]),
      [
        ["Payments", [[["pager"], []]]],
        ["Production", [[["soc-slack"], ["below Payments"]]]],
        [null, [[["soc-mail"], []]]],
      ],
    );
  });

  it("is nobody for what no source lets in", () => {
    const [row] = answer(settings, { severities: ["LOW"], origins: ["guardduty"] }, NOW);
    assert.deepEqual([row?.letIn, row?.told, row?.mutes], [false, [], []]);
  });

  it("speaks of reminders only where they are asked for", () => {
    const [row] = answer(settings, { severities: ["MEDIUM"], origins: ["guardduty"] }, NOW);
    assert.deepEqual(
      row?.told.flatMap(({ reasons }) => reasons),
      ["new", "escalated", "reopened"],
    );
  });

  it("agrees with what the functions do, whatever the routes", () => {
    const base = parseSettings("prod", configOf(FULL), NOW);
    fc.assert(
      fc.property(fc.array(aRoute, { maxLength: 6 }), aSubject(anAccount, TAGS), fc.boolean(), (routes, subject, known) => {
        const { severity, origin } = subject.finding;
        const question = { severities: [severity], origins: [origin], account: known ? subject.account : undefined };
        const rows = answer({ ...base, routes: routes as readonly Route[] as Settings["routes"] }, question, NOW);
        // The row of an organizational unit holds for the accounts below it; the other one for accounts that are below none.
        const above = [...(subject.account.path ?? []), ...(subject.account.organizationalUnitIds ?? [])];
        const named = rows.flatMap(({ organizationalUnit }) => organizationalUnit ?? []).filter((unit) => above.includes(unit));
        const taken = routesTaken(routes, subject);
        for (const row of rows.filter(
          (one) => named.includes(one.organizationalUnit ?? "") || (named.length === 0 && one.organizationalUnit === null),
        )) {
          const told = row.told.find(({ reasons }) => reasons.some((reason) => reason === subject.reason));
          fc.pre(told !== undefined);
          const possible = [...told.routes, ...told.perhaps.map(({ route }) => route)];
          assert.ok(
            taken.every((index) => possible.includes(index)),
            "a route that is taken is not named",
          );
          if (told.perhaps.length === 0) {
            assert.deepEqual(told.channels, routeTo(routes, subject));
          }
        }
      }),
      { maxSkipsPerRun: 1_000 },
    );
  });
});

describe("mutes", () => {
  const mute = { reason: "penetration test", owner: "alice@example.com", expires: "2026-03-03T09:00:00Z" };
  const muted = (when: object, more: object = {}, question: Question = critical, now = NOW) =>
    answer(settingsWith([{ to: ["soc-mail"] }], [{ when, ...mute, ...more }]), question, now).map(({ mutes }) =>
      mutes.map((one) => one.if),
    );

  it("are named with owner, reason and end while they apply, and no longer", () => {
    const account = accountAmong(SANDBOX_ACCOUNTS, "lab");
    const [row] = answer(settingsWith([{ to: ["soc-mail"] }], [{ when: { accounts: ["lab"] }, ...mute }]), { ...critical, account }, NOW);
    assert.deepEqual(row?.mutes, [{ ...mute, if: null }]);
    assert.deepEqual(muted({ accounts: ["lab"] }, {}, { ...critical, account }, Date.parse(mute.expires)), [[]]);
  });

  it("say what they depend on", () => {
    assert.deepEqual(muted({ accounts: ["lab"] }), [["in account lab"]]);
    assert.deepEqual(muted({ tags: { team: "web" }, origins: ["guardduty"] }), [["with tag team=web"]]);
    assert.deepEqual(muted({ reasons: ["new"] }), [["told as new"]]);
    assert.deepEqual(muted({ organizationalUnits: ["Sandbox"] }), [[null], []]);
    assert.deepEqual(muted({ origins: ["inspector"] }), [[]]);
  });

  it("leave graver findings alone", () => {
    assert.deepEqual(muted({ accounts: ["lab"] }, { highestSeverity: "HIGH" }), [[]]);
    assert.deepEqual(muted({ accounts: ["lab"] }, { highestSeverity: "CRITICAL" }), [["in account lab"]]);
  });
});

describe("the exit code", () => {
  const nobody = (question: Partial<Question>) => reachesNobody(answer(settings, { ...EVERYTHING, ...question }, NOW));

  it("says whether what was asked for reaches somebody", () => {
    assert.equal(nobody({}), false);
    assert.equal(nobody({ severities: ["MEDIUM"] }), false);
    assert.equal(nobody({ severities: ["MEDIUM"], origins: ["inspector"] }), true);
    const unsent = settingsWith(ROUTES);
    const rows = answer({ ...unsent, routes: unsent.routes.slice(0, 2) }, critical, NOW);
    assert.equal(reachesNobody(rows), true);
  });
});
