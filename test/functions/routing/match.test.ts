import assert from "node:assert/strict";
import fc from "fast-check";
import type { AccountInfo } from "../../../functions/alert";
import type { Finding } from "../../../functions/finding";
import { fits, routesTaken, routeTo } from "../../../functions/routing/match";
import type { Route, Subject, When } from "../../../functions/routing/route";
import { aRoute, aSubject, aWhen } from "../../support/routes";

const FINDING: Finding = {
  origin: "securityhub",
  id: "arn:aws:securityhub:eu-west-1:333333333333:security-control/EC2.13/finding/1",
  productArn: "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
  fromSecurityHub: true,
  problem: "EC2.13 sg-1",
  kind: "EC2.13",
  standards: ["cis"],
  accountId: "333333333333",
  region: "eu-west-1",
  severity: "HIGH",
  title: "Port 22 is open",
  description: "",
  resources: [
    { id: "sg-1", type: "AwsEc2SecurityGroup", name: "sg-1", tags: { team: "payments", stage: "prod" } },
    { id: "i-1", type: "AwsEc2Instance", name: "i-1", tags: { team: "web" } },
  ],
  facts: [],
  remediation: {},
  state: "active",
  sample: false,
  firstSeen: "2026-03-01T09:00:00.000Z",
  updatedAt: "2026-03-01T09:00:00.000Z",
  consoleUrl: "https://console.aws.amazon.com/",
};
const ACCOUNT: AccountInfo = {
  id: "333333333333",
  name: "payments",
  path: ["Production", "Shops"],
  organizationalUnitIds: ["ou-root-production", "ou-root-shops000"],
};
const SUBJECT: Subject = { finding: FINDING, account: ACCOUNT, reason: "new" };

describe("a route's condition", () => {
  const HOLDS: readonly When[] = [
    {},
    { severities: ["CRITICAL", "HIGH"] },
    { origins: ["securityhub"] },
    { accounts: ["lab", "payments"] },
    { accounts: ["333333333333"] },
    { organizationalUnits: ["Production"] },
    { organizationalUnits: ["ou-root-production"] },
    { organizationalUnits: ["Shops"] },
    { tags: { team: "payments", stage: "prod" } },
    { tags: { team: "web" } },
    { reasons: ["new", "reminder"] },
    { severities: ["HIGH"], origins: ["securityhub"], accounts: ["payments"], reasons: ["new"] },
  ];
  const FAILS: readonly When[] = [
    { severities: ["CRITICAL"] },
    { origins: ["guardduty"] },
    { accounts: ["Payments"] },
    { organizationalUnits: ["Sandbox"] },
    { tags: { team: "web", stage: "prod" } },
    { tags: { owner: "payments" } },
    { reasons: ["resolved"] },
    { severities: ["HIGH"], origins: ["guardduty"] },
  ];
  for (const when of HOLDS) it(`holds: ${JSON.stringify(when)}`, () => assert.ok(fits(when, SUBJECT)));
  for (const when of FAILS) it(`does not hold: ${JSON.stringify(when)}`, () => assert.ok(!fits(when, SUBJECT)));

  it("on an account's name holds by the name in the finding when the account could not be looked up", () => {
    const account = { id: "333333333333" };
    assert.ok(!fits({ accounts: ["payments"] }, { ...SUBJECT, account }));
    assert.ok(fits({ accounts: ["payments"] }, { ...SUBJECT, account, finding: { ...FINDING, accountName: "payments" } }));
  });

  it("on organizational units does not hold when the account could not be looked up", () => {
    assert.ok(!fits({ organizationalUnits: ["Production"] }, { ...SUBJECT, account: { id: "333333333333" } }));
  });

  it("on the root holds for every account, also one that could not be looked up", () => {
    assert.ok(fits({ organizationalUnits: ["r-root"] }, SUBJECT));
    assert.ok(fits({ organizationalUnits: ["Sandbox", "r-root"] }, { ...SUBJECT, account: { id: "333333333333" } }));
    assert.ok(!fits({ organizationalUnits: ["r-root"], severities: ["LOW"] }, SUBJECT));
  });

  it("on tags does not take what every object has for a tag", () => {
    assert.ok(!fits({ tags: { constructor: "" } }, SUBJECT));
  });
});

const aTold = aSubject(fc.constant(ACCOUNT), [{ team: "payments", stage: "prod" }]);

describe("routes", () => {
  it("are taken from the first one that fits on, through those that fit and continue, to the first one that does not continue", () => {
    fc.assert(
      fc.property(fc.array(aRoute), aTold, (routes, subject) => {
        const taken: number[] = [];
        let goesOn = true;
        routes.forEach((route, index) => {
          if (goesOn && fits(route.when ?? {}, subject)) {
            taken.push(index);
            goesOn = route.continue === true;
          }
        });
        assert.deepEqual(routesTaken(routes, subject), taken);
      }),
    );
  });

  it("lead to the channels of those that are taken, in order, and each channel is told once", () => {
    const told = (...routes: Route[]) => routeTo(routes, SUBJECT);
    const never: When = { severities: ["LOW"] };
    assert.deepEqual(told({ to: ["a", "b"] }, { to: ["c"] }), ["a", "b"]);
    assert.deepEqual(told({ to: ["b", "a"], continue: true }, { to: ["c", "b"] }, { to: ["d"] }), ["b", "a", "c"]);
    assert.deepEqual(told({ when: never, to: ["a"], continue: true }, { when: never, to: ["b"] }, { to: ["c"] }), ["c"]);
    assert.deepEqual(told({ to: ["a"], continue: true }, { when: never, to: ["b"] }), ["a"]);
    assert.deepEqual(told({ when: never, to: ["a"] }), []);
  });

  it("are not changed by what stands after one that fits and does not continue, nor by one before that does not fit", () => {
    fc.assert(
      fc.property(fc.array(aRoute), aRoute, aTold, (routes, route, subject) => {
        const told = routeTo(routes, subject);
        const last = routesTaken(routes, subject).at(-1);
        if (last !== undefined && routes[last]?.continue !== true) assert.deepEqual(routeTo([...routes, route], subject), told);
        if (route.when !== undefined && !fits(route.when, subject)) assert.deepEqual(routeTo([route, ...routes], subject), told);
      }),
    );
  });

  it("without a condition, or with an empty one, always fit", () => {
    fc.assert(
      fc.property(aRoute, fc.array(aRoute), aTold, fc.constantFrom(undefined, {}), ({ to }, rest, subject, when) => {
        assert.deepEqual(routeTo([{ when, to }, ...rest], subject), to);
      }),
    );
  });

  it("fit less when their condition says more", () => {
    fc.assert(
      fc.property(aWhen, aWhen, aTold, (when, more, subject) => {
        const both = { ...when, ...Object.fromEntries(Object.entries(more).filter(([key]) => when[key as keyof When] === undefined)) };
        if (fits(both, subject)) assert.ok(fits(when, subject));
      }),
    );
  });
});
