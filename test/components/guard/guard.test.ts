import assert from "node:assert/strict";
import { type Declared, declareAggregation, fullGraph, Graph, statementsOf } from "../deployed";
import { CONFIG, FULL_CONFIG } from "../example-config";

const HOME = "eu-west-1:222222222222";
const QUEUES = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"];
const queue = (name: string): string => `arn:aws:sqs:${HOME}:tocsin-${name}`;
const table = (name: string): string => `arn:aws:dynamodb:${HOME}:table/tocsin-${name}`;
const machine = (name: string): string => `arn:aws:states:${HOME}:stateMachine:tocsin-${name}`;
const MEMBERS = [["sts:AssumeRole"], ["arn:aws:iam::*:role/tocsin-security-groups"]];
const ACCOUNTS = [["organizations:DescribeAccount", "organizations:ListParents", "organizations:DescribeOrganizationalUnit"], ["*"]];
const dynamo = (...operations: readonly string[]): string[] => operations.map((operation) => `dynamodb:${operation}`);

const guarded = (guard: object, more: object = {}): Promise<Declared[]> =>
  declareAggregation({ ...CONFIG, "tocsin:securityGroupGuard": guard, ...more });
const APPROVALS = FULL_CONFIG["tocsin:approvals"];

describe("the guard", function () {
  this.timeout(60_000);
  let graph: Graph;

  before(async () => {
    graph = await fullGraph();
  });

  it("keeps what it did and how to undo it encrypted, restorable and safe from deletion", () => {
    const { hashKey, rangeKey, serverSideEncryption, pointInTimeRecovery, deletionProtectionEnabled, billingMode, ttl } = graph.one(
      "dynamodb/table:Table",
      "guard",
    );
    assert.deepEqual([hashKey, rangeKey, billingMode, deletionProtectionEnabled], ["pk", "sk", "PAY_PER_REQUEST", true]);
    assert.deepEqual([serverSideEncryption, pointInTimeRecovery], [{ enabled: true }, { enabled: true }]);
    assert.deepEqual(ttl, { attributeName: "expires", enabled: true });
  });

  it("hears of every change from the central bus, by the pattern that members forward by, and keeps what it cannot take", () => {
    const rule = graph.one("cloudwatch/eventRule:EventRule", "central-security-group");
    assert.equal(rule.eventBusName, "tocsin");
    const { source, detail } = JSON.parse(String(rule.eventPattern));
    assert.deepEqual([source, detail.eventName.length, detail.errorCode], [["aws.ec2"], 9, [{ exists: false }]]);
    const target = graph.one("cloudwatch/eventTarget:EventTarget", "central-security-group");
    assert.match(String(target.arn), /WorkQueue|sqs\/queue:Queue:guard$/);
    assert.match(JSON.stringify(target.deadLetterConfig), /guard-dlq/);
  });

  it("judges by a function that may read members, remember, start its workflow, and nothing else", () => {
    assert.deepEqual(graph.permissionsOf("guard"), {
      ReadsQueue: [QUEUES, [queue("guard")]],
      SendsToQueues: [["sqs:SendMessage"], [queue("guard-dlq")]],
      UsesGuardTable: [dynamo("GetItem", "UpdateItem", "DeleteItem", "Query"), [table("guard")]],
      ReachesMembers: MEMBERS,
      StartsGuard: [["states:StartExecution"], [machine("guard")]],
      UsesTable: [dynamo("GetItem", "UpdateItem"), [table("episodes")]],
      AsksOrganizations: ACCOUNTS,
    });
  });

  it("looks accounts up only where one is exempt by more than its id", async () => {
    const plain = new Graph(await guarded({ exemptAccounts: ["333333333333"] })).permissionsOf("guard");
    assert.ok(!("UsesTable" in plain) && !("AsksOrganizations" in plain));
  });

  it("acts by a function that reaches members and knows nobody to tell", () => {
    assert.deepEqual(graph.permissionsOf("guard-act"), {
      UsesGuardTable: [dynamo("GetItem", "UpdateItem", "DeleteItem"), [table("guard")]],
      ReachesMembers: MEMBERS,
    });
  });

  it("tells by a function that reaches no member", () => {
    assert.deepEqual(graph.permissionsOf("guard-tell"), {
      UsesGuardTable: [dynamo("GetItem", "UpdateItem"), [table("guard")]],
      UsesTable: [dynamo("GetItem", "UpdateItem"), [table("episodes")]],
      StartsAlert: [["states:StartExecution"], [machine("alert")]],
      SendsToQueues: [["sqs:SendMessage"], [queue("storms")]],
      AsksOrganizations: ACCOUNTS,
    });
  });

  it("sweeps by one function that plans and one that looks, neither of which may change anything but memory and start what tells", () => {
    assert.deepEqual(graph.permissionsOf("sweep"), {
      SendsToQueues: [["sqs:SendMessage"], [queue("schedules-dlq"), queue("sweeps")]],
      UsesTable: [dynamo("Scan"), [table("episodes")]],
      AsksOrganizations: [
        ["organizations:ListRoots", "organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent"],
        ["*"],
      ],
    });
    assert.deepEqual(graph.permissionsOf("sweep-place"), {
      ReadsQueue: [QUEUES, [queue("sweeps")]],
      SendsToQueues: [["sqs:SendMessage"], [queue("sweeps")]],
      UsesGuardTable: [dynamo("GetItem", "UpdateItem", "DeleteItem", "Query"), [table("guard")]],
      ReachesMembers: MEMBERS,
      StartsGuard: [["states:StartExecution"], [machine("guard")]],
    });
  });

  it("gives each function the settings that it needs, and the settings' rules alone", () => {
    const { onTimeout: _, ...section } = FULL_CONFIG["tocsin:securityGroupGuard"] as { onTimeout: string };
    const GUARD = { ...section, exemptAccounts: [], tell: "unapproved" };
    for (const handler of ["guard", "guard-act", "guard-tell", "sweep", "sweep-place"]) {
      assert.deepEqual(graph.environmentOf(handler).GUARD, GUARD, handler);
    }
    for (const handler of ["guard", "guard-act", "sweep-place"]) {
      assert.equal(graph.environmentOf(handler).EXTERNAL_ID, "tocsin-111111111111", handler);
    }
    assert.deepEqual(graph.environmentOf("guard-tell").APPROVALS, { timeout: "30m", onTimeout: "undo" });
    assert.deepEqual(graph.environmentOf("sweep").MEMBERS, {
      managementAccountId: "111111111111",
      regions: ["eu-west-1", "us-east-1"],
      organizationalUnitIds: ["r-root"],
    });
  });

  it("runs its workflow as Standard, which waits for a person as long as the settings say, and may call its two functions", () => {
    const { type, definition, tracingConfiguration } = graph.one("sfn/stateMachine:StateMachine", "guard");
    assert.deepEqual([type, tracingConfiguration], ["STANDARD", { enabled: true }]);
    const { States } = JSON.parse(String(definition));
    assert.equal(States.Ask.TimeoutSeconds, 1800);
    assert.ok("Unanswered" in States);
    const statements = statementsOf(graph.one("iam/rolePolicy:RolePolicy", "guard-machine").policy);
    assert.deepEqual(
      statements.slice(0, 3).map(({ Action, Resource }) => [Action, Resource]),
      [
        [["lambda:InvokeFunction"], ["guard-act", "guard-tell"].map((name) => `arn:aws:lambda:${HOME}:function:tocsin-${name}`)],
        [["dynamodb:UpdateItem"], [table("guard")]],
        [["sqs:SendMessage"], [queue("guard-dlq")]],
      ],
    );
  });

  it("asks nobody in the other modes", async () => {
    for (const mode of ["alert", "revert"]) {
      const other = new Graph(await guarded({ mode }, { "tocsin:approvals": APPROVALS }));
      const { States } = JSON.parse(String(other.one("sfn/stateMachine:StateMachine", "guard").definition));
      assert.ok(!("Ask" in States), mode);
    }
  });

  it("is heard when something breaks: a failed execution, a late message, a dead letter, a place that is not swept", () => {
    for (const name of ["guard-failed", "guard-late", "guard-dlq-not-empty", "sweeps-late", "sweeps-dlq-not-empty", "sweep-incomplete"]) {
      const { alarmActions, threshold } = graph.one("cloudwatch/metricAlarm:MetricAlarm", name);
      assert.deepEqual(alarmActions, ["arn:of:aws:sns/topic:Topic:alarms"], name);
      assert.ok(Number(threshold) <= 3600, name);
    }
    assert.equal(graph.one("cloudwatch/metricAlarm:MetricAlarm", "guard-failed").metricName, "ExecutionsFailed");
  });

  it("tells a burst as one message even without tocsin:storm, which then holds no findings", async () => {
    const alone = new Graph(await guarded({}));
    assert.deepEqual(alone.environmentOf("guard-tell").STORM, { over: 10, within: "10m" });
    assert.equal(alone.of("lambda/function:Function").filter(({ name }) => name === "storms").length, 1);
    for (const handler of ["triage", "reminders"]) {
      assert.ok(!("STORM" in alone.environmentOf(handler)), handler);
    }
    assert.deepEqual(graph.environmentOf("guard-tell").STORM, FULL_CONFIG["tocsin:storm"]);
  });
});

