import assert from "node:assert/strict";
import { SecurityHub, securityHubHandler } from "../../../sandbox/cloud/securityhub";
import { at } from "../../../sandbox/cloud/securityhub-asff";
import type { Asff, ServiceCall } from "../../../sandbox/types";

const ARN = "arn:aws:securityhub:eu-west-1::product/aws/securityhub";
let now = Date.parse("2026-03-01T09:00:00Z");

const control = (more: Asff = {}): Asff => ({
  SchemaVersion: "2018-10-08",
  Id: "f-1",
  ProductArn: ARN,
  GeneratorId: "security-control/EC2.13",
  AwsAccountId: "333333333333",
  Types: ["Software and Configuration Checks"],
  CreatedAt: "2026-03-01T09:00:00Z",
  UpdatedAt: "2026-03-01T09:00:00Z",
  Severity: { Label: "HIGH" },
  Title: "Port 22 is open",
  Description: "to the world",
  Resources: [{ Type: "AwsEc2SecurityGroup", Id: "sg-1" }],
  Compliance: { Status: "FAILED", SecurityControlId: "EC2.13" },
  ...more,
});

/** The same finding, imported so many hours later. */
const later = (hours: number, more: Asff = {}): Asff =>
  control({ UpdatedAt: new Date(Date.parse("2026-03-01T09:00:00Z") + hours * 3_600_000).toISOString(), ...more });

const passed = { Compliance: { Status: "PASSED", SecurityControlId: "EC2.13" } };
const everything = () => true;
const IDENTIFIERS = [{ Id: "f-1", ProductArn: ARN }];

function startHub(): { hub: SecurityHub; events: Asff[]; workflow: () => unknown; set: (status: string) => void; kept: () => Asff } {
  const hub = new SecurityHub(() => now);
  const events: Asff[] = [];
  hub.onEvent((finding) => events.push(finding));
  const kept = () => (hub.get({}, everything).Findings as Asff[])[0] ?? {};
  return {
    hub,
    events,
    kept,
    workflow: () => at(kept(), "Workflow.Status"),
    set: (status) => void hub.update({ FindingIdentifiers: IDENTIFIERS, Workflow: { Status: status } }, everything),
  };
}

const call = (operation: string, input: Record<string, unknown>, account = "222222222222"): ServiceCall => ({
  account,
  region: "eu-west-1",
  service: "securityhub",
  operation,
  principal: `arn:aws:iam::${account}:role/r`,
  input,
  headers: {},
});

