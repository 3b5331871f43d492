import assert from "node:assert/strict";
import { filterOf, orderOf } from "../../../sandbox/cloud/securityhub-filters";

const NOW = Date.parse("2026-03-10T00:00:00Z");
const finding = {
  Id: "a/1",
  Title: "Port 22 is open",
  Severity: { Label: "HIGH", Normalized: 70 },
  UpdatedAt: "2026-03-05T00:00:00Z",
  Compliance: { AssociatedStandards: [{ StandardsId: "standards/cis/v/3" }, { StandardsId: "standards/fsbp/v/1" }] },
  Resources: [{ Id: "sg-1", Tags: { team: "red" } }],
  UserDefinedFields: { owner: "me" },
};
const matches = (filters: unknown): boolean => filterOf(filters, NOW)(finding);
const title = (...conditions: [string, string][]) => ({ Title: conditions.map(([Comparison, Value]) => ({ Comparison, Value })) });

describe("Security Hub filters", () => {
  it("no filter matches everything", () => {
    for (const filters of [undefined, {}, { Title: [] }]) assert.equal(matches(filters), true);
  });

  it("positive conditions of an attribute are joined by OR", () => {
    assert.equal(matches(title(["EQUALS", "other"], ["PREFIX", "Port"])), true);
    assert.equal(matches(title(["EQUALS", "other"], ["CONTAINS", "closed"])), false);
    assert.equal(matches(title(["CONTAINS", "22"])), true);
  });

  it("negative conditions of an attribute are joined by AND", () => {
    assert.equal(matches(title(["NOT_EQUALS", "other"], ["PREFIX_NOT_EQUALS", "Port"])), false);
    assert.equal(matches(title(["NOT_EQUALS", "other"], ["NOT_CONTAINS", "closed"])), true);
  });

  it("positive and negative conditions together need both", () => {
    assert.equal(matches(title(["PREFIX", "Port"], ["NOT_CONTAINS", "22"])), false);
    assert.equal(matches(title(["PREFIX", "Port"], ["NOT_CONTAINS", "23"])), true);
  });

  it("values are case-sensitive", () => {
    assert.equal(matches(title(["PREFIX", "port"])), false);
  });

  it("attributes are joined by AND", () => {
    assert.equal(matches({ ...title(["PREFIX", "Port"]), SeverityLabel: [{ Comparison: "EQUALS", Value: "LOW" }] }), false);
    assert.equal(matches({ ...title(["PREFIX", "Port"]), SeverityLabel: [{ Comparison: "EQUALS", Value: "HIGH" }] }), true);
  });

  it("any item of a list may match", () => {
    const standard = (Value: string) => ({ ComplianceAssociatedStandardsId: [{ Comparison: "PREFIX", Value }] });
    assert.equal(matches(standard("standards/fsbp")), true);
    assert.equal(matches(standard("standards/pci")), false);
  });

  it("maps are compared by key", () => {
    assert.equal(matches({ ResourceTags: [{ Key: "team", Value: "red", Comparison: "EQUALS" }] }), true);
    assert.equal(matches({ UserDefinedFields: [{ Key: "team", Value: "me", Comparison: "EQUALS" }] }), false);
  });

  it("numbers and times have ranges", () => {
    assert.equal(matches({ SeverityNormalized: [{ Gte: 70, Lte: 89 }] }), true);
    assert.equal(matches({ SeverityNormalized: [{ Gte: 90 }] }), false);
    assert.equal(matches({ UpdatedAt: [{ Start: "2026-03-04T00:00:00Z", End: "2026-03-06T00:00:00Z" }] }), true);
    assert.equal(matches({ UpdatedAt: [{ DateRange: { Value: 7, Unit: "DAYS" } }] }), true);
    assert.equal(matches({ UpdatedAt: [{ DateRange: { Value: 3, Unit: "DAYS" } }] }), false);
  });

  it("an attribute takes 20 values", () => {
    const ids = (count: number) => ({ Id: Array.from({ length: count }, (_, index) => ({ Comparison: "EQUALS", Value: `a/${index}` })) });
    assert.equal(matches(ids(20)), true);
    assert.throws(() => matches(ids(21)), /20 are allowed/);
  });

  it("says so when it cannot filter by an attribute or a comparison", () => {
    assert.throws(() => matches({ Nonsense: [{ Value: "x" }] }), /cannot filter findings by Nonsense/);
    assert.throws(() => matches(title(["LIKE", "x"])), /LIKE is not valid/);
  });

  it("sorts by criteria", () => {
    const order = orderOf([{ Field: "SeverityNormalized", SortOrder: "desc" }]);
    const sorted = [10, 90, 40].map((Normalized) => ({ Severity: { Normalized } })).sort(order);
    assert.deepEqual(
      sorted.map(({ Severity }) => Severity.Normalized),
      [90, 40, 10],
    );
  });
});
