import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fixture } from "../functions/normalize/support";
import { CONFIG, control, imported } from "../support/lines";
import { OpenSandbox } from "../support/open-sandbox";
import { type Played, replay, type Step } from "../support/replay";

const MEMBER_RULE = "tocsin-forward-security-group";
const HEARTBEAT_RULE = "tocsin-forward-heartbeat";
const CENTRAL_BUS = "arn:aws:events:eu-west-1:222222222222:event-bus/tocsin";
const HEARTBEAT = { Source: "tocsin.heartbeat", DetailType: "tocsin heartbeat", Detail: {} };

const GUARD = "  tocsin:securityGroupGuard: { mode: alert }\n";
const settings = (forwarding: string, more = ""): string => CONFIG.replace(/forwarding: .*/, `forwarding: ${forwarding}`) + more;

/** CloudTrail's event of an opened port. */
const opened = (account: string, region: string): Step["line"] => ({
  account,
  region,
  event: {
    source: "aws.ec2",
    "detail-type": "AWS API Call via CloudTrail",
    detail: { eventSource: "ec2.amazonaws.com", eventName: "AuthorizeSecurityGroupIngress", requestParameters: { groupId: "sg-1" } },
  },
});
const put = (account: string, Source: string, bus: "central" | "default" = "central"): Step["line"] => ({
  putEvents: { account, region: "eu-west-1", bus, entries: [{ ...HEARTBEAT, Source }] },
});
const organizations = (operation: string, input: object, as?: string): Step["line"] => ({
  aws: { account: "management", region: "us-east-1", service: "organizations", operation, input, ...(as && { as }) },
});

/** The same in every way of forwarding. */
const FROM_MEMBERS: readonly Step[] = [
  { name: "payments", line: opened("payments", "eu-west-1") },
  { name: "payments elsewhere", line: opened("payments", "us-east-1") },
  { name: "security", line: opened("security", "eu-west-1") },
  { name: "management", line: opened("management", "us-east-1") },
  { name: "left out", line: opened("lab", "eu-west-1") },
  { name: "Region left out", line: opened("payments", "eu-central-1") },
];

const FORGED: readonly Step[] = [
  { name: "finding of another account", line: put("lab", "aws.securityhub") },
  { name: "change that CloudTrail did not see", line: put("lab", "aws.ec2") },
  { name: "source that is not forwarded", line: put("lab", "tocsin.finding") },
  { name: "new account by a member", line: put("payments", "aws.organizations") },
];

const ONCE: readonly Step[] = [
  { name: "control", line: imported(control("a")) },
  { name: "guardduty", line: { account: "web", region: "eu-west-1", event: fixture("guardduty-ssh-brute-force") } },
  {
    name: "guardduty in Security Hub",
    line: imported((fixture("asff-guardduty-ssh-brute-force").detail as { findings: unknown[] }).findings[0]),
  },
];

const NEW_ACCOUNT: readonly Step[] = [
  { line: organizations("CreateAccount", { AccountName: "shop", Email: "shop@example.com" }, "shop") },
  { name: "new account", line: opened("{{shop.CreateAccountStatus.AccountId}}", "eu-west-1") },
  { name: "finding in the new account", line: imported(control("b", { AwsAccountId: "777777777777", AwsAccountName: undefined })) },
  {
    line: organizations("MoveAccount", {
      AccountId: "{{shop.CreateAccountStatus.AccountId}}",
      SourceParentId: "{{root}}",
      DestinationParentId: "{{organizationalUnits.Production}}",
    }),
  },
  { name: "new account in Production", line: opened("{{shop.CreateAccountStatus.AccountId}}", "eu-west-1") },
];

const matched = (played: Played, name: string): readonly string[] => played.events(name).flatMap((event) => event.matched);
const forwarded = (played: Played): string[] =>
  FROM_MEMBERS.map(({ name = "" }) => `${name}: ${matched(played, name).includes(MEMBER_RULE) ? "forwarded" : "silent"}`);

