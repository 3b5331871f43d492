import assert from "node:assert/strict";
import { SIGNATURE_KEY } from "../../../sandbox/engine/wire";
import { fullGraph, type Graph, statementsOf } from "../deployed";

/** Whether a value reaches Pulumi as a secret: marked by a signature of its own. */
const isSecret = (value: unknown): boolean => typeof value === "object" && value !== null && SIGNATURE_KEY in value;
const plain = (value: unknown): unknown => (isSecret(value) ? (value as { value: unknown }).value : value);

describe("the topics of SNS channels", function () {
  this.timeout(60_000);
  let graph: Graph;
  const subscriptions = (channel: string) =>
    graph
      .of("sns/topicSubscription:TopicSubscription")
      .filter(({ name }) => name.startsWith(`${channel}-`))
      .map(({ inputs }): Readonly<Record<string, unknown>> => ({ ...inputs, endpoint: plain(inputs.endpoint) }));

  before(async () => {
    graph = await fullGraph();
  });

  it("are one for each channel, encrypted, and short where a text message begins with it", () => {
    for (const channel of ["pager", "phones", "archive"]) {
      const { name, kmsMasterKeyId, displayName, region } = graph.one("sns/topic:Topic", channel);
      assert.deepEqual(
        { name, kmsMasterKeyId, displayName, region },
        { name: `tocsin-channel-${channel}`, kmsMasterKeyId: "alias/aws/sns", displayName: "tocsin", region: "eu-west-1" },
      );
    }
  });

  it("let nobody in by their policies, and nothing without TLS", () => {
    for (const channel of ["pager", "phones", "archive"]) {
      assert.deepEqual(statementsOf(graph.one("sns/topicPolicy:TopicPolicy", channel).policy), [
        {
          Sid: "NothingWithoutTls",
          Effect: "Deny",
          Principal: "*",
          Action: "sns:Publish",
          Resource: `arn:aws:sns:eu-west-1:222222222222:tocsin-channel-${channel}`,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ]);
    }
  });

  it("wake nobody to say that a problem is over: text messages and mails leave those out, PagerDuty and queues get them", () => {
    const filters = Object.fromEntries(
      [...subscriptions("pager"), ...subscriptions("archive")].map(({ protocol, endpoint, filterPolicy, filterPolicyScope }) => [
        `${protocol} ${new URL(String(endpoint), "https://none.example.com").hostname}`,
        [filterPolicy && JSON.parse(String(filterPolicy)), filterPolicyScope],
      ]),
    );
    const notResolved = [{ reason: [{ "anything-but": ["resolved"] }] }, "MessageAttributes"];
    assert.deepEqual(filters, {
      "sms none.example.com": notResolved,
      "email none.example.com": notResolved,
      "https events.pagerduty.com": [undefined, undefined],
      "https alerts.example.com": [undefined, undefined],
      "sqs ": [undefined, undefined],
    });
  });

  it("hand PagerDuty the event itself and wait for its confirmation; other endpoints get SNS's signed envelope", () => {
    const at = (host: string) => subscriptions("pager").find(({ endpoint }) => String(endpoint).startsWith(`https://${host}/`));
    const [pagerDuty, other] = [at("events.pagerduty.com"), at("alerts.example.com")];
    assert.deepEqual([pagerDuty?.rawMessageDelivery, pagerDuty?.endpointAutoConfirms], [true, true]);
    assert.deepEqual(JSON.parse(String(pagerDuty?.deliveryPolicy)).requestPolicy, { headerContentType: "application/json" });
    assert.deepEqual([other?.rawMessageDelivery, other?.endpointAutoConfirms], [undefined, undefined]);
  });

  it("try an HTTPS endpoint for an hour, no longer than SNS allows", () => {
    const https = subscriptions("pager").filter(({ protocol }) => protocol === "https");
    assert.equal(https.length, 2);
    for (const { deliveryPolicy } of https) {
      const { minDelayTarget, maxDelayTarget, numRetries } = JSON.parse(String(deliveryPolicy)).healthyRetryPolicy;
      assert.equal(minDelayTarget, maxDelayTarget);
      assert.ok(numRetries * maxDelayTarget <= 3600 && numRetries * maxDelayTarget > 3500);
    }
  });

  it("keep what a subscriber does not take, with an alarm, and tell of every failure by channel", () => {
    const all = ["pager", "phones", "archive"].flatMap(subscriptions);
    assert.equal(all.length, 6);
    for (const { redrivePolicy } of all) {
      assert.deepEqual(JSON.parse(String(redrivePolicy)), { deadLetterTargetArn: "arn:of:aws:sqs/queue:Queue:topics-dlq" });
    }
    assert.equal(graph.one("cloudwatch/metricAlarm:MetricAlarm", "topics-dlq-not-empty").threshold, 0);
    for (const channel of ["pager", "phones", "archive"]) {
      const alarm = graph.one("cloudwatch/metricAlarm:MetricAlarm", `${channel}-not-delivered`);
      assert.equal(alarm.metricName, "NumberOfNotificationsFailed");
      assert.deepEqual(alarm.dimensions, { TopicName: `tocsin-channel-${channel}` });
    }
  });

  it("let SNS put messages into the queue of what was not taken for these topics only, by their ARN, which is all that AWS promises it sends", () => {
    const [statement] = statementsOf(graph.one("sqs/queuePolicy:QueuePolicy", "topics-dlq").policy).filter(
      ({ Effect }) => Effect === "Allow",
    );
    assert.deepEqual(statement?.Condition, { ArnLike: { "aws:SourceArn": "arn:aws:sns:eu-west-1:222222222222:tocsin-channel-*" } });
  });

  it("keep the address of an HTTPS endpoint a secret in state and output: it may hold a key", () => {
    for (const { inputs } of graph.of("sns/topicSubscription:TopicSubscription")) {
      assert.equal(isSecret(inputs.endpoint), inputs.protocol === "https");
    }
  });

  it("show no address in the names of resources: it may hold a key", () => {
    for (const { name } of graph.all) {
      assert.doesNotMatch(name, /0123456789abcdef|447700900|alerts\.example/);
    }
  });
});
