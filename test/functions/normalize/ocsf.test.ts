import assert from "node:assert/strict";
import { fact, findingOf, inFinding } from "./support";

const control = (...changes: Parameters<typeof findingOf> extends [string, ...infer R] ? R : never) =>
  findingOf("ocsf-control-open-port", ...changes);

describe("a finding of the newer Security Hub, in OCSF", () => {
  const SEVERITIES: readonly (readonly [unknown, unknown, string])[] = [
    ["Critical", 5, "CRITICAL"],
    ["High", 5, "HIGH"],
    [undefined, 3, "MEDIUM"],
    ["Unknown", 2, "LOW"],
    [undefined, 6, "CRITICAL"],
    ["Informational", undefined, "INFORMATIONAL"],
    ["Other", 99, "CRITICAL"],
  ];
  for (const [severity, id, expected] of SEVERITIES) {
    it(`is ${expected} with severity ${severity ?? "missing"} and id ${id ?? "missing"}`, () =>
      assert.equal(control([inFinding("severity"), severity], [inFinding("severity_id"), id]).severity, expected));
  }

  const STATES: readonly (readonly [string, readonly (string | number)[], unknown, string, string | undefined])[] = [
    ["new", ["status_id"], 1, "active", "NEW"],
    ["in progress", ["status_id"], 2, "active", "NOTIFIED"],
    ["suppressed", ["status_id"], 3, "inactive", "SUPPRESSED"],
    ["resolved", ["status_id"], 4, "inactive", "RESOLVED"],
    ["archived", ["status_id"], 5, "inactive", undefined],
    ["closed by its product", ["activity_id"], 3, "inactive", "NEW"],
    ["passed", ["compliance", "status_id"], 1, "inactive", "NEW"],
    ["passed by name", ["compliance", "status"], "Pass", "inactive", "NEW"],
    ["a warning", ["compliance", "status_id"], 2, "active", "NEW"],
  ];
  for (const [name, path, value, state, workflow] of STATES) {
    it(`is ${state} when ${name}`, () => {
      const finding = control([inFinding(...path), value]);
      assert.deepEqual([finding.state, finding.workflow], [state, workflow]);
    });
  }

  it("takes its status by name where there is no id", () =>
    assert.equal(control([inFinding("status_id"), undefined], [inFinding("status"), "Suppressed"]).workflow, "SUPPRESSED"));

  it("reads dates in milliseconds where there is no text", () =>
    assert.equal(control([inFinding("finding_info", "modified_time_dt"), undefined]).updatedAt, "2026-03-01T08:51:58.204Z"));

  it("carries account, standards, remediation and what was found", () => {
    const finding = control();
    assert.deepEqual(finding.standards, ["fsbp"]);
    assert.equal(finding.accountName, "payments");
    assert.equal(finding.remediation.url, "https://docs.aws.amazon.com/console/securityhub/EC2.19/remediation");
    assert.equal(fact(finding, "Reason"), "Port 5432 is open to 0.0.0.0/0.");
  });

  it("names an account as ASFF does, so that both are one problem", () =>
    assert.equal(
      control([inFinding("resources"), [{ type: "AWS::::Account", uid: "333333333333" }]]).problem,
      "EC2.19 AWS::::Account:333333333333",
    ));

  it("tells the other end of a connection that GuardDuty reports", () => {
    const finding = findingOf("ocsf-guardduty-ssh-brute-force");
    assert.equal(fact(finding, "Remote address"), "198.51.100.77 (Amsterdam, NL, Example Networks AS64500)");
    assert.equal(fact(finding, "Connection"), "outbound TCP port 22");
    assert.equal(finding.count, 41);
  });

  it("tells what Inspector knows of a vulnerability", () => {
    const finding = findingOf("ocsf-inspector-cve");
    assert.equal(fact(finding, "Exploit available"), "yes");
    assert.match(finding.remediation.text ?? "", /^Update org\.apache/);
  });

  it("makes an exposure, which no control reports, a problem of its own", () => {
    const finding = control(
      [inFinding("compliance"), undefined],
      [inFinding("finding_info", "types"), ["Exposure/Potential Data Compromise"]],
    );
    assert.equal(finding.problem, finding.id);
    assert.equal(finding.kind, "Potential Data Compromise");
  });
});
