import assert from "node:assert/strict";
import { handlers } from "../../components/handlers";
import { type Declared, declareAggregation, fullGraph, Graph, statementsOf as statements } from "./deployed";
import { CONFIG, FULL_CONFIG } from "./example-config";

/** Actions that have no resource level (or whose ARNs the settings cannot know: those of AWS Organizations). */
const WITHOUT_RESOURCE =
  /^(xray:|organizations:|states:SendTaskSuccess$|logs:(\w+LogDelivery|ListLogDeliveries|PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups)$)/;

const list = (value: string | readonly string[]): readonly string[] => (typeof value === "string" ? [value] : value);

describe("the security account's part", function () {
  this.timeout(60_000);
  let graph: Graph;
  const of = (type: string): readonly Declared[] => graph.of(type);
  const one = (type: string, name: string): Declared["inputs"] => graph.one(type, name);

  before(async () => {
    graph = await fullGraph();
  });

  it("keeps episodes encrypted, restorable and safe from deletion, and pays by request", () => {
    const table = one("dynamodb/table:Table", "episodes");
    assert.deepEqual(table.serverSideEncryption, { enabled: true });
    assert.deepEqual(table.pointInTimeRecovery, { enabled: true });
    assert.equal(table.deletionProtectionEnabled, true);
    assert.equal(table.billingMode, "PAY_PER_REQUEST");
    assert.deepEqual(table.ttl, { attributeName: "expires", enabled: true });
  });

  it("gives each function exactly one role of its own, and no managed policy", () => {
    assert.equal(of("lambda/function:Function").length, Object.keys(handlers).length);
    assert.equal(of("iam/rolePolicyAttachment:RolePolicyAttachment").length, 0);
    const roles = of("lambda/function:Function").map(({ inputs }) => inputs.role);
    assert.equal(new Set(roles).size, roles.length);
  });

  it("allows no action by wildcard, and every resource only where a service knows no other", () => {
    for (const { name, inputs } of of("iam/rolePolicy:RolePolicy")) {
      const ids = statements(inputs.policy).map(({ Sid }) => Sid);
      assert.equal(new Set(ids).size, ids.length, `${name}: IAM takes each statement's id once`);
      for (const { Sid, Effect, Action, Resource } of statements(inputs.policy)) {
        assert.equal(Effect, "Allow");
        for (const action of list(Action)) {
          assert.match(action, /^[a-z\d]+:[A-Za-z]+$/, `${name} ${Sid}`);
          if (list(Resource).includes("*")) {
            assert.match(action, WITHOUT_RESOURCE, `${name} ${Sid}`);
          }
        }
      }
    }
  });

  it("lets a function write to its own log group only, which is there before it and is kept for 90 days", () => {
    for (const { name, inputs } of of("lambda/function:Function")) {
      assert.deepEqual(inputs.loggingConfig, { logFormat: "Text", logGroup: `/aws/lambda/tocsin-${name}` });
      assert.equal(one("cloudwatch/logGroup:LogGroup", name).retentionInDays, 90);
      const logs = statements(one("iam/rolePolicy:RolePolicy", name).policy).find(({ Sid }) => Sid === "OwnLog");
      assert.deepEqual(logs?.Resource, [`arn:aws:logs:eu-west-1:222222222222:log-group:/aws/lambda/tocsin-${name}:*`]);
    }
  });

  it("runs every function on Node.js 24, arm64, traced, with an archive that holds its bundle and nothing else", async () => {
    for (const { name, inputs } of of("lambda/function:Function")) {
      assert.equal(inputs.runtime, "nodejs24.x", name);
      assert.deepEqual(inputs.architectures, ["arm64"], name);
      assert.deepEqual(inputs.tracingConfig, { mode: "Active" }, name);
      assert.ok(Number(inputs.timeout) > 0 && Number(inputs.timeout) <= 900, name);
      const { assets } = inputs.code as { assets: Promise<object> };
      assert.deepEqual(Object.keys(await assets), ["__index.js"], name);
    }
  });

  it("lets roles be assumed only by the service that they are for, on behalf of this account", () => {
    for (const { name, inputs } of of("iam/role:Role")) {
      const [statement, ...more] = statements(inputs.assumeRolePolicy);
      assert.ok(statement && more.length === 0);
      const { Service } = statement.Principal as { Service: string };
      assert.match(Service, /^(lambda|states|events|scheduler)\.amazonaws\.com$/, name);
      if (Service !== "lambda.amazonaws.com") {
        assert.deepEqual(statement.Condition, { StringEquals: { "aws:SourceAccount": "222222222222" } }, name);
      }
    }
  });

  it("encrypts every queue, refuses what does not come by TLS, and knows every service that sends by account and ARN", () => {
    for (const { name, inputs } of of("sqs/queue:Queue")) {
      assert.equal(inputs.sqsManagedSseEnabled, true, name);
      const policy = statements(one("sqs/queuePolicy:QueuePolicy", name).policy);
      assert.ok(
        policy.some(({ Effect, Condition }) => Effect === "Deny" && Condition?.Bool?.["aws:SecureTransport"] === "false"),
        name,
      );
      for (const { Condition } of policy.filter(({ Effect }) => Effect === "Allow")) {
        // Whether SNS names an account besides the topic's ARN is documented nowhere; the ARN holds it.
        const account = name === "topics-dlq" ? undefined : { "aws:SourceAccount": "222222222222" };
        assert.deepEqual(Condition?.StringEquals, account, name);
        assert.match(
          String(Condition?.ArnLike?.["aws:SourceArn"]),
          /^arn:aws:(events:[\w-]+:222222222222:rule\/tocsin\*|sns:eu-west-1:222222222222:tocsin-channel-\*)$/,
          name,
        );
      }
    }
  });

  it("has a dead-letter queue of 14 days behind every queue of work, with alarms on the first dead letter and on waiting too long", () => {
    for (const name of ["intake", "undelivered", "write-back", "storms", "guard", "sweeps"]) {
      const redrive = JSON.parse(String(one("sqs/queue:Queue", name).redrivePolicy));
      assert.equal(redrive.maxReceiveCount, 10);
      assert.equal(one("sqs/queue:Queue", `${name}-dlq`).messageRetentionSeconds, 1_209_600);
      assert.equal(one("cloudwatch/metricAlarm:MetricAlarm", `${name}-late`).metricName, "ApproximateAgeOfOldestMessage");
    }
    const deadLetterQueues = of("sqs/queue:Queue").filter(({ name }) => name.includes("-dlq"));
    assert.equal(deadLetterQueues.length, 9);
    for (const { name } of deadLetterQueues) {
      const alarm = one("cloudwatch/metricAlarm:MetricAlarm", `${name}-not-empty`);
      assert.equal(alarm.threshold, 0);
      assert.equal(alarm.treatMissingData, "notBreaching");
      assert.equal((alarm.alarmActions as unknown[]).length, 1);
    }
  });

  it("hides a message for at least as long as the function that reads it may run", () => {
    const readers = {
      intake: "triage",
      undelivered: "redeliver",
      "write-back": "mark",
      storms: "storms",
      guard: "guard",
      sweeps: "sweep-place",
    };
    for (const [queue, handler] of Object.entries(readers)) {
      const visibility = Number(one("sqs/queue:Queue", queue).visibilityTimeoutSeconds);
      assert.ok(visibility >= Number(one("lambda/function:Function", handler).timeout), queue);
      assert.deepEqual(one("lambda/eventSourceMapping:EventSourceMapping", queue).functionResponseTypes, ["ReportBatchItemFailures"]);
    }
    assert.equal(one("sqs/queue:Queue", "intake").visibilityTimeoutSeconds, 180);
  });

  it("sends what rules let in to the intake queue, and keeps what cannot be delivered", () => {
    const targets = of("cloudwatch/eventTarget:EventTarget");
    assert.equal(targets.length, of("cloudwatch/eventRule:EventRule").length);
    for (const { name, inputs } of targets) {
      assert.ok((inputs.deadLetterConfig as { arn?: string }).arn, name);
      assert.deepEqual(inputs.retryPolicy, { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 }, name);
    }
  });

  it("takes Security Hub's events in the home Region alone, GuardDuty's and Inspector's in every Region, and the members' from the central bus", () => {
    const sources = (region: string, bus?: string) =>
      of("cloudwatch/eventRule:EventRule")
        .filter(({ inputs }) => inputs.region === region && inputs.eventBusName === bus)
        .map(({ inputs }) => JSON.parse(String(inputs.eventPattern)).source[0]);
    assert.deepEqual([...new Set(sources("eu-west-1"))].sort(), ["aws.guardduty", "aws.inspector2", "aws.securityhub"]);
    assert.deepEqual([...new Set(sources("us-east-1"))].sort(), ["aws.guardduty", "aws.inspector2"]);
    assert.deepEqual([...new Set(sources("eu-west-1", "tocsin"))].sort(), [
      "aws.ec2",
      "aws.guardduty",
      "aws.inspector2",
      "aws.organizations",
      "tocsin.heartbeat",
    ]);
  });

  it("sends mail over TLS only, from the configured addresses only", () => {
    assert.deepEqual(one("sesv2/configurationSet:ConfigurationSet", "email").deliveryOptions, { tlsPolicy: "REQUIRE" });
    assert.deepEqual(
      of("sesv2/emailIdentity:EmailIdentity").map(({ inputs }) => inputs.emailIdentity),
      ["example.com", "mail.example.com"],
    );
    const sends = statements(one("iam/rolePolicy:RolePolicy", "deliver-email").policy).find(({ Sid }) => Sid === "SendsMail");
    assert.deepEqual(sends?.Condition, { StringEquals: { "ses:FromAddress": ["tocsin@example.com", "tocsin@mail.example.com"] } });
  });

  it("tells every recipient of mail when tocsin itself is in trouble, once, in each Region with something to watch", () => {
    const subscriptions = of("sns/topicSubscription:TopicSubscription")
      .filter(({ name }) => name.startsWith("alarms-"))
      .map(({ inputs }) => `${inputs.region} ${inputs.endpoint}`);
    assert.deepEqual(subscriptions.sort(), [
      "eu-west-1 oncall@example.com",
      "eu-west-1 patching@example.com",
      "eu-west-1 soc@example.com",
      "us-east-1 oncall@example.com",
      "us-east-1 patching@example.com",
      "us-east-1 soc@example.com",
    ]);
  });

  it("runs the workflow as Express, traced, and logs its errors without the alert's content", () => {
    const machine = one("sfn/stateMachine:StateMachine", "alert");
    assert.equal(machine.type, "EXPRESS");
    assert.deepEqual(machine.tracingConfiguration, { enabled: true });
    assert.deepEqual(
      { ...(machine.loggingConfiguration as object), logDestination: undefined },
      { level: "ERROR", includeExecutionData: false, logDestination: undefined },
    );
  });

  it("schedules reminders hourly and the rest daily, and keeps failed runs", () => {
    const expressions = Object.fromEntries(of("scheduler/schedule:Schedule").map(({ inputs }) => [inputs.name, inputs.scheduleExpression]));
    assert.deepEqual(expressions, {
      "tocsin-reminders": "rate(1 hour)",
      "tocsin-reconcile": "cron(20 3 * * ? *)",
      "tocsin-accounts": "rate(1 day)",
      "tocsin-heartbeat": "cron(50 5 * * ? *)",
      "tocsin-digest": "cron(0 7 * * ? *)",
      "tocsin-sweep": "rate(1 hour)",
    });
    assert.equal(of("lambda/functionEventInvokeConfig:FunctionEventInvokeConfig").length, 6);
  });

  it("names everything with one prefix", () => {
    for (const { type, name, inputs } of graph.all.filter((resource) => typeof resource.inputs.name === "string")) {
      if (type !== "aws:iam/rolePolicy:RolePolicy") {
        assert.match(String(inputs.name), /^(tocsin(-|$)|\/aws\/(lambda|vendedlogs\/states)\/tocsin-)/, `${type} ${name}`);
      }
    }
  });
});

