import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { parse } from "yaml";
import { Forwarding } from "../../../components/forwarding/forwarding";
import { INSTANCES_LIMIT, regionGroups, stackSetName } from "../../../components/forwarding/region-groups";
import { SettingsError } from "../../../settings";
import type { Declared } from "../deployed";
import { accountIds, declareForwarding, settingsWith, sideWith, viaProviders } from "./members";

const REGIONS = ["eu-west-1", "eu-central-1", "eu-north-1", "us-east-1", "us-west-2", "ap-south-1"];
const sized = (expectedAccounts: number, regions: readonly string[] = REGIONS) => settingsWith({ expectedAccounts, regions });
const ofType = (all: readonly Declared[], type: string) => all.filter((one) => one.type === `aws:cloudformation/${type}`);

describe("forwarding by StackSet", () => {
  it("is the same resources for 10, 1,000 and 10,000 accounts", async () => {
    const ten = await declareForwarding(sized(10));
    assert.deepEqual(await declareForwarding(sized(1_000)), ten);
    assert.deepEqual(await declareForwarding(sized(10_000)), ten);
    assert.ok(ten.length > 0);
  });

  it("joins new accounts by itself, everywhere at once, as delegated administrator, roles first", async () => {
    const all = await declareForwarding(sized(200));
    const [home, others] = ofType(all, "stackSet:StackSet").map(({ inputs }) => inputs);
    for (const set of [home, others]) {
      assert.ok(set);
      assert.equal(set.permissionModel, "SERVICE_MANAGED");
      assert.equal(set.callAs, "DELEGATED_ADMIN");
      assert.deepEqual(set.managedExecution, { active: true });
      assert.deepEqual(set.capabilities, ["CAPABILITY_NAMED_IAM"]);
      assert.equal((set.operationPreferences as { regionConcurrencyType: string }).regionConcurrencyType, "PARALLEL");
    }
    assert.deepEqual(home?.autoDeployment, { enabled: true, retainStacksOnAccountRemoval: false });
    assert.deepEqual(others?.autoDeployment, {
      enabled: true,
      retainStacksOnAccountRemoval: false,
      dependsOnStackSets: ["arn:of:aws:cloudformation/stackSet:StackSet:stack-sets-1"],
    });
    const instances = ofType(all, "stackInstances:StackInstances").map(({ inputs }) => inputs);
    assert.deepEqual(
      instances.map(({ stackSetName: name, regions }) => [name, regions]),
      [
        ["tocsin-members", ["eu-west-1"]],
        ["tocsin-members-2", REGIONS.slice(1)],
      ],
    );
    for (const { operationPreferences, deploymentTargets, callAs } of instances) {
      assert.equal((operationPreferences as { concurrencyMode: string }).concurrencyMode, "SOFT_FAILURE_TOLERANCE");
      assert.deepEqual(deploymentTargets, { organizationalUnitIds: ["r-root"] });
      assert.equal(callAs, "DELEGATED_ADMIN");
    }
  });

  it("takes one StackSet for one Region, and more where one would hold over 100,000 instances", () => {
    const sets = (count: number, regions = REGIONS) => regionGroups(sized(count, regions)).length;
    assert.equal(sets(50_000, ["eu-west-1"]), 1);
    assert.equal(sets(20_000), 2, "5 Regions besides the home Region: 100,000 instances");
    assert.equal(sets(20_001), 3);
    assert.equal(sets(50_000), 4);
  });

  it("puts every Region into exactly one StackSet within the limit, the home Region first and alone", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), fc.shuffledSubarray(REGIONS.slice(1)), (count, others) => {
        const groups = regionGroups(sized(count, [...others, "eu-west-1"]));
        assert.deepEqual(groups[0], ["eu-west-1"]);
        assert.deepEqual(groups.slice(1).flat(), others);
        for (const group of groups) assert.ok(group.length > 0 && group.length * count <= INSTANCES_LIMIT);
        assert.equal(new Set(groups.map((_, index) => stackSetName(index))).size, groups.length);
      }),
    );
  });

  it("names all organizational units in one resource, because the provider takes every instance of a StackSet for those of each", async () => {
    const organizationalUnitIds = Array.from({ length: 50 }, (_, index) => `ou-root-${String(index).padStart(8, "0")}`);
    const all = await declareForwarding(settingsWith({ forwarding: { via: "stackset", organizationalUnitIds }, regions: ["eu-west-1"] }));
    const units = ofType(all, "stackInstances:StackInstances").map(
      ({ inputs }) => (inputs.deploymentTargets as { organizationalUnitIds: string[] }).organizationalUnitIds,
    );
    assert.deepEqual(units, [organizationalUnitIds]);
  });

  it("refuses more organizational units than one call takes, and says what to name instead", () => {
    const organizationalUnitIds = Array.from({ length: 51 }, (_, index) => `ou-root-${String(index).padStart(8, "0")}`);
    assert.throws(
      () => settingsWith({ forwarding: { via: "stackset", organizationalUnitIds } }),
      /51 organizational units are not allowed; allowed: at most 50: name one above them, or the root/,
    );
  });
});

