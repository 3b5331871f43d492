import assert from "node:assert/strict";
import { fact, findingOf, inFinding } from "./support";

const control = (...changes: Parameters<typeof findingOf> extends [string, ...infer R] ? R : never) =>
  findingOf("control-open-port", ...changes);

describe("a finding of a Security Hub control", () => {
  const SEVERITIES: readonly (readonly [Record<string, unknown>, string])[] = [
    [{ Label: "HIGH", Normalized: 60 }, "HIGH"],
    [{ Label: "low" }, "LOW"],
    [{ Normalized: 0 }, "INFORMATIONAL"],
    [{ Normalized: 1 }, "LOW"],
    [{ Normalized: 39 }, "LOW"],
    [{ Normalized: 40 }, "MEDIUM"],
    [{ Normalized: 69 }, "MEDIUM"],
    [{ Normalized: 70 }, "HIGH"],
    [{ Normalized: 89 }, "HIGH"],
    [{ Normalized: 90 }, "CRITICAL"],
    [{ Normalized: 100 }, "CRITICAL"],
  ];
  for (const [severity, expected] of SEVERITIES) {
    it(`is ${expected} where Security Hub says ${JSON.stringify(severity)}`, () =>
      assert.equal(control([inFinding("Severity"), severity]).severity, expected));
  }

  it("has the severity of its provider where Security Hub gives none", () =>
    assert.equal(control([inFinding("Severity"), undefined]).severity, "CRITICAL"));

  const STATES: readonly (readonly [string, readonly (string | number)[], unknown, string])[] = [
    ["archived", ["RecordState"], "ARCHIVED", "inactive"],
    ["resolved", ["Workflow", "Status"], "RESOLVED", "inactive"],
    ["suppressed", ["Workflow", "Status"], "SUPPRESSED", "inactive"],
    ["passed", ["Compliance", "Status"], "PASSED", "inactive"],
    ["not checked", ["Compliance", "Status"], "NOT_AVAILABLE", "inactive"],
    ["a warning", ["Compliance", "Status"], "WARNING", "active"],
    ["notified", ["Workflow", "Status"], "NOTIFIED", "active"],
    ["without a workflow", ["Workflow"], undefined, "active"],
    ["without a record state", ["RecordState"], undefined, "active"],
  ];
  for (const [name, path, value, expected] of STATES) {
    it(`is ${expected} when ${name}`, () => assert.equal(control([inFinding(...path), value]).state, expected));
  }

  it("carries its workflow and the account's name", () => {
    assert.equal(control([inFinding("Workflow", "Status"), "NOTIFIED"]).workflow, "NOTIFIED");
    assert.equal(control([inFinding("Workflow", "Status"), "ODD"]).workflow, undefined);
    assert.equal(control().accountName, "payments");
  });

  it("tells what is open, why it matters and how to correct it", () => {
    const finding = control();
    assert.equal(fact(finding, "Ingress rules"), "tcp 5432 from 0.0.0.0/0");
    assert.equal(fact(finding, "Compliance"), "FAILED");
    assert.equal(fact(finding, "Standards"), "AWS Foundational Security Best Practices v1.0.0, NIST 800-53 v5.0.0");
    assert.equal(finding.remediation.url, "https://docs.aws.amazon.com/console/securityhub/EC2.19/remediation");
  });

  it("links to itself in the console, with its id encoded as the console does", () =>
    assert.equal(
      control([inFinding("Id"), "arn:aws:securityhub:eu-west-1:333333333333:x/y"]).consoleUrl,
      "https://eu-west-1.console.aws.amazon.com/securityhub/home?region=eu-west-1#/findings?search=Id%3D%255Coperator%255C%253AEQUALS%255C%253Aarn%253Aaws%253Asecurityhub%253Aeu-west-1%253A333333333333%253Ax%252Fy",
    ));

  for (const url of ["http://example.com/", "javascript:alert(1)", "https://user:secret@example.com/", "not a url", 7]) {
    it(`gives no link for ${url}`, () =>
      assert.equal(control([inFinding("Remediation", "Recommendation", "Url"), url]).remediation.url, undefined));
  }

  it("shows its kind where it has no title, and survives without anything optional", () => {
    const optional = [
      "Title",
      "Description",
      "Resources",
      "ProductFields",
      "Compliance",
      "Remediation",
      "Workflow",
      "RecordState",
      "FirstObservedAt",
      "Types",
    ];
    const finding = control(...optional.map((key) => [inFinding(key), undefined] as const));
    assert.equal(finding.title, "EC2.19");
    assert.deepEqual(finding.resources, []);
    assert.equal(finding.description, "");
    assert.equal(finding.firstSeen, "2026-03-01T08:41:12.318Z");
  });

  it("puts no line break or other control character into a title", () =>
    assert.equal(control([inFinding("Title"), "open\r\nBcc: x@example.com\u0000\u2028!"]).title, "open Bcc: x@example.com !"));

  it("takes the event's time for a date that cannot be read", () =>
    assert.equal(
      control([inFinding("UpdatedAt"), "soon"], [inFinding("LastObservedAt"), ""], [inFinding("CreatedAt"), 0]).updatedAt,
      "2026-03-01T08:52:14.000Z",
    ));

  it("keeps the tags people gave before those of AWS services, at most 20", () => {
    const tags = {
      ...Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`aws:tag${index}`, "x"])),
      team: "payments",
      Name: "db",
    };
    const [resource] = control([inFinding("Resources", 0, "Tags"), tags]).resources;
    assert.equal(Object.keys(resource?.tags ?? {}).length, 20);
    assert.equal(resource?.tags.team, "payments");
    assert.equal(resource?.name, "db");
  });

  it("keeps two ids apart that only differ past the longest length", () => {
    const long = `arn:aws:securityhub:eu-west-1:333333333333:${"x".repeat(1100)}`;
    const [one, other] = [control([inFinding("Id"), `${long}1`]), control([inFinding("Id"), `${long}2`])];
    assert.equal(one.id.length, 1024);
    assert.notEqual(one.id, other.id);
  });
});

