import assert from "node:assert/strict";
import fc from "fast-check";
import { type NamedPattern, PATTERN_LIMIT, regionalPatterns, securityHubPatterns, withinLimit } from "../../components/event-patterns";
import type { Source } from "../../functions/alert-settings";
import { SEVERITIES, type Severity, STANDARDS } from "../../functions/finding";
import { compilePattern } from "../../sandbox/runtime/event-bridge/pattern";

type Fields = Readonly<Record<string, unknown>>;

const SOURCES: readonly Source[] = [
  { origin: "securityhub", standards: ["cis", "fsbp"], severities: ["CRITICAL", "HIGH"] },
  { origin: "guardduty", severities: ["CRITICAL", "HIGH", "MEDIUM"] },
  { origin: "inspector", severities: ["CRITICAL", "HIGH"] },
];

const matchedBy = (patterns: readonly NamedPattern[], event: unknown): string[] =>
  patterns.filter(({ pattern }) => compilePattern(JSON.parse(pattern))(event)).map(({ name }) => name);

const atHome = (sources: readonly Source[]) => [...securityHubPatterns(sources), ...regionalPatterns(sources)];

const imported = (finding: Fields) => ({
  source: "aws.securityhub",
  "detail-type": "Security Hub Findings - Imported",
  detail: { findings: [finding] },
});
const importedV2 = (finding: Fields) => ({
  source: "aws.securityhub",
  "detail-type": "Findings Imported V2",
  detail: { findings: [finding] },
});

const FSBP = "standards/aws-foundational-security-best-practices/v/1.0.0";
const control = (fields: Fields = {}): Fields => ({
  ProductArn: "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
  GeneratorId: "security-control/EC2.19",
  RecordState: "ACTIVE",
  Workflow: { Status: "NEW" },
  Severity: { Label: "CRITICAL", Normalized: 90 },
  Compliance: { Status: "FAILED", SecurityControlId: "EC2.19", AssociatedStandards: [{ StandardsId: FSBP }] },
  ...fields,
});
const failed = (compliance: Fields = {}) => ({ Status: "FAILED", ...compliance });
const copy = (fields: Fields = {}): Fields => ({
  ProductArn: "arn:aws:securityhub:eu-west-1::product/aws/guardduty",
  RecordState: "ACTIVE",
  Workflow: { Status: "NEW" },
  Severity: { Label: "HIGH", Normalized: 60 },
  ...fields,
});
const ocsf = (fields: Fields = {}): Fields => ({
  metadata: { product: { uid: "arn:aws:securityhub:eu-west-1::productv2/aws/securityhub" } },
  class_uid: 2003,
  severity_id: 5,
  status_id: 1,
  compliance: { status_id: 3, standards: [FSBP] },
  ...fields,
});
const ocsfThreat = (fields: Fields = {}): Fields => ({
  metadata: { product: { uid: "arn:aws:securityhub:eu-west-1::productv2/aws/guardduty" } },
  class_uid: 2004,
  severity_id: 4,
  status_id: 1,
  activity_id: 1,
  ...fields,
});
const guardDuty = (severity: unknown, archived = false) => ({
  source: "aws.guardduty",
  "detail-type": "GuardDuty Finding",
  detail: { severity, service: { archived } },
});
const inspector = (severity: unknown, status = "ACTIVE") => ({
  source: "aws.inspector2",
  "detail-type": "Inspector2 Finding",
  detail: { severity, status },
});