describe("Security Hub in the sandbox: imports", () => {
  beforeEach(() => {
    now = Date.parse("2026-03-01T09:00:00Z");
  });

  it("a new finding is NEW and ACTIVE, has a Region, and is published", () => {
    const { hub, events } = startHub();
    assert.deepEqual(hub.import([control()], true), []);
    assert.equal(events.length, 1);
    assert.equal(at(events[0], "Workflow.Status"), "NEW");
    assert.equal(events[0]?.RecordState, "ACTIVE");
    assert.equal(events[0]?.Region, "eu-west-1");
  });

  it("the missing side of a severity is filled in, a disagreement stays", () => {
    const { hub, events } = startHub();
    hub.import([control({ Severity: { Normalized: 90 } }), control({ Id: "f-2", Severity: { Label: "HIGH", Normalized: 60 } })], true);
    assert.deepEqual(events[0]?.Severity, { Label: "CRITICAL", Normalized: 90 });
    assert.deepEqual(events[1]?.Severity, { Label: "HIGH", Normalized: 60 });
  });

  it("each import of a finding is published, also a repetition", () => {
    const { hub, events } = startHub();
    hub.import([control()], true);
    hub.import([control()], true);
    hub.import([later(12)], true);
    assert.equal(events.length, 3);
  });

  it("an import older than what is kept is ignored", () => {
    const { hub, events, kept } = startHub();
    hub.import([later(12, { Title: "new" })], true);
    hub.import([control({ Title: "old" })], true);
    assert.equal(kept().Title, "new");
    assert.equal(events.length, 1);
  });

  it("the workflow, note and user-defined fields survive a re-import", () => {
    const { hub, events, kept } = startHub();
    hub.import([control()], true);
    hub.update(
      {
        FindingIdentifiers: IDENTIFIERS,
        Workflow: { Status: "NOTIFIED" },
        Note: { Text: "told", UpdatedBy: "tocsin" },
        UserDefinedFields: { a: "b" },
      },
      everything,
    );
    hub.import([later(12, { Workflow: { Status: "NEW" }, Note: { Text: "other", UpdatedBy: "x" } })], true);
    assert.equal(at(kept(), "Workflow.Status"), "NOTIFIED");
    assert.equal(at(kept(), "Note.Text"), "told");
    assert.deepEqual(kept().UserDefinedFields, { a: "b" });
    assert.equal(at(events[2], "Workflow.Status"), "NOTIFIED");
  });

  it("a severity that a customer set survives a re-import, a provider's does not", () => {
    const { hub, kept } = startHub();
    hub.import([control()], true);
    hub.import([later(1, { Severity: { Label: "LOW" } })], true);
    assert.equal(at(kept(), "Severity.Label"), "LOW");
    hub.update({ FindingIdentifiers: IDENTIFIERS, Severity: { Label: "CRITICAL" } }, everything);
    hub.import([later(2)], true);
    assert.equal(at(kept(), "Severity.Label"), "CRITICAL");
  });

  it("what comes back from the archive is NEW again", () => {
    const { hub, workflow, set } = startHub();
    hub.import([control()], true);
    set("NOTIFIED");
    hub.import([later(1, { RecordState: "ARCHIVED" })], true);
    assert.equal(workflow(), "NOTIFIED");
    hub.import([later(2)], true);
    assert.equal(workflow(), "NEW");
  });

  it("a control that passed is RESOLVED, and NEW when it fails again", () => {
    for (const status of ["FAILED", "WARNING", "NOT_AVAILABLE"]) {
      const { hub, workflow, set } = startHub();
      hub.import([control()], true);
      set("NOTIFIED");
      hub.import([later(1, passed)], true);
      assert.equal(workflow(), "RESOLVED");
      hub.import([later(2, { Compliance: { Status: status } })], true);
      assert.equal(workflow(), "NEW", status);
    }
  });

  it("a control that never failed is RESOLVED from the start", () => {
    const { hub, workflow } = startHub();
    hub.import([control(passed)], true);
    assert.equal(workflow(), "RESOLVED");
  });

  it("SUPPRESSED stays, whatever happens", () => {
    const { hub, workflow, set } = startHub();
    hub.import([control()], true);
    set("SUPPRESSED");
    for (const [hours, more] of [passed, {}, { RecordState: "ARCHIVED" }, {}].entries()) {
      hub.import([later(hours + 1, more)], true);
      assert.equal(workflow(), "SUPPRESSED");
    }
  });

  it("a NOTIFIED finding that fails on stays NOTIFIED", () => {
    const { hub, workflow, set } = startHub();
    hub.import([control()], true);
    set("NOTIFIED");
    hub.import([later(12)], true);
    assert.equal(workflow(), "NOTIFIED");
  });

  it("the API refuses what lacks a required field, and names all that is missing", () => {
    const { hub, events } = startHub();
    const { Title: _, Resources: __, ...rest } = control();
    const [failure] = hub.import([rest], true);
    assert.match(failure?.ErrorMessage ?? "", /Resources is missing; Title is missing/);
    assert.equal(failure?.ErrorCode, "InvalidInput");
    assert.equal(events.length, 0);
  });

  it("a finding of more than 240 KB is refused", () => {
    const [failure] = startHub().hub.import([control({ Description: "x".repeat(250_000) })], true);
    assert.match(failure?.ErrorMessage ?? "", /245760 are allowed/);
  });

  it("a replay may import what AWS would refuse, as long as it has an identity", () => {
    const { hub, events } = startHub();
    assert.equal(hub.import([control({ Resources: [] })], false).length, 0);
    assert.equal(hub.import([control({ Id: undefined })], false).length, 1);
    assert.equal(events.length, 1);
  });
});

