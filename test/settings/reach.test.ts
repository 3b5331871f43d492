import assert from "node:assert/strict";
import fc from "fast-check";
import { SEVERITIES } from "../../functions/finding";
import { routesTaken, routeTo } from "../../functions/routing/match";
import type { Route, Subject } from "../../functions/routing/route";
import { parseSettings, type Settings, SettingsError } from "../../settings";
import { unreached } from "../../settings/reach";
import { adviceOnRoutes } from "../../settings/route-advice";
import { anAccount, aRoute, aStranger, aSubject, TAGS } from "../support/routes";
import { configOf, FULL, fullWith, NOW } from "./examples";

const ALLOWED = "; allowed: routes that reach one whatever the account and tags are, for example a last route without when";

/** Without the guard the full example lets in CRITICAL and HIGH of securityhub, CRITICAL, HIGH and MEDIUM of guardduty, CRITICAL of inspector. */
const withRoutes = (routes: unknown, guard?: unknown) =>
  fullWith([["tocsin:routes"], routes], [["tocsin:securityGroupGuard"], guard], [["tocsin:channels", "pager"], undefined]);

/** What is said of these routes, without what is always the same. */
function gaps(routes: readonly unknown[], guard?: unknown): string[] {
  try {
    parseSettings("prod", withRoutes(routes, guard), NOW);
    return [];
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.faults.map(({ path, message }) => {
      assert.equal(path, "tocsin:routes");
      assert.ok(message.endsWith(ALLOWED), message);
      return message.slice(0, -ALLOWED.length);
    });
  }
}

const CATCH_ALL = { to: ["soc-mail"] };
const ALL_SEVERITIES = [...SEVERITIES];

describe("routes that leave findings to nobody", () => {
  const cases: readonly [what: string, routes: readonly unknown[], gaps: readonly string[]][] = [
    ["a last route without when", [CATCH_ALL], []],
    ["a last route with an empty when", [{ when: {}, to: ["soc-mail"] }], []],
    ["a route for every severity", [{ when: { severities: ALL_SEVERITIES }, to: ["soc-mail"] }], []],
    [
      "a route for each origin",
      ["securityhub", "guardduty", "inspector"].map((origin) => ({ when: { origins: [origin] }, to: ["soc-mail"] })),
      [],
    ],
    [
      "a route each for a few reasons",
      [
        { when: { reasons: ["new", "escalated"] }, to: ["soc-mail"] },
        { when: { reasons: ["reminder", "reopened"] }, to: ["soc-slack"] },
      ],
      [],
    ],
    ["a route by the root's id", [{ when: { organizationalUnits: ["r-abcd"] }, to: ["soc-mail"] }], []],
    ["a route that continues into nothing", [{ to: ["soc-mail"], continue: true }], []],
    [
      "a severity that no route names",
      [{ when: { severities: ["CRITICAL", "HIGH"] }, to: ["soc-mail"] }],
      ["MEDIUM guardduty findings reach no channel"],
    ],
    [
      "an origin that no route names",
      [{ when: { origins: ["guardduty"] }, to: ["soc-mail"] }],
      ["CRITICAL and HIGH securityhub findings reach no channel", "CRITICAL inspector findings reach no channel"],
    ],
    [
      "accounts outside the organizational units that routes name",
      [
        { when: { organizationalUnits: ["Production"] }, to: ["soc-mail"] },
        { when: { organizationalUnits: ["Sandbox", "ou-abcd-12345678"] }, to: ["soc-slack"] },
      ],
      [
        "CRITICAL and HIGH securityhub findings of accounts outside Production, Sandbox and ou-abcd-12345678 reach no channel",
        "CRITICAL, HIGH and MEDIUM guardduty findings of accounts outside Production, Sandbox and ou-abcd-12345678 reach no channel",
        "CRITICAL inspector findings of accounts outside Production, Sandbox and ou-abcd-12345678 reach no channel",
      ],
    ],
    [
      "an organizational unit that is named for some severities only",
      [
        { when: { severities: ["CRITICAL"], organizationalUnits: ["Production"] }, to: ["soc-mail"] },
        { when: { severities: ["MEDIUM", "HIGH"] }, to: ["soc-mail"] },
      ],
      ["CRITICAL securityhub, guardduty and inspector findings of accounts outside Production reach no channel"],
    ],
    [
      "reminders, where there are any",
      [{ when: { reasons: ["new", "escalated", "reopened"] }, to: ["soc-mail"] }],
      [
        "CRITICAL and HIGH securityhub and guardduty findings reach no channel for the reason reminder",
        "CRITICAL inspector findings reach no channel for the reason reminder",
      ],
    ],
    [
      "what is certain for no account",
      [{ when: { accounts: ["payments", "lab"] }, to: ["soc-mail"] }],
      [
        "CRITICAL and HIGH securityhub findings reach no channel",
        "CRITICAL, HIGH and MEDIUM guardduty findings reach no channel",
        "CRITICAL inspector findings reach no channel",
      ],
    ],
    [
      "what depends on tags",
      [
        { when: { tags: { team: "web" } }, to: ["soc-slack"] },
        { when: { severities: ["HIGH", "MEDIUM"] }, to: ["soc-mail"] },
      ],
      ["CRITICAL securityhub, guardduty and inspector findings reach no channel"],
    ],
    [
      "everything, where routes tell of what is resolved only",
      [
        { when: { reasons: ["resolved"], severities: ["CRITICAL"] }, to: ["soc-slack"] },
        { when: { severities: ["HIGH", "MEDIUM"] }, to: ["soc-mail"] },
      ],
      ["CRITICAL securityhub, guardduty and inspector findings reach no channel"],
    ],
  ];
  for (const [what, routes, expected] of cases) {
    it(`are ${expected.length === 0 ? "none" : "named"}: ${what}`, () => {
      assert.deepEqual(gaps(routes), expected);
    });
  }

  it("are named for security groups of every severity, if the guard is there", () => {
    const routes = [{ when: { origins: ["securityhub", "guardduty", "inspector"] }, to: ["soc-mail"] }];
    assert.deepEqual(gaps(routes), []);
    assert.deepEqual(gaps(routes, { mode: "alert" }), [
      "CRITICAL, HIGH, MEDIUM, LOW and INFORMATIONAL security-group findings reach no channel",
    ]);
  });

  it("are named together with whatever else is wrong", () => {
    const config = { ...withRoutes([{ when: { origins: ["guardduty"] }, to: ["soc-mial"] }]), "aws:region": "Ireland" };
    assert.throws(
      () => parseSettings("prod", config, NOW),
      /aws:region: .*\n.*did you mean soc-mail.*\n.*securityhub findings reach no channel/,
    );
  });

  it("are not guessed at where the form of the settings is wrong", () => {
    const config = withRoutes([{ when: { origins: ["guardduty"] }, too: ["soc-mail"] }]);
    assert.throws(
      () => parseSettings("prod", config, NOW),
      (error: Error) => !error.message.includes("reach no channel"),
    );
  });
});