describe("forwarding from the management account", () => {
  const rulesOf = (all: readonly Declared[], region: string): unknown[] =>
    all
      .filter(
        ({ type, name, inputs }) =>
          type === "aws:cloudwatch/eventRule:EventRule" && name.startsWith("111111111111") && inputs.region === region,
      )
      .map(({ inputs }) => inputs.name);

  it("has rules of its own, because StackSets skip it, and reports new accounts where Organizations does", async () => {
    const all = await declareForwarding(settingsWith());
    assert.deepEqual(rulesOf(all, "eu-west-1"), ["tocsin-forward-security-group", "tocsin-forward-heartbeat"]);
    assert.deepEqual(rulesOf(all, "us-east-1"), ["tocsin-forward-security-group", "tocsin-forward-heartbeat", "tocsin-forward-accounts"]);
  });

  it("reports new accounts from a Region that is not covered, and nothing else from there", async () => {
    const all = await declareForwarding(settingsWith({ regions: ["eu-west-1"] }));
    assert.deepEqual(rulesOf(all, "us-east-1"), ["tocsin-forward-accounts"]);
    const there = all.filter(({ inputs }) => inputs.region === "us-east-1").map(({ type }) => type.split(":")[2]);
    assert.deepEqual(there.sort(), ["EventRule", "EventTarget", "Queue", "QueuePolicy"]);
  });

  it("is deployed once, even if the settings list it among the members", async () => {
    const all = await declareForwarding(viaProviders("111111111111", "333333333333"));
    const roles = all.filter(({ type }) => type === "aws:iam/role:Role").map(({ inputs, name }) => `${name} ${inputs.name}`);
    assert.deepEqual(roles.sort(), [
      "111111111111-forwarding tocsin-forwarding",
      "111111111111-guard tocsin-security-groups",
      "111111111111-heartbeat tocsin-heartbeat-sender",
      "333333333333-forwarding tocsin-forwarding",
      "333333333333-guard tocsin-security-groups",
      "333333333333-heartbeat tocsin-heartbeat-sender",
    ]);
    assert.equal(ofType(all, "stackSet:StackSet").length, 0);
  });
});

describe("forwarding by providers", () => {
  it("takes 25 accounts, and refuses 26 with the other way", async () => {
    const all = await declareForwarding(viaProviders(...accountIds(25)));
    assert.equal(all.filter(({ inputs }) => inputs.name === "tocsin-forwarding").length, 26, "and the management account");
    assert.throws(
      () => viaProviders(...accountIds(26)),
      (error) => error instanceof SettingsError && /26 accounts are not allowed with via: providers.*via: stackset/.test(error.message),
    );
  });

  it("refuses an account without a provider, rather than deploying it somewhere else", () => {
    assert.throws(
      () =>
        new Forwarding("members", {
          settings: viaProviders("333333333333"),
          side: sideWith(),
          management: {} as never,
          members: {},
        }),
      (error) => pulumi.InputPropertyError.isInstance(error) && /no provider is given for 333333333333/.test(String(error.message)),
    );
  });

  it("has no default provider to fall back to", () => {
    const project = parse(readFileSync(join(__dirname, "..", "..", "..", "Pulumi.yaml"), "utf8"));
    const { value } = project.config["pulumi:disable-default-providers"];
    assert.ok(value.includes("aws") || value.includes("*"));
  });
});