describe("Security Hub in the sandbox: updates and queries", () => {
  it("an update is published and leaves UpdatedAt", () => {
    const { hub, events, set } = startHub();
    hub.import([control()], true);
    set("NOTIFIED");
    assert.equal(events.length, 2);
    assert.equal(at(events[1], "Workflow.Status"), "NOTIFIED");
    assert.equal(events[1]?.UpdatedAt, "2026-03-01T09:00:00Z");
  });

  it("an unknown finding is unprocessed, the others are processed", () => {
    const { hub } = startHub();
    hub.import([control()], true);
    const answer = hub.update(
      { FindingIdentifiers: [...IDENTIFIERS, { Id: "no", ProductArn: ARN }], Workflow: { Status: "NOTIFIED" } },
      everything,
    );
    assert.deepEqual(answer, {
      ProcessedFindings: IDENTIFIERS,
      UnprocessedFindings: [
        { FindingIdentifier: { Id: "no", ProductArn: ARN }, ErrorCode: "FindingNotFound", ErrorMessage: "Finding Not Found" },
      ],
    });
  });

  it("refuses an unknown workflow status and more than 100 findings", () => {
    const { hub, set } = startHub();
    assert.throws(() => set("TOLD"), /NEW, NOTIFIED, RESOLVED, SUPPRESSED/);
    assert.throws(() => hub.update({ FindingIdentifiers: Array(101).fill(IDENTIFIERS[0]) }, everything), /1 to 100/);
  });

  it("pages tell every finding once, also when some change in between", () => {
    const { hub } = startHub();
    hub.import(
      Array.from({ length: 25 }, (_, index) => control({ Id: `f-${index}` })),
      true,
    );
    const filters = { Filters: { WorkflowStatus: [{ Comparison: "EQUALS", Value: "NEW" }] }, MaxResults: 10 };
    const told: unknown[] = [];
    let token: unknown;
    do {
      const page = hub.get({ ...filters, ...(token !== undefined && { NextToken: token }) }, everything);
      const ids = (page.Findings as Asff[]).map(({ Id }) => Id);
      told.push(...ids);
      hub.update({ FindingIdentifiers: ids.map((Id) => ({ Id, ProductArn: ARN })), Workflow: { Status: "NOTIFIED" } }, everything);
      token = page.NextToken;
    } while (token !== undefined);
    assert.equal(new Set(told).size, 25);
    assert.equal(told.length, 25);
  });

  it("MaxResults goes from 1 to 100, and a token has to be one", () => {
    const { hub } = startHub();
    for (const MaxResults of [0, 101, 1.5]) assert.throws(() => hub.get({ MaxResults }, everything), /between 1 and 100/);
    assert.throws(() => hub.get({ NextToken: "x" }, everything), /NextToken/);
  });

  it("findings that nothing touches for 90 days are gone", () => {
    const { hub, kept } = startHub();
    hub.import([control()], true);
    now += 89 * 86_400_000;
    assert.equal(kept().Id, "f-1");
    now += 2 * 86_400_000;
    assert.equal(kept().Id, undefined);
  });

  it("the administrator sees and changes all findings, a member its own", async () => {
    const { hub } = startHub();
    const answer = securityHubHandler(hub, "222222222222");
    hub.import([control(), control({ Id: "f-2", AwsAccountId: "444444444444" })], true);
    const seen = async (account: string) =>
      (at(await answer(call("GetFindings", {}, account)), "body.Findings") as Asff[]).map(({ Id }) => Id);
    assert.deepEqual(await seen("222222222222"), ["f-1", "f-2"]);
    assert.deepEqual(await seen("444444444444"), ["f-2"]);
    const update = await answer(
      call("BatchUpdateFindings", { FindingIdentifiers: IDENTIFIERS, Workflow: { Status: "NOTIFIED" } }, "444444444444"),
    );
    assert.equal((at(update, "body.UnprocessedFindings") as unknown[]).length, 1);
  });

  it("calls that are not about findings are left to the emulator", async () => {
    assert.equal(await securityHubHandler(startHub().hub, "222222222222")(call("DescribeHub", {})), undefined);
  });
});
