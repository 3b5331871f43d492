import assert from "node:assert/strict";
import { declareAggregation, fullGraph, Graph } from "../deployed";
import { CONFIG, FULL_CONFIG } from "../example-config";

const secret = (name: string): string => `arn:aws:secretsmanager:eu-west-1:222222222222:secret:${name}-??????`;
const topic = (channel: string): string => `arn:aws:sns:eu-west-1:222222222222:tocsin-channel-${channel}`;

/** Names of the deliver functions that a configuration with these channels has. */
async function delivering(channels: Readonly<Record<string, unknown>>): Promise<string[]> {
  const graph = new Graph(
    await declareAggregation({ ...CONFIG, "tocsin:channels": channels, "tocsin:routes": [{ to: Object.keys(channels) }] }),
  );
  return graph
    .of("lambda/function:Function")
    .map(({ name }) => name)
    .filter((name) => name.startsWith("deliver-"))
    .sort();
}

describe("the functions that deliver", function () {
  this.timeout(60_000);
  let graph: Graph;

  before(async () => {
    graph = await fullGraph();
  });

  it("are one for each kind of channel that there is", async () => {
    assert.deepEqual(await delivering({ chat: { kind: "slack", channel: "C0123456789", secretName: "tocsin/slack" } }), ["deliver-slack"]);
    assert.deepEqual(
      await delivering({
        chat: { kind: "teams", webhookSecretName: "tocsin/teams" },
        mail: { kind: "email", from: "tocsin@example.com", to: ["soc@example.com"] },
        other: { kind: "teams", webhookSecretName: "tocsin/other" },
      }),
      ["deliver-email", "deliver-teams"],
    );
  });

  it("read exactly the secrets of their own channels", () => {
    const reads = (handler: string) => graph.permissionsOf(handler);
    const values = "secretsmanager:GetSecretValue";
    assert.deepEqual(reads("deliver-slack"), { ReadsSecrets: [[values], [secret("tocsin/slack"), secret("tocsin/web-slack")]] });
    assert.deepEqual(reads("deliver-teams"), { ReadsSecrets: [[values], [secret("tocsin/teams")]] });
    assert.deepEqual(reads("deliver-webhook"), { ReadsSecrets: [[values], [secret("tocsin/siem"), secret("tocsin/siem-signing")]] });
  });

  it("publish to exactly the topics of the SNS channels", () => {
    assert.deepEqual(graph.permissionsOf("deliver-sns"), {
      PublishesToTopics: [["sns:Publish"], [topic("pager"), topic("phones"), topic("archive")]],
    });
  });

  it("know their own channels, the runbooks, and no other channel's address", () => {
    const channelsOf = (handler: string) => graph.environmentOf(handler).CHANNELS;
    assert.deepEqual(channelsOf("deliver-slack"), {
      "soc-slack": { channel: "C0123456789", secretName: "tocsin/slack" },
      "web-slack": { webhookSecretName: "tocsin/web-slack" },
    });
    assert.deepEqual(channelsOf("deliver-sns"), {
      pager: { topicArn: topic("pager"), sms: true, https: true },
      phones: { topicArn: topic("phones"), sms: true, https: false },
      archive: { topicArn: topic("archive"), sms: false, https: false },
    });
    assert.deepEqual(channelsOf("deliver-teams"), { teams: { webhookSecretName: "tocsin/teams" } });
    assert.deepEqual(channelsOf("deliver-webhook"), {
      siem: { webhookSecretName: "tocsin/siem", signingSecretName: "tocsin/siem-signing", allowedHosts: ["siem.example.com"] },
    });
    for (const kind of ["email", "slack", "sns", "teams", "webhook"]) {
      const { RUNBOOKS, ALERTS } = graph.environmentOf(`deliver-${kind}`);
      assert.deepEqual(RUNBOOKS, FULL_CONFIG["tocsin:runbooks"], kind);
      assert.equal((ALERTS as { forget: string }).forget, "30d", kind);
    }
  });

  it("have thirty seconds where somebody else's server is asked", () => {
    const seconds = (handler: string) => graph.one("lambda/function:Function", handler).timeout;
    assert.deepEqual(
      ["email", "slack", "sns", "teams", "webhook"].map((kind) => seconds(`deliver-${kind}`)),
      [15, 30, 15, 30, 30],
    );
  });

  it("may all be called by the workflow, and nothing else may by its role", () => {
    const { CallsFunctions } = graph.permissionsOf("alert-machine");
    assert.deepEqual(
      CallsFunctions?.[1],
      ["enrich", "deliver-email", "deliver-slack", "deliver-sns", "deliver-teams", "deliver-webhook"].map(
        (name) => `arn:aws:lambda:eu-west-1:222222222222:function:tocsin-${name}`,
      ),
    );
  });

  it("leave to the routes which channel is told: enrich knows all by name and kind, and who can use that a problem is over", () => {
    const { CHANNELS, RESOLVES, ROUTES } = graph.environmentOf("enrich");
    assert.deepEqual(CHANNELS, {
      "soc-mail": "email",
      "patch-mail": "email",
      "soc-slack": "slack",
      "web-slack": "slack",
      pager: "sns",
      phones: "sns",
      archive: "sns",
      teams: "teams",
      siem: "webhook",
    });
    assert.deepEqual(RESOLVES, { channels: ["soc-slack", "web-slack", "pager", "archive", "teams", "siem"], routed: true });
    assert.equal((ROUTES as unknown[]).length, 4);
  });

  it("do not hold each other up: what one channel does not take leaves room for what waits for others", () => {
    const { scalingConfig } = graph.one("lambda/eventSourceMapping:EventSourceMapping", "undelivered");
    assert.deepEqual(scalingConfig, { maximumConcurrency: 10 });
  });
});