describe("GuardDuty's copy in Security Hub", () => {
  const copy = (...changes: Parameters<typeof findingOf> extends [string, ...infer R] ? R : never) =>
    findingOf("asff-guardduty-ssh-brute-force", ...changes);

  it("tells the same as GuardDuty's own event", () => {
    const own = findingOf("guardduty-ssh-brute-force");
    for (const { label, value } of own.facts) assert.equal(fact(copy(), label), value, label);
    assert.equal(copy().count, 41);
    assert.equal(copy().remediation.url, own.remediation.url);
    assert.equal(copy().consoleUrl, own.consoleUrl);
  });

  it("is a sample where GuardDuty's own field says so, though its title lost the mark", () => {
    const finding = findingOf("asff-guardduty-sample", [inFinding("Sample"), undefined]);
    assert.equal(finding.sample, true);
    assert.doesNotMatch(finding.title, /SAMPLE/);
  });

  it("is inactive when GuardDuty archived it", () =>
    assert.equal(copy([inFinding("ProductFields", "aws/guardduty/service/archived"), "true"]).state, "inactive"));

  const TYPES: readonly (readonly [string, string])[] = [
    ["TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce", "UnauthorizedAccess:EC2/SSHBruteForce"],
    ["TTPs/AttackSequence:IAM/CompromisedCredentials", "AttackSequence:IAM/CompromisedCredentials"],
    ["TTPs/Discovery/IAMUser-AnomalousBehavior", "Discovery:IAMUser/AnomalousBehavior"],
    ["TTPs/Credential Access/IAMUser-AnomalousBehavior", "CredentialAccess:IAMUser/AnomalousBehavior"],
    ["Effects/Data Exfiltration/Exfiltration:S3-AnomalousBehavior", "Exfiltration:S3/AnomalousBehavior"],
  ];
  for (const [asff, own] of TYPES) {
    it(`names ${asff} as GuardDuty does`, () => assert.equal(copy([inFinding("Types"), [asff]]).kind, own));
  }
});

describe("Inspector's copy in Security Hub", () => {
  it("tells packages, fix and exploit, and what to do instead of pointing at JSON", () => {
    const finding = findingOf("asff-inspector-cve");
    assert.match(fact(finding, "Packages") ?? "", /log4j-core 2\.14\.1 → 2\.15\.0/);
    assert.equal(fact(finding, "Exploit available"), "yes");
    assert.match(finding.remediation.text ?? "", /^Update org\.apache/);
  });

  it("is inactive when Inspector closed it", () =>
    assert.equal(findingOf("asff-inspector-cve", [inFinding("ProductFields", "aws/inspector/FindingStatus"), "CLOSED"]).state, "inactive"));

  it("finds the CVE in the title where nothing else names it", () =>
    assert.equal(findingOf("asff-inspector-cve", [inFinding("Vulnerabilities"), undefined]).kind, "CVE-2021-44228"));
});