/** What happens to an event, and the rule that lets it in; none if it ends at the edge. */
const CASES: readonly (readonly [what: string, event: unknown, rule?: string])[] = [
  ["a failed control of a severity that is asked for", imported(control()), "securityhub-critical"],
  [
    "a control that only warns",
    imported(control({ Compliance: failed({ Status: "WARNING", AssociatedStandards: [{ StandardsId: FSBP }] }) })),
    "securityhub-critical",
  ],
  ["a control that passed", imported(control({ Compliance: { Status: "PASSED" } }))],
  ["a control below the severities", imported(control({ Severity: { Label: "MEDIUM", Normalized: 40 } }))],
  ["a control whose number says more than its label", imported(control({ Severity: { Label: "LOW", Normalized: 95 } }))],
  ["a control without a label, by its number", imported(control({ Severity: { Normalized: 75 } })), "securityhub-high"],
  ["a control without a label, below by its number", imported(control({ Severity: { Normalized: 69 } }))],
  ["an archived control", imported(control({ RecordState: "ARCHIVED" }))],
  ["a suppressed control", imported(control({ Workflow: { Status: "SUPPRESSED" } }))],
  [
    "a control at the lowest severity that people were told of",
    imported(control({ Severity: { Label: "HIGH" }, Workflow: { Status: "NOTIFIED" } })),
  ],
  [
    "a control above the lowest that people were told of: it may have risen",
    imported(control({ Workflow: { Status: "NOTIFIED" } })),
    "securityhub-critical",
  ],
  [
    "a control without its optional fields",
    imported({ ProductArn: control().ProductArn, Severity: { Label: "HIGH" }, GeneratorId: "security-control/EC2.19" }),
    "securityhub-high",
  ],
  [
    "a control of a standard that is not asked for",
    imported(control({ Compliance: failed({ AssociatedStandards: [{ StandardsId: "standards/pci-dss/v/3.2.1" }] }) })),
  ],
  [
    "a control of several standards of which one is asked for",
    imported(
      control({
        Compliance: failed({
          AssociatedStandards: [
            { StandardsId: "standards/pci-dss/v/3.2.1" },
            { StandardsId: "ruleset/cis-aws-foundations-benchmark/v/1.2.0" },
          ],
        }),
      }),
    ),
    "securityhub-critical",
  ],
  [
    "a control that is not consolidated, by its generator",
    imported(
      control({ Compliance: failed(), GeneratorId: "arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/4.1" }),
    ),
    "securityhub-critical",
  ],
  [
    "a control that is not consolidated, of another standard",
    imported(control({ Compliance: failed(), GeneratorId: "pci-dss/v/3.2.1/PCI.IAM.1" })),
  ],
  ["a finding of a product that nobody asked for", imported(control({ ProductArn: "arn:aws:securityhub:eu-west-1::product/aws/macie" }))],
  ["a custom action", { ...imported(control()), "detail-type": "Security Hub Findings - Custom Action" }],

  ["Security Hub's copy of a GuardDuty finding", imported(copy()), "guardduty-copy-critical-high"],
  ["a copy at the lowest severity", imported(copy({ Severity: { Label: "MEDIUM" } })), "guardduty-copy-medium"],
  [
    "a copy at the lowest severity that people were told of",
    imported(copy({ Severity: { Label: "MEDIUM" }, Workflow: { Status: "NOTIFIED" } })),
  ],
  [
    "an archived copy, also when people were told: it closes the episode",
    imported(copy({ Severity: { Label: "MEDIUM" }, Workflow: { Status: "NOTIFIED" }, RecordState: "ARCHIVED" })),
    "guardduty-copy-medium",
  ],
  [
    "a resolved copy: it closes the episode",
    imported(copy({ Severity: { Label: "MEDIUM" }, Workflow: { Status: "RESOLVED" } })),
    "guardduty-copy-medium",
  ],
  ["a copy below the severities", imported(copy({ Severity: { Label: "LOW" } }))],
  [
    "a copy of an Inspector finding",
    imported(copy({ ProductArn: "arn:aws:securityhub:eu-west-1::product/aws/inspector", Severity: { Label: "CRITICAL" } })),
    "inspector-copy-critical",
  ],

  ["a control in OCSF", importedV2(ocsf()), "securityhub-ocsf-critical"],
  ["a control in OCSF that passed", importedV2(ocsf({ compliance: { status_id: 1, standards: [FSBP] } }))],
  ["a control in OCSF below the severities", importedV2(ocsf({ severity_id: 3 }))],
  ["a control in OCSF of another standard", importedV2(ocsf({ compliance: { status_id: 3, standards: ["standards/pci-dss/v/3.2.1"] } }))],
  ["a resolved control in OCSF", importedV2(ocsf({ status_id: 4 }))],
  ["an exposure, which is no control", importedV2(ocsf({ class_uid: 2004, compliance: undefined }))],
  ["a threat in OCSF", importedV2(ocsfThreat()), "guardduty-ocsf-critical-high"],
  ["a fatal threat in OCSF", importedV2(ocsfThreat({ severity_id: 6 })), "guardduty-ocsf-critical-high"],
  ["a threat in OCSF at the lowest severity that somebody works on", importedV2(ocsfThreat({ severity_id: 3, status_id: 2 }))],
  ["a closed threat in OCSF", importedV2(ocsfThreat({ severity_id: 3, status_id: 2, activity_id: 3 })), "guardduty-ocsf-medium"],

  ["a GuardDuty finding in a band's middle", guardDuty(8), "guardduty"],
  ["a GuardDuty finding at a band's lower end", guardDuty(4), "guardduty"],
  ["a GuardDuty finding just below", guardDuty(3.9)],
  ["a GuardDuty attack sequence", guardDuty(9.5), "guardduty"],
  ["an archived GuardDuty finding: it closes the episode", guardDuty(8, true), "guardduty"],
  ["an Inspector finding", inspector("CRITICAL"), "inspector"],
  ["an Inspector finding below the severities", inspector("MEDIUM")],
  ["an Inspector finding that nobody has rated", inspector("UNTRIAGED")],
  ["a closed Inspector finding: it closes the episode", inspector("HIGH", "CLOSED"), "inspector"],

  ["an event that is no finding at all", imported({ hello: "world" }), "unreadable-imported"],
  ["an event without findings", { ...imported({}), detail: {} }, "unreadable-imported"],
  ["an event with an empty list", { ...imported({}), detail: { findings: [] } }, "unreadable-imported"],
  ["a control without any severity", imported(control({ Severity: undefined })), "unreadable-imported"],
  ["a control with a severity that we do not know", imported(control({ Severity: { Label: "URGENT" } })), "unreadable-imported"],
  [
    "another product's finding without a severity",
    imported(control({ ProductArn: "arn:aws:securityhub:eu-west-1::product/aws/macie", Severity: undefined })),
  ],
  ["an OCSF event that is no finding", importedV2({ hello: "world" }), "unreadable-ocsf"],
  ["an OCSF finding whose severity has no number", importedV2(ocsf({ severity_id: undefined, severity: "Critical" })), "unreadable-ocsf"],
  ["a GuardDuty event without a severity", guardDuty(undefined), "unreadable-guardduty"],
  ["a GuardDuty event whose severity became a word", guardDuty("HIGH"), "unreadable-guardduty"],
  ["an Inspector event without a severity", inspector(undefined), "unreadable-inspector"],
  ["an Inspector event with a new word for a severity", inspector("SEVERE"), "unreadable-inspector"],

  ["another service's event", { source: "aws.ec2", "detail-type": "EC2 Instance State-change Notification", detail: { state: "running" } }],
];

