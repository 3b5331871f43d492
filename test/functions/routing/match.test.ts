import assert from "node:assert/strict";
import fc from "fast-check";
import { type AccountInfo, ALERT_REASONS } from "../../../functions/alert";
import { type Finding, ORIGINS, SEVERITIES } from "../../../functions/finding";
import { fits, routeTo } from "../../../functions/routing/match";
import type { Route, Subject, When } from "../../../functions/routing/route";

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

  it("on tags does not take what every object has for a tag", () => {
    assert.ok(!fits({ tags: { constructor: "" } }, SUBJECT));
  });
});

const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });
const aWhen = fc.record<When>({
  severities: some(SEVERITIES),
  origins: some(ORIGINS),
  accounts: some(["payments", "lab", "333333333333"]),
  organizationalUnits: some(["Production", "Sandbox", "ou-root-shops000"]),
  tags: fc.option(fc.constantFrom({ team: "payments" }, { team: "lab" }), { nil: undefined }),
  reasons: some(ALERT_REASONS),
});
const aRoute = fc.record<Route>({
  when: fc.option(aWhen, { nil: undefined }),
  to: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 }),
});
const aSubject: fc.Arbitrary<Subject> = fc
  .record({ severity: fc.constantFrom(...SEVERITIES), origin: fc.constantFrom(...ORIGINS), reason: fc.constantFrom(...ALERT_REASONS) })
  .map(({ severity, origin, reason }) => ({ account: ACCOUNT, reason, finding: { ...FINDING, severity, origin } }));

describe("routes", () => {
  it("lead to the channels of the first one that fits, and to none if none fits", () => {
    fc.assert(
      fc.property(fc.array(aRoute), aSubject, (routes, subject) => {
        const first = routes.filter((route) => route.when === undefined || fits(route.when, subject))[0];
        assert.deepEqual(routeTo(routes, subject), first === undefined ? [] : first.to);
      }),
    );
  });

  it("are not changed by what stands after one that fits, nor by one before that does not", () => {
    fc.assert(
      fc.property(fc.array(aRoute), aRoute, aSubject, (routes, route, subject) => {
        const told = routeTo(routes, subject);
        if (told.length > 0) assert.deepEqual(routeTo([...routes, route], subject), told);
        if (route.when !== undefined && !fits(route.when, subject)) assert.deepEqual(routeTo([route, ...routes], subject), told);
      }),
    );
  });

  it("without a condition, or with an empty one, always fit", () => {
    fc.assert(
      fc.property(aRoute, fc.array(aRoute), aSubject, fc.constantFrom(undefined, {}), ({ to }, rest, subject, when) => {
        assert.deepEqual(routeTo([{ when, to }, ...rest], subject), to);
      }),
    );
  });

  it("fit less when their condition says more", () => {
    fc.assert(
      fc.property(aWhen, aWhen, aSubject, (when, more, subject) => {
        const both = { ...when, ...Object.fromEntries(Object.entries(more).filter(([key]) => when[key as keyof When] === undefined)) };
        if (fits(both, subject)) assert.ok(fits(when, subject));
      }),
    );
  });
});
