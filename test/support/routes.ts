import fc from "fast-check";
import { type AccountInfo, ALERT_REASONS, TELL_REASONS } from "../../functions/alert";
import { ORIGINS, SEVERITIES } from "../../functions/finding";
import type { Route, Subject, When } from "../../functions/routing/route";

const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined });

/** Conditions on few values, so that they meet. */
export const aWhen: fc.Arbitrary<When> = fc.record({
  severities: some(SEVERITIES),
  origins: some(ORIGINS),
  accounts: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, some(["payments", "lab", "333333333333"])),
  organizationalUnits: some(["Production", "Sandbox", "ou-root-shops000", "r-root"]),
  tags: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    fc.constantFrom<Readonly<Record<string, string>>>({ team: "payments" }, { team: "payments", stage: "prod" }),
  ),
  reasons: some(ALERT_REASONS),
});

export const aRoute: fc.Arbitrary<Route> = fc.record({
  when: fc.option(aWhen, { nil: undefined }),
  to: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 }),
  continue: fc.option(fc.boolean(), { nil: undefined }),
});

/** An account that no condition knows: below none of the units, of no name, or not looked up at all. */
export const aStranger: fc.Arbitrary<AccountInfo> = fc.constantFrom<AccountInfo>(
  { id: "999999999999" },
  { id: "999999999999", name: "new", path: [], organizationalUnitIds: ["r-root"] },
  { id: "999999999999", name: "new", path: ["Elsewhere"], organizationalUnitIds: ["r-root", "ou-root-elsewhere"] },
);

export const anAccount: fc.Arbitrary<AccountInfo> = fc.oneof(
  aStranger,
  fc.constantFrom<AccountInfo>(
    {
      id: "333333333333",
      name: "payments",
      path: ["Production", "Shops"],
      organizationalUnitIds: ["r-root", "ou-root-production", "ou-root-shops000"],
    },
    { id: "666666666666", name: "lab", path: ["Sandbox"], organizationalUnitIds: ["r-root", "ou-root-sandboxes"] },
    { id: "444444444444", name: "both", path: ["Production", "Sandbox"], organizationalUnitIds: ["r-root", "ou-root-production", "ou-1"] },
  ),
);

/** Something to be told of that account, with or without the tags that conditions name. */
export const aSubject = (account: fc.Arbitrary<AccountInfo>, tags: readonly Readonly<Record<string, string>>[]): fc.Arbitrary<Subject> =>
  fc
    .record({
      severity: fc.constantFrom(...SEVERITIES),
      origin: fc.constantFrom(...ORIGINS),
      reason: fc.constantFrom(...TELL_REASONS),
      account,
      tags: fc.constantFrom(...tags),
    })
    .map(({ severity, origin, tags, ...rest }) => ({
      ...rest,
      finding: { severity, origin, resources: [{ id: "i-1", type: "AwsEc2Instance", name: "i-1", tags }] },
    }));

export const TAGS = [{}, { team: "payments" }, { team: "payments", stage: "prod" }] as const;