describe("the security account's part with mail alone", function () {
  this.timeout(60_000);
  it("has nothing of other channels, storms, mutes, digests and the guard", async () => {
    const graph = new Graph(await declareAggregation(CONFIG));
    assert.deepEqual(
      graph.all
        .filter(({ name }) => /slack|teams|webhook|topics|deliver-sns|storms|digest|guard(?!duty)|sweep|buttons|security-group/.test(name))
        .map(({ name }) => name),
      [],
    );
    assert.deepEqual(
      graph.of("sns/topic:Topic").map(({ name }) => name),
      ["alarms", "alarms-us-east-1"],
    );
    for (const { name, inputs } of graph.of("lambda/function:Function")) {
      const { variables } = inputs.environment as { variables: object };
      assert.deepEqual(
        Object.keys(variables).filter((variable) => /^(RUNBOOKS|MUTES|STORM|STORMS_URL)$/.test(variable)),
        [],
        name,
      );
    }
    assert.deepEqual(graph.permissionsOf("triage").UsesTable?.[0], ["dynamodb:UpdateItem"]);
  });
});

describe("the security account's part without write-back, in one Region", function () {
  this.timeout(60_000);
  it("has no queue, function, state or permission for it, and nothing in other Regions", async () => {
    const all = await declareAggregation({
      ...FULL_CONFIG,
      "tocsin:organization": { ...(CONFIG["tocsin:organization"] as object), regions: ["eu-west-1"] },
      "tocsin:alerts": { ...(CONFIG["tocsin:alerts"] as object), writeBack: false },
    });
    assert.deepEqual(
      all.filter(({ name }) => /write-back|mark|us-east-1|forwarding/.test(name)).map(({ name }) => name),
      [],
    );
    assert.doesNotMatch(
      JSON.stringify(all.map(({ inputs }) => inputs.policy ?? inputs.definition ?? "")),
      /write-back|BatchUpdateFindings/,
    );
    for (const handler of ["triage", "storms"]) {
      assert.ok(!("WRITE_BACK_URL" in new Graph(all).environmentOf(handler)), handler);
    }
  });
});