const FULL_SETTINGS = parseSettings("prod", configOf(FULL), NOW);
const settingsWith = (routes: readonly Route[], reminders: boolean): Settings => ({
  ...FULL_SETTINGS,
  routes: routes as Settings["routes"],
  alerts: { ...FULL_SETTINGS.alerts, remind: reminders ? FULL_SETTINGS.alerts.remind : {} },
});

/** Whether something like this can have to be told. */
const isTold = ({ alerts }: Settings, { finding, reason }: Subject): boolean =>
  (finding.origin === "security-group" ||
    alerts.sources.some(({ origin, severities }) => origin === finding.origin && severities.includes(finding.severity))) &&
  (reason !== "reminder" || alerts.remind[finding.severity] !== undefined);

const routesAndReminders = [fc.array(aRoute, { maxLength: 6 }), fc.boolean()] as const;

describe("the reach of routes", () => {
  it("is certain: where no gap is named, whatever has to be told reaches a channel", () => {
    fc.assert(
      fc.property(...routesAndReminders, aSubject(anAccount, TAGS), (routes, reminders, subject) => {
        const settings = settingsWith(routes, reminders);
        fc.pre(unreached(settings).length === 0 && isTold(settings, subject));
        assert.notDeepEqual(routeTo(routes, subject), []);
      }),
      { maxSkipsPerRun: 1_000 },
    );
  });

  it("has a gap wherever something of an account that no route knows would be told to nobody", () => {
    fc.assert(
      fc.property(...routesAndReminders, aSubject(aStranger, [{}]), (routes, reminders, subject) => {
        const settings = settingsWith(routes, reminders);
        fc.pre(isTold(settings, subject) && routeTo(routes, subject).length === 0);
        const named = unreached(settings).some(
          ({ message }) => message.includes(subject.finding.severity) && message.includes(subject.finding.origin),
        );
        assert.ok(named);
      }),
    );
  });
});

