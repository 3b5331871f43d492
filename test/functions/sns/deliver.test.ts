import assert from "node:assert/strict";
import type { PublishCommandInput } from "@aws-sdk/client-sns";
import { Throttled } from "../../../functions/accepted";
import { deliverToSns, type SnsDelivery } from "../../../functions/sns/deliver";
import { ALERT_SETTINGS, aRequest, loggedDuring } from "../../support/deliveries";
import { anAlert } from "../../support/findings";

const TOPIC_ARN = "arn:aws:sns:eu-west-1:222222222222:tocsin-pager";

function delivery(answer: () => Promise<unknown>): SnsDelivery & { readonly published: PublishCommandInput[] } {
  const published: PublishCommandInput[] = [];
  const send = async ({ input }: { readonly input: PublishCommandInput }) => {
    published.push(input);
    return answer();
  };
  return {
    channels: { pager: { topicArn: TOPIC_ARN, sms: true, https: false } },
    settings: ALERT_SETTINGS,
    runbooks: [{ when: { severities: ["CRITICAL"] }, url: "https://wiki.example.com/critical" }],
    sns: { send } as unknown as SnsDelivery["sns"],
    now: () => Date.parse("2026-03-06T09:00:00Z"),
    published,
  };
}
const failing = (name: string, status: number) => () =>
  Promise.reject(Object.assign(new Error("Rate exceeded"), { name, $metadata: { httpStatusCode: status } }));

describe("delivering to SNS", () => {
  it("publishes once on the channel's topic, writes it down and answers what SNS knows it by", async () => {
    const toSns = delivery(async () => ({ MessageId: "b1f3" }));
    const { result, lines } = await loggedDuring(() => deliverToSns(toSns, aRequest("pager")));
    assert.equal(result.messageId, "b1f3");
    assert.deepEqual(result.record.Key, { pk: { S: anAlert().key } });
    assert.equal(toSns.published.length, 1);
    assert.equal(toSns.published[0]?.TopicArn, TOPIC_ARN);
    assert.match(toSns.published[0]?.Message ?? "", /https:\/\/wiki\.example\.com\/critical/);
    const [{ channel, channelKind, messageId, reason } = {}] = lines;
    assert.deepEqual([lines.length, channel, channelKind, messageId, reason], [1, "pager", "sns", "b1f3", "new"]);
  });

  it("lets a reminder say how long ago people were told and how often it repeats", async () => {
    const toSns = delivery(async () => ({ MessageId: "b1f3" }));
    await loggedDuring(() =>
      deliverToSns(toSns, aRequest("pager", anAlert({ reason: "reminder", lastDelivery: "2026-03-01T09:00:00.000Z" }))),
    );
    assert.match(toSns.published[0]?.Message ?? "", /last told 5 days ago/);
  });

  for (const [name, status] of [
    ["ThrottledException", 429],
    ["ThrottlingException", 400],
    ["KMSThrottlingException", 400],
    ["TooManyEntries", 429],
  ] as const) {
    it(`is tried again by the workflow when SNS answers ${name}`, async () => {
      await assert.rejects(deliverToSns(delivery(failing(name, status)), aRequest("pager")), (error) => {
        assert.ok(error instanceof Throttled);
        assert.match(error.message, new RegExp(name));
        return true;
      });
    });
  }

  it("passes on every other error as it is", async () => {
    await assert.rejects(deliverToSns(delivery(failing("NotFoundException", 404)), aRequest("pager")), { name: "NotFoundException" });
  });

  it("says which channel is missing", async () => {
    await assert.rejects(
      deliverToSns(
        delivery(async () => ({})),
        aRequest("other"),
      ),
      /there is no SNS channel "other"/,
    );
  });
});
