import assert from "node:assert/strict";
import { stackSetsHandler } from "../../../sandbox/stack-sets/api";
import { withStackSets } from "../../../sandbox/stack-sets/provisioner";
import { StackSets } from "../../../sandbox/stack-sets/stack-sets";
import { type Provisioner, type ServiceCall, ServiceError } from "../../../sandbox/types";
import { create, TEMPLATE } from "./support";

const MANAGEMENT = "111111111111";
const SECURITY = "222222222222";
const HOME = { account: SECURITY, region: "eu-west-1" };

interface Bench {
  readonly sets: StackSets;
  readonly notes: string[];
  readonly accounts: { id: string; status: string }[];
  declare(type: string, inputs: Record<string, unknown>, account?: string): ReturnType<Provisioner["create"]>;
  ask(operation: string, input?: Record<string, unknown>, account?: string): Promise<unknown>;
}

function bench(making: Provisioner["create"] = create): Bench {
  const notes: string[] = [];
  const accounts = [MANAGEMENT, SECURITY, "333333333333", "444444444444"].map((id) => ({ id, status: "ACTIVE" }));
  const sets = new StackSets({ managementAccount: MANAGEMENT, accountsBelow: () => accounts }, (note) => notes.push(note));
  const provisioner = withStackSets({ create: making, invoke: async () => ({}) }, sets, MANAGEMENT);
  const handler = stackSetsHandler(sets, MANAGEMENT);
  return {
    sets,
    notes,
    accounts,
    declare: (type, inputs, account = SECURITY) =>
      provisioner.create({ urn: `urn::${type}`, type, name: "x", inputs, provider: { ...HOME, account } }),
    async ask(operation, input = {}, account = SECURITY) {
      const call: ServiceCall = { ...HOME, account, service: "cloudformation", operation, input, principal: "", headers: {} };
      return (await handler(call))?.body;
    },
  };
}

const SET = {
  name: "members",
  permissionModel: "SERVICE_MANAGED",
  callAs: "DELEGATED_ADMIN",
  capabilities: ["CAPABILITY_NAMED_IAM"],
  autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
  parameters: { Source: "test" },
  templateBody: JSON.stringify(TEMPLATE),
};
const INSTANCES = {
  stackSetName: "members",
  callAs: "DELEGATED_ADMIN",
  deploymentTargets: { organizationalUnitIds: ["r-root"] },
  regions: ["eu-west-1", "us-east-1"],
};
const declareSet = (one: Bench, changes: Record<string, unknown> = {}, account?: string) =>
  one.declare("aws:cloudformation/stackSet:StackSet", { ...SET, ...changes }, account);
const declareInstances = (one: Bench, changes: Record<string, unknown> = {}) =>
  one.declare("aws:cloudformation/stackInstances:StackInstances", { ...INSTANCES, ...changes });

const places = ({ sets }: Bench): string[] =>
  [...new Set(sets.resources.map(({ provider }) => `${provider?.account} ${provider?.region}`))].sort();