describe("advice on routes", () => {
  const advice = (...routes: unknown[]): string[] => adviceOnRoutes(parseSettings("prod", withRoutes(routes), NOW));
  const cases: readonly [what: string, routes: readonly unknown[], advice: readonly string[]][] = [
    ["nothing of routes that are all of use", [{ when: { origins: ["guardduty"] }, to: ["soc-slack"] }, CATCH_ALL], []],
    [
      "a route behind one for everything",
      [CATCH_ALL, { when: { severities: ["CRITICAL"] }, to: ["soc-slack"] }],
      ["tocsin:routes[1] is never used: tocsin:routes[0] already takes all that fits it"],
    ],
    ["nothing of a route behind one for everything that continues", [{ to: ["soc-slack"], continue: true }, CATCH_ALL], []],
    [
      "a route of which each part is taken by another",
      [
        { when: { severities: ["CRITICAL"] }, to: ["soc-mail"] },
        { when: { origins: ["guardduty"] }, to: ["soc-slack"] },
        { when: { severities: ["HIGH", "MEDIUM"] }, to: ["soc-mail"] },
        CATCH_ALL,
      ],
      ["tocsin:routes[3] is never used: tocsin:routes[0], tocsin:routes[1], tocsin:routes[2] already take all that fits it"],
    ],
    [
      "a route for accounts that another one took",
      [
        { when: { accounts: ["lab", "web"] }, to: ["soc-slack"] },
        { when: { accounts: ["lab"], severities: ["CRITICAL"] }, to: ["soc-mail"] },
        CATCH_ALL,
      ],
      ["tocsin:routes[1] is never used: tocsin:routes[0] already takes all that fits it"],
    ],
    [
      "nothing of a route for other accounts or tags",
      [
        { when: { accounts: ["lab"] }, to: ["soc-slack"] },
        { when: { accounts: ["lab", "web"] }, to: ["soc-slack"] },
        { when: { tags: { team: "web", stage: "prod" } }, to: ["soc-slack"] },
        { when: { tags: { team: "web" } }, to: ["soc-mail"] },
        CATCH_ALL,
      ],
      [],
    ],
    [
      "a route for an organizational unit that another one took",
      [
        { when: { organizationalUnits: ["Production"] }, to: ["soc-slack"] },
        { when: { organizationalUnits: ["Production"], origins: ["guardduty"] }, to: ["soc-mail"] },
        CATCH_ALL,
      ],
      ["tocsin:routes[1] is never used: tocsin:routes[0] already takes all that fits it"],
    ],
    [
      "a route for what is not let in",
      [{ when: { severities: ["LOW"] }, to: ["soc-slack"] }, CATCH_ALL],
      ["tocsin:routes[0] is never used: nothing that is let in fits its when"],
    ],
    [
      "reminders that nobody asked for",
      [{ when: { severities: ["MEDIUM"], reasons: ["reminder"] }, to: ["soc-slack"] }, CATCH_ALL],
      ["tocsin:routes[0] is never used: nothing that is let in fits its when"],
    ],
    [
      "nothing of a route for what is resolved, which others only tell if they name it",
      [CATCH_ALL, { when: { reasons: ["resolved"] }, to: ["soc-slack"] }],
      [],
    ],
    [
      "a continue that leads nowhere",
      [
        { when: { origins: ["guardduty"] }, to: ["soc-slack"], continue: true },
        { when: { origins: ["securityhub", "inspector"] }, to: ["soc-mail"] },
      ],
      ["tocsin:routes[0].continue has no effect: no route after it fits what fits this one"],
    ],
    [
      "a continue on the last route",
      [{ to: ["soc-slack", "soc-mail"], continue: true }],
      ["tocsin:routes[0].continue has no effect: no route after it fits what fits this one"],
    ],
  ];
  for (const [what, routes, expected] of cases) {
    it(`says ${what}`, () => assert.deepEqual(advice(...routes), expected));
  }

  it("calls no route never used that something takes", () => {
    fc.assert(
      fc.property(...routesAndReminders, aSubject(anAccount, TAGS), (routes, reminders, subject) => {
        const settings = settingsWith(routes, reminders);
        fc.pre(isTold(settings, subject));
        const unused = adviceOnRoutes(settings).filter((sentence) => sentence.includes("never used"));
        for (const index of routesTaken(routes, subject)) {
          assert.ok(!unused.some((sentence) => sentence.startsWith(`tocsin:routes[${index}] `)), unused.join("\n"));
        }
      }),
    );
  });
});
