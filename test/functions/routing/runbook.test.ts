import assert from "node:assert/strict";
import { runbookFor } from "../../../functions/routing/runbook";
import { aFinding } from "../../support/findings";

const about = (change: Parameters<typeof aFinding>[0] = {}) =>
  ({ finding: aFinding(change), account: { id: "333333333333", path: ["Production"] }, reason: "new" }) as const;

describe("the runbook of a finding", () => {
  const runbooks = [
    { when: { origins: ["guardduty"], organizationalUnits: ["Production"] }, url: "https://wiki.example.com/production" },
    { when: { origins: ["guardduty"] }, url: "https://wiki.example.com/threats" },
    { when: { severities: ["CRITICAL"] }, url: "https://wiki.example.com/critical" },
  ] as const;

  it("is the first one that fits", () => {
    assert.equal(runbookFor(runbooks, about({ origin: "guardduty", severity: "CRITICAL" })), "https://wiki.example.com/production");
    const elsewhere = { ...about({ origin: "guardduty" }), account: { id: "333333333333" } };
    assert.equal(runbookFor(runbooks, elsewhere), "https://wiki.example.com/threats");
    assert.equal(runbookFor(runbooks, about({ origin: "inspector", severity: "CRITICAL" })), "https://wiki.example.com/critical");
  });

  it("is none if none fits, and any without a condition", () => {
    assert.equal(runbookFor(runbooks, about({ origin: "inspector", severity: "HIGH" })), undefined);
    assert.equal(runbookFor([], about()), undefined);
    assert.equal(runbookFor([{ url: "https://wiki.example.com" }], about()), "https://wiki.example.com");
  });
});