describe("the buttons", function () {
  this.timeout(60_000);
  let graph: Graph;

  before(async () => {
    graph = await fullGraph();
  });

  it("have an address that everybody may call, by itself only, and that can neither starve the account nor cost more than five runs", () => {
    assert.equal(graph.one("lambda/functionUrl:FunctionUrl", "buttons").authorizationType, "NONE");
    const permissions = graph
      .of("lambda/permission:Permission")
      .filter(({ name }) => name.startsWith("buttons"))
      .map(({ inputs }) => inputs);
    assert.deepEqual(permissions, [
      { action: "lambda:InvokeFunctionUrl", function: "tocsin-buttons", functionUrlAuthType: "NONE", principal: "*" },
      { action: "lambda:InvokeFunction", function: "tocsin-buttons", invokedViaFunctionUrl: true, principal: "*" },
    ]);
    assert.equal(graph.one("lambda/function:Function", "buttons").reservedConcurrentExecutions, 5);
  });

  it("are answered by a function that reaches no member and reads one secret", () => {
    assert.deepEqual(graph.permissionsOf("buttons"), {
      UsesGuardTable: [dynamo("GetItem", "UpdateItem", "DeleteItem"), [table("guard")]],
      ReadsSecrets: [["secretsmanager:GetSecretValue"], [`arn:aws:secretsmanager:${HOME}:secret:tocsin/slack-signing-??????`]],
      AnswersWorkflows: [["states:SendTaskSuccess"], ["*"]],
      StartsGuard: [["states:StartExecution"], [machine("guard")]],
    });
    assert.deepEqual(graph.environmentOf("buttons").APPROVERS, ["U0123456789", { user: "U9876543210", identities: ["alice@example.com"] }]);
  });

  it("are not there where nobody may press them", async () => {
    const without = new Graph(await guarded({ mode: "revert" }));
    assert.deepEqual(without.of("lambda/functionUrl:FunctionUrl"), []);
    assert.deepEqual(
      without.all.filter(({ name }) => name.startsWith("buttons")),
      [],
    );
  });
});