describe("event patterns", () => {
  describe("of an everyday configuration", () => {
    const patterns = atHome(SOURCES);
    for (const [what, event, rule] of CASES) {
      it(`${rule === undefined ? "drop" : "let in, once,"} ${what}`, () => {
        assert.deepEqual(matchedBy(patterns, JSON.parse(JSON.stringify(event))), rule === undefined ? [] : [rule]);
      });
    }
  });

  it("let a control of any standard in where the settings name no standard", () => {
    const patterns = atHome([{ origin: "securityhub", severities: ["CRITICAL"] }]);
    const pci = control({ Compliance: failed({ AssociatedStandards: [{ StandardsId: "standards/pci-dss/v/3.2.1" }] }) });
    assert.deepEqual(matchedBy(patterns, imported(pci)), ["securityhub-critical"]);
  });

  it("let each event in once, however the sources overlap", () => {
    const patterns = atHome([
      { origin: "securityhub", standards: ["cis"], severities: ["CRITICAL", "HIGH"] },
      { origin: "securityhub", standards: ["fsbp"], severities: ["HIGH", "MEDIUM"] },
    ]);
    const both = {
      Compliance: failed({
        AssociatedStandards: [{ StandardsId: FSBP }, { StandardsId: "ruleset/cis-aws-foundations-benchmark/v/1.2.0" }],
      }),
    };
    for (const label of ["CRITICAL", "HIGH", "MEDIUM"]) {
      assert.equal(matchedBy(patterns, imported(control({ ...both, Severity: { Label: label } }))).length, 1, label);
    }
    const fsbpOnly = control({ Severity: { Label: "CRITICAL" } });
    assert.deepEqual(matchedBy(patterns, imported(fsbpOnly)), [], "CRITICAL is asked of CIS alone");
  });

  it("have nothing for origins that nobody asked for", () => {
    assert.deepEqual(
      atHome([{ origin: "guardduty", severities: ["HIGH"] }]).map(({ name }) => name),
      ["guardduty-copy-high", "guardduty-ocsf-high", "unreadable-imported", "unreadable-ocsf", "guardduty", "unreadable-guardduty"],
    );
    assert.deepEqual(atHome([]), []);
  });

  const severities = fc.subarray([...SEVERITIES], { minLength: 1 });
  const sources = fc.array(
    fc.oneof(
      fc.record({
        origin: fc.constant("securityhub" as const),
        severities,
        standards: fc.option(fc.subarray([...STANDARDS], { minLength: 1 }), { nil: undefined }),
      }),
      fc.record({ origin: fc.constantFrom("guardduty" as const, "inspector" as const), severities }),
    ),
    { minLength: 1, maxLength: 8 },
  );

  it("are valid, at most 2,048 characters long and named within 64 characters, whatever is asked for", () => {
    fc.assert(
      fc.property(sources, (asked) => {
        const patterns = atHome(asked);
        assert.equal(new Set(patterns.map(({ name }) => name)).size, patterns.length, "names are unique");
        for (const { name, pattern } of patterns) {
          assert.ok(pattern.length <= PATTERN_LIMIT, `${name} has ${pattern.length} characters`);
          assert.ok(`tocsin-${name}`.length <= 64, name);
          compilePattern(JSON.parse(pattern));
        }
      }),
      { numRuns: 50 },
    );
  });

  it("never let an event in by two rules, whatever is asked for", () => {
    fc.assert(
      fc.property(sources, (asked) => {
        const patterns = atHome(asked);
        for (const [what, event] of CASES) {
          assert.ok(matchedBy(patterns, JSON.parse(JSON.stringify(event))).length <= 1, what);
        }
      }),
      { numRuns: 10 },
    );
  });

  it("are spread over several rules when one would be too long, and only refused when a single severity is", () => {
    const make = (some: readonly Severity[]) => "x".repeat(10 * some.length);
    assert.deepEqual(
      withinLimit(SEVERITIES, make, 20).map((part) => part.severities),
      [["INFORMATIONAL", "LOW"], ["MEDIUM"], ["HIGH", "CRITICAL"]],
    );
    assert.throws(() => withinLimit(SEVERITIES, make, 9), /INFORMATIONAL has 10 characters, but EventBridge takes 9/);
  });
});