describe("an Organization", function () {
  this.timeout(240_000);

  describe("with a StackSet for two organizational units", () => {
    let played: Played;
    before(async () => {
      const units = "{ via: stackset, organizationalUnitIds: [ou-root-production, ou-root-security00] }";
      played = await replay([...FROM_MEMBERS, ...FORGED, ...ONCE, ...NEW_ACCOUNT], settings(units, GUARD));
    });

    it("hears of changed security groups by the members' rules only: those of the units, and the management account's own", () => {
      assert.deepEqual(forwarded(played), [
        "payments: forwarded",
        "payments elsewhere: forwarded",
        "security: forwarded",
        "management: forwarded",
        "left out: silent",
        "Region left out: silent",
      ]);
      assert.equal(played.outcome("left out"), "ignored");
    });

    it("receives each of them once on the central bus", () => {
      // Four from the members, one from the new account, and the report of that account from the management account.
      assert.equal(played.report.counters.bus, 6);
      assert.deepEqual(played.report.deadLetters, []);
    });

    it("refuses what members forge, and lists who tried", () => {
      const principal = (account: string) => `arn:aws:iam::${account}:root`;
      assert.deepEqual(played.report.denied, [
        { principal: principal("666666666666"), action: "events:PutEvents", resource: CENTRAL_BUS },
        { principal: principal("333333333333"), action: "events:PutEvents", resource: CENTRAL_BUS },
      ]);
    });

    it("is told once of a finding that Security Hub shows in the member and in the administrator account", () => {
      assert.equal(played.outcome("control"), "notify/new");
      assert.equal(played.deliveries("control").length, 1);
    });

    it("is told once of a GuardDuty finding that comes natively and through Security Hub", () => {
      assert.equal(played.outcome("guardduty"), "notify/new");
      assert.equal(played.outcome("guardduty in Security Hub"), "quiet/duplicate");
      assert.equal(played.deliveries("guardduty").length, 1);
    });

    it("knows a new account by name at once, and hears of it as soon as it is in one of the units", () => {
      assert.ok(!matched(played, "new account").includes(MEMBER_RULE));
      assert.ok(matched(played, "new account in Production").includes(MEMBER_RULE));
      assert.equal(played.deliveries("finding in the new account")[0]?.accountName, "shop");
    });
  });

  describe("with a provider for each account", () => {
    let played: Played;
    before(async () => {
      const accounts = '{ via: providers, accountIds: ["222222222222", "333333333333", "444444444444", "555555555555"] }';
      played = await replay(FROM_MEMBERS, settings(accounts, GUARD));
    });

    it("hears of the same events as with the StackSet", () => {
      assert.deepEqual(forwarded(played), [
        "payments: forwarded",
        "payments elsewhere: forwarded",
        "security: forwarded",
        "management: forwarded",
        "left out: silent",
        "Region left out: silent",
      ]);
      assert.equal(played.report.counters.bus, 4);
      assert.deepEqual(played.report.denied, []);
    });
  });

  describe("whose members give signs of life", () => {
    let bench: OpenSandbox;
    const published: unknown[] = [];
    before(async () => {
      bench = await OpenSandbox.open();
      bench.sandbox.cloud.observe(({ call }) => {
        // Digests come whether anything happened or not.
        if (call.operation === "Publish" || (call.operation === "SendEmail" && !JSON.stringify(call.input).includes("digest"))) {
          published.push(call.input);
        }
      });
    });
    after(() => bench.close());

    it("says by the API of CloudFormation where the StackSets are", async () => {
      const { home, cloud } = bench.sandbox;
      const list = async (StackSetName: string) =>
        (await cloud.call(home, "cloudformation", "ListStackInstances", { StackSetName, CallAs: "DELEGATED_ADMIN" })) as {
          Summaries: { Account: string; Region: string; Status: string }[];
        };
      const { Summaries } = await list("tocsin-members");
      assert.deepEqual(
        Summaries.map(({ Account, Region, Status }) => `${Account} ${Region} ${Status}`),
        ["222222222222", "333333333333", "444444444444", "555555555555", "666666666666"].map((id) => `${id} eu-west-1 CURRENT`),
      );
      await assert.rejects(list("others"), { code: "StackSetNotFoundException", status: 404 });
    });

    it("has seen those of every account and Region after two days, and told nobody", async () => {
      await bench.play({ advance: "2d" });
      // Put on the default bus, and sent on to the central one: six accounts in two Regions, twice.
      assert.equal(bench.sandbox.runtime.counters.bus, 2 * 2 * 6 * 2);
      await bench.play({ run: "heartbeat" });
      assert.deepEqual(published, []);
      assert.deepEqual(bench.sandbox.runtime.alarms(), []);
      assert.deepEqual(bench.sandbox.cloud.denied, []);
    });

    it("raises an alarm for one that falls silent, and names it and no other", async () => {
      const rule = { account: "payments", region: "us-east-1", service: "events", input: { Name: HEARTBEAT_RULE } };
      await bench.play({ aws: { ...rule, operation: "DisableRule" } }, { advance: "27h" }, { run: "heartbeat" });
      assert.equal(published.length, 1);
      const { Subject, Message } = published[0] as { Subject: string; Message: string };
      assert.match(Subject, /1 silent member$/);
      assert.match(Message, /^- payments \(333333333333\), us-east-1: silent since .+$/m);
      assert.deepEqual(bench.sandbox.runtime.alarms(), ["tocsin-member-silent"]);
    });
  });

  it("is not changed by deploying twice", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tocsin-graph-"));
    const first = await graph(join(folder, "first.json"));
    const second = await graph(join(folder, "second.json"));
    assert.ok(first.some(({ type }) => type === "aws:cloudformation/stackSet:StackSet"));
    assert.deepEqual(second, first);
  });
});

/** The resources that `sandbox graph` writes, by URN. */
async function graph(output: string): Promise<{ urn: string; type: string }[]> {
  const child = spawn(process.execPath, ["--import", "tsx", "sandbox/cli.ts", "graph", output], {
    cwd: join(__dirname, "../.."),
    stdio: "ignore",
  });
  assert.equal(await new Promise((resolve) => child.on("close", resolve)), 0);
  const { resources } = JSON.parse(readFileSync(output, "utf8")) as { resources: { urn: string; type: string }[] };
  return resources.sort((left, right) => (left.urn < right.urn ? -1 : 1));
}
