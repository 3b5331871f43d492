import assert from "node:assert/strict";
import { declareAggregation, fullGraph, Graph } from "./deployed";
import { FULL_CONFIG } from "./example-config";

const TABLE = ["arn:aws:dynamodb:eu-west-1:222222222222:table/tocsin-episodes"];
const MACHINE = ["arn:aws:states:eu-west-1:222222222222:stateMachine:tocsin-alert"];

/** The full configuration with another list of routes. */
const withRoutes = async (...routes: readonly object[]): Promise<Graph> =>
  new Graph(await declareAggregation({ ...FULL_CONFIG, "tocsin:routes": routes }));

describe("what happens by time", function () {
  this.timeout(60_000);
  let graph: Graph;

  before(async () => {
    graph = await fullGraph();
  });

  it("knows of the mutes wherever something is told, and looks accounts up only where a mute asks for them", async () => {
    for (const handler of ["triage", "reminders", "digest"]) {
      assert.deepEqual(graph.environmentOf(handler).MUTES, FULL_CONFIG["tocsin:mutes"], handler);
    }
    assert.deepEqual(graph.permissionsOf("triage").UsesTable, [["dynamodb:UpdateItem", "dynamodb:GetItem"], TABLE]);
    const [mute] = FULL_CONFIG["tocsin:mutes"] as object[];
    const byOrigin = new Graph(
      await declareAggregation({ ...FULL_CONFIG, "tocsin:mutes": [{ ...mute, when: { origins: ["inspector"] } }] }),
    );
    assert.deepEqual(byOrigin.permissionsOf("triage").UsesTable, [["dynamodb:UpdateItem"], TABLE]);
  });

  it("tells that a problem is over, by whoever finds out", () => {
    for (const handler of ["triage", "reminders", "reconcile"]) {
      assert.deepEqual(graph.permissionsOf(handler).StartsAlert, [["states:StartExecution"], MACHINE], handler);
      assert.deepEqual(
        graph.environmentOf(handler).RESOLVES,
        { channels: ["soc-slack", "web-slack", "pager", "archive", "teams", "siem"], routed: true },
        handler,
      );
    }
  });

  it("mails digests by a function that reads all, remembers when, and sends from the configured addresses", () => {
    const { UsesTable, SendsMail, SendsToQueues } = graph.permissionsOf("digest");
    assert.deepEqual(UsesTable, [["dynamodb:Scan", "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem"], TABLE]);
    assert.deepEqual(SendsMail?.[0], ["ses:SendEmail"]);
    assert.deepEqual(SendsToQueues?.[1], ["arn:aws:sqs:eu-west-1:222222222222:tocsin-schedules-dlq"]);
    const { CHANNELS, ROUTES, CONFIGURATION_SET } = graph.environmentOf("digest");
    assert.deepEqual(Object.keys(CHANNELS as object), ["soc-mail", "patch-mail"]);
    assert.deepEqual(
      (ROUTES as { digest?: string }[]).map(({ digest }) => digest),
      [undefined, undefined, undefined, "daily"],
    );
    assert.equal(CONFIGURATION_SET, "tocsin-mail");
  });

  it("has no digest where no route asks for one", async () => {
    const without = await withRoutes({ to: ["soc-mail"] });
    assert.deepEqual(
      without.all.filter(({ name }) => name.includes("digest")),
      [],
    );
  });

  it("sees whether a route asks to hear that problems are over", async () => {
    const { RESOLVES } = (await withRoutes({ to: ["soc-slack"] })).environmentOf("reconcile");
    assert.equal((RESOLVES as { routed: boolean }).routed, false);
  });

  it("alarms when a run fails or leaves something, the digest's too", () => {
    for (const name of ["scheduled-run-failed", "reminders-left", "reconcile-incomplete", "member-silent", "schedules-dlq-not-empty"]) {
      assert.equal(graph.one("cloudwatch/metricAlarm:MetricAlarm", name).threshold, 0, name);
    }
    assert.ok(graph.one("lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "digest").destinationConfig);
  });
});
