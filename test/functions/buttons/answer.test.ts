import assert from "node:assert/strict";
import { answerPress } from "../../../functions/buttons/answer";
import type { post } from "../../../functions/outgoing/post";

describe("the answer to a press", () => {
  const sent: { readonly url: string; readonly body: unknown }[] = [];
  const slack = (async (url, { body }) => {
    sent.push({ url: String(url), body: JSON.parse(body) });
    return { status: 200, headers: new Headers(), text: "ok" };
  }) as typeof post;
  const logged: object[] = [];
  const quietly = (entry: object): void => void logged.push(entry);
  beforeEach(() => void [sent.splice(0), logged.splice(0)]);

  it("is seen by nobody but the person who pressed, and leaves the message as it is", async () => {
    await answerPress(slack, "https://hooks.slack.com/actions/T0/1/abc", "Approved.", quietly);
    assert.deepEqual(sent, [
      {
        url: "https://hooks.slack.com/actions/T0/1/abc",
        body: { response_type: "ephemeral", replace_original: false, text: "Approved." },
      },
    ]);
  });

  it("goes to Slack and nowhere else", async () => {
    const elsewhere = [
      undefined,
      "",
      "http://hooks.slack.com/actions/T0/1/abc",
      "https://hooks.slack.com.evil.example/",
      "https://169.254.169.254/latest/meta-data",
      "https://hooks.slack.com:8443/",
      "https://me:you@hooks.slack.com/",
    ];
    for (const address of elsewhere) {
      await answerPress(slack, address, "Approved.", quietly);
    }
    assert.deepEqual([sent, logged.length], [[], elsewhere.length - 1]);
  });

  it("costs the press neither its success nor its three seconds", async () => {
    const failing = (async () => {
      throw new Error("down");
    }) as typeof post;
    const never = (() => new Promise(() => {})) as typeof post;
    const began = Date.now();
    await answerPress(failing, "https://hooks.slack.com/actions/T0/1/abc", "Approved.", quietly);
    await answerPress(never, "https://hooks.slack.com/actions/T0/1/abc", "Approved.", quietly);
    assert.ok(Date.now() - began < 2_000);
    assert.equal(logged.length, 2);
  });
});