describe("StackSets", () => {
  it("reach every account below the organizational units but the management account, in every Region", async () => {
    const one = bench();
    const set = await declareSet(one);
    assert.match(String(set.outputs.arn), /^arn:aws:cloudformation:eu-west-1:222222222222:stackset\/members:[0-9a-f-]{36}$/);
    const { outputs } = await declareInstances(one);
    assert.deepEqual(
      places(one),
      [SECURITY, "333333333333", "444444444444"].flatMap((account) => [`${account} eu-west-1`, `${account} us-east-1`]),
    );
    assert.equal((outputs.stackInstanceSummaries as unknown[]).length, 6);
    assert.equal(new Set(one.sets.resources.map(({ urn }) => urn)).size, one.sets.resources.length);
  });

  it("can leave accounts out, or mean only some", async () => {
    for (const [accountFilterType, expected] of [
      ["DIFFERENCE", [`${SECURITY} eu-west-1`, "444444444444 eu-west-1"]],
      ["INTERSECTION", ["333333333333 eu-west-1"]],
    ] as const) {
      const one = bench();
      await declareSet(one);
      const deploymentTargets = { organizationalUnitIds: ["r-root"], accounts: ["333333333333"], accountFilterType };
      await declareInstances(one, { regions: ["eu-west-1"], deploymentTargets });
      assert.deepEqual(places(one), expected);
    }
  });

  it("reach accounts that join by themselves, unless that is off", async () => {
    for (const enabled of [true, false]) {
      const one = bench();
      await declareSet(one, { autoDeployment: { enabled } });
      await declareInstances(one);
      const before = one.sets.resources.length;
      one.accounts.push({ id: "777777777777", status: "ACTIVE" });
      const added = await one.sets.deployAutomatically(create);
      assert.equal(added.length, enabled ? before / 3 : 0);
      assert.ok(added.every(({ provider }) => provider?.account === "777777777777"));
      assert.deepEqual(await one.sets.deployAutomatically(create), []);
    }
  });

  it("skip suspended accounts", async () => {
    const one = bench();
    one.accounts.push({ id: "888888888888", status: "SUSPENDED" });
    await declareSet(one);
    await declareInstances(one);
    assert.ok(!places(one).some((place) => place.startsWith("888888888888")));
    assert.partialDeepStrictEqual(
      await one.ask("DescribeStackInstance", {
        StackSetName: "members",
        CallAs: "DELEGATED_ADMIN",
        StackInstanceAccount: "888888888888",
        StackInstanceRegion: "eu-west-1",
      }),
      { StackInstance: { StackInstanceStatus: { DetailedStatus: "SKIPPED_SUSPENDED_ACCOUNT" } } },
    );
  });

  it("fail in an account where something has the name already, and go on in the others as far as is tolerated", async () => {
    const one = bench();
    await one.declare("aws:iam/role:Role", { name: "forward" });
    await declareSet(one);
    await assert.rejects(
      declareInstances(one),
      /222222222222 eu-west-1: 222222222222 role forward already exists \(urn::aws:iam\/role:Role\)/,
    );

    const other = bench();
    await other.declare("aws:iam/role:Role", { name: "forward" });
    await declareSet(other);
    await declareInstances(other, { operationPreferences: { failureTolerancePercentage: 100 } });
    assert.deepEqual(
      places(other).filter((place) => place.startsWith(SECURITY)),
      [`${SECURITY} us-east-1`],
    );
    assert.match(other.notes.join(), /stack instance 222222222222 eu-west-1 of members failed/);
    assert.partialDeepStrictEqual(
      await other.ask("ListStackInstances", {
        StackSetName: "members",
        CallAs: "DELEGATED_ADMIN",
        Filters: [{ Name: "DETAILED_STATUS", Values: "FAILED" }],
      }),
      {
        Summaries: [
          {
            Account: SECURITY,
            Region: "eu-west-1",
            Status: "OUTDATED",
            StatusReason: "222222222222 role forward already exists (urn::aws:iam/role:Role)",
          },
        ],
      },
    );
  });

  it("keep the program from taking a name that a stack has", async () => {
    const one = bench();
    await declareSet(one);
    await declareInstances(one);
    await assert.rejects(
      one.declare("aws:sqs/queue:Queue", { name: "dead" }),
      /already exists \(arn:aws:cloudformation:eu-west-1:222222222222:stack/,
    );
  });

  it("belong to the management account or its delegate, which says so, and have to be allowed to make roles", async () => {
    await assert.rejects(declareSet(bench(), { callAs: undefined }), /callAs SELF in account 222222222222/);
    await assert.rejects(declareSet(bench(), {}, MANAGEMENT), /callAs DELEGATED_ADMIN in account 111111111111/);
    await assert.rejects(declareSet(bench(), { capabilities: ["CAPABILITY_IAM"] }), /Requires capabilities : \[CAPABILITY_NAMED_IAM\]/);
    await assert.rejects(declareSet(bench(), { permissionModel: "SELF_MANAGED" }), /SERVICE_MANAGED only/);
    const units = Array.from({ length: 51 }, (_, index) => `ou-root-${index}`);
    const one = bench();
    await declareSet(one);
    await assert.rejects(
      declareInstances(one, { deploymentTargets: { organizationalUnitIds: units } }),
      /51 organizational units are more than 50/,
    );
    await assert.rejects(declareInstances(one, { stackSetName: "others" }), { code: "StackSetNotFoundException" });
    await assert.rejects(declareSet(one), { code: "NameAlreadyExistsException" });
  });

  it("can be looked at, a page at a time, by who administers them", async () => {
    const one = bench();
    await declareSet(one);
    await declareInstances(one);
    const asked = { StackSetName: "members", CallAs: "DELEGATED_ADMIN" };
    assert.partialDeepStrictEqual(await one.ask("DescribeStackSet", asked), {
      StackSet: {
        StackSetName: "members",
        PermissionModel: "SERVICE_MANAGED",
        OrganizationalUnitIds: ["r-root"],
        Regions: INSTANCES.regions,
      },
    });
    assert.partialDeepStrictEqual(await one.ask("ListStackSets", {}, MANAGEMENT), { Summaries: [{ StackSetName: "members" }] });
    const first = (await one.ask("ListStackInstances", { ...asked, MaxResults: "4" })) as { Summaries: unknown[]; NextToken?: string };
    const second = (await one.ask("ListStackInstances", { ...asked, MaxResults: "4", NextToken: first.NextToken })) as typeof first;
    assert.deepEqual([first.Summaries.length, second.Summaries.length, second.NextToken], [4, 2, undefined]);
    assert.partialDeepStrictEqual(first.Summaries[0], {
      Account: SECURITY,
      Region: "eu-west-1",
      Status: "CURRENT",
      OrganizationalUnitId: "r-root",
    });
    const notFound = (error: unknown): boolean => error instanceof ServiceError && error.code === "StackSetNotFoundException";
    await assert.rejects(one.ask("DescribeStackSet", { StackSetName: "members" }), notFound);
    await assert.rejects(one.ask("DescribeStackSet", asked, "333333333333"), notFound);
    assert.equal(await one.ask("CreateStack"), undefined);
  });
});
