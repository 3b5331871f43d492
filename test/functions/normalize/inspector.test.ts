import assert from "node:assert/strict";
import { fact, findingOf } from "./support";

describe("a finding in Inspector's own event", () => {
  it("reads its dates as UTC, in either of Inspector's formats", () => {
    assert.equal(findingOf("inspector-cve").firstSeen, "2026-03-01T06:18:32.356Z");
    assert.equal(
      findingOf("inspector-cve", [["detail", "firstObservedAt"], "Jun 4, 2023, 8:18:32 PM"]).firstSeen,
      "2023-06-04T20:18:32.000Z",
    );
  });

  for (const [status, state] of [
    ["ACTIVE", "active"],
    ["SUPPRESSED", "inactive"],
    ["CLOSED", "inactive"],
    [undefined, "active"],
  ] as const) {
    it(`is ${state} with status ${status ?? "missing"}`, () =>
      assert.equal(findingOf("inspector-cve", [["detail", "status"], status]).state, state));
  }

  it("tells score, exploit, fix and each package with the version that fixes it", () => {
    const finding = findingOf("inspector-cve");
    assert.equal(fact(finding, "Inspector score"), "10");
    assert.equal(fact(finding, "Exploit available"), "yes");
    assert.equal(fact(finding, "Fix available"), "yes");
    assert.equal(fact(finding, "Packages"), "org.apache.logging.log4j:log4j-core 2.14.1 → 2.15.0; log4j 2.14.0 → 0:2.17.1-1.amzn2023.0.1");
    assert.equal(fact(finding, "Exploit last known"), "2026-02-28 04:11:20 UTC");
  });

  it("says what to update where Inspector's own recommendation is None Provided", () => {
    const { text, url } = findingOf("inspector-cve").remediation;
    assert.equal(
      text,
      "Update org.apache.logging.log4j:log4j-core to 2.15.0, log4j to 0:2.17.1-1.amzn2023.0.1.\nCommand: dnf update log4j",
    );
    assert.equal(url, "https://nvd.nist.gov/vuln/detail/CVE-2021-44228");
  });

  it("says so where a package has no fixed version, and counts those it does not list", () => {
    const packages = Array.from({ length: 12 }, (_, index) => ({ name: `p${index}`, version: "1", fixedInVersion: "NotAvailable" }));
    const finding = findingOf("inspector-cve", [["detail", "packageVulnerabilityDetails", "vulnerablePackages"], packages]);
    assert.match(fact(finding, "Packages") ?? "", /^p0 1 → no fixed version; .*and 2 more$/);
    assert.equal(finding.remediation.text, undefined);
  });

  it("tells the path of a reachable port", () => {
    const networkReachabilityDetails = {
      openPortRange: { begin: 22, end: 22 },
      protocol: "TCP",
      networkPath: { steps: [{ componentId: "igw-1" }, { componentId: "i-1" }] },
    };
    const finding = findingOf(
      "inspector-cve",
      [["detail", "packageVulnerabilityDetails"], undefined],
      [["detail", "type"], "NETWORK_REACHABILITY"],
      [["detail", "networkReachabilityDetails"], networkReachabilityDetails],
    );
    assert.equal(finding.kind, "NETWORK_REACHABILITY");
    assert.equal(fact(finding, "Reachable port"), "TCP 22");
    assert.equal(fact(finding, "Network path"), "igw-1 → i-1");
  });

  it("takes an untriaged finding as informational, and the score where there is no severity", () => {
    assert.equal(findingOf("inspector-cve", [["detail", "severity"], "UNTRIAGED"]).severity, "INFORMATIONAL");
    assert.equal(findingOf("inspector-cve", [["detail", "severity"], undefined], [["detail", "inspectorScore"], 7.4]).severity, "HIGH");
  });

  const NAMES: readonly (readonly [string, string, string])[] = [
    ["AWS_LAMBDA_FUNCTION", "arn:aws:lambda:us-east-1:555555555555:function:report:$LATEST", "report"],
    [
      "AWS_ECR_CONTAINER_IMAGE",
      `arn:aws:ecr:us-east-1:555555555555:repository/team/app/sha256:${"84f507df33c6".repeat(5)}abcd`,
      "team/app@sha256:84f507df33c6",
    ],
    ["AWS_EC2_INSTANCE", "i-0fedcba0987654321", "i-0fedcba0987654321"],
  ];
  for (const [type, id, name] of NAMES) {
    it(`calls a resource of type ${type} by the name people use`, () =>
      assert.equal(findingOf("inspector-cve", [["detail", "resources"], [{ type, id }]]).resources[0]?.name, name));
  }
});
