import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { WebClient } from "@slack/web-api";
import { responseUrl } from "../../../sandbox/outside/slack/response-url";
import { START, TestOutside } from "./support";

const channel = "C0000000001";
const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });

describe("Slack, as the sandbox has it", () => {
  let outside: TestOutside;
  beforeEach(async () => {
    outside = await TestOutside.start();
  });
  afterEach(() => outside.close());

  const post = (message: object, token?: string) => outside.slack("chat.postMessage", { channel, ...message }, token);
  const errorOf = async (message: object) => (await post(message)).json().error;

  it("takes a message, names it by channel and time, and shows what was asked", async () => {
    const blocks = [section("hello")];
    const answer = (await post({ text: "hello", blocks })).json();
    assert.partialDeepStrictEqual(answer, { ok: true, channel, message: { type: "message", text: "hello", blocks } });
    assert.match(String(answer.ts), new RegExp(`^${START / 1000}\\.\\d{6}$`));
    assert.deepEqual(outside.taken, [
      { what: "message", kind: "slack", messageId: `${channel}/${answer.ts}`, payload: { channel, text: "hello", blocks } },
    ]);
  });

  it("understands Slack's own client, whose forms hold JSON", async () => {
    const redirected: typeof fetch = (input, init) => {
      const request = new Request(input, init);
      request.headers.set("x-tocsin-url", request.url);
      return fetch(outside.outside.url, { method: "POST", headers: request.headers, body: init?.body ?? null });
    };
    const client = new WebClient(outside.secret("tocsin/slack"), { fetch: redirected, retryConfig: { retries: 0 } });
    const attachments = [{ color: "#b0102a", blocks: [section("more")] }];
    const { ok, ts } = await client.chat.postMessage({ channel, text: "t & <x>", attachments, unfurl_links: false, thread_ts: "1.2" });
    assert.equal(ok, true);
    const payload = { channel, text: "t & <x>", attachments, unfurl_links: false, thread_ts: "1.2" };
    assert.deepEqual(outside.taken, [{ what: "message", kind: "slack", messageId: `${channel}/${ts}`, payload }]);
    await assert.rejects(new WebClient("xoxb-wrong", { fetch: redirected }).auth.test(), /invalid_auth/);
  });

  it("wants the bot token that the secret holds now", async () => {
    const before = outside.secret("tocsin/slack");
    outside.secrets.set("tocsin/slack", "xoxb-rotated");
    assert.equal((await post({ text: "t" }, before)).json().error, "invalid_auth");
    assert.equal((await post({ text: "t" }, "xoxb-rotated")).json().ok, true);
    assert.equal((await outside.post("https://slack.com/api/auth.test", {})).json().error, "not_authed");
  });

  it("says what it does not know", async () => {
    assert.equal((await outside.slack("chat.postMesage", {})).json().error, "unknown_method");
    assert.equal((await outside.slack("constructor", {})).json().error, "unknown_method");
    assert.equal((await outside.slack("chat.postMessage", { channel: "C0000000009", text: "t" })).json().error, "channel_not_found");
    assert.equal((await outside.slack("reactions.add", { channel, timestamp: "1.1", name: "eyes" })).json().error, "message_not_found");
    assert.equal((await outside.slack("chat.update", { channel, ts: "1.1", text: "t" })).json().error, "message_not_found");
    assert.deepEqual(outside.taken, []);
  });

  it("lets a message be changed and reacted to, each reaction once", async () => {
    const { ts } = (await post({ text: "t" })).json();
    const react = async () => (await outside.slack("reactions.add", { channel, timestamp: ts, name: "white_check_mark" })).json();
    assert.deepEqual([await react(), (await react()).error], [{ ok: true }, "already_reacted"]);
    assert.equal((await outside.slack("chat.update", { channel, ts, text: "over" })).json().ok, true);
    const messageId = `${channel}/${ts}`;
    assert.deepEqual(outside.taken.slice(1), [
      { what: "reaction", messageId, name: "white_check_mark" },
      { what: "update", messageId, payload: { channel, ts, text: "over" } },
    ]);
  });

  const longest = "x".repeat(3_000);
  const button = (more: object = {}) => ({ type: "button", action_id: "a", text: { type: "plain_text", text: "Open" }, ...more });
  const refused: readonly (readonly [string, object, string, string?])[] = [
    ["nothing at all", {}, "no_text"],
    ["a text of more than 40,000 characters", { text: "x".repeat(40_001) }, "msg_too_long"],
    ["more than 50 blocks", { blocks: Array.from({ length: 51 }, () => ({ type: "divider" })) }, "invalid_blocks", "/blocks"],
    ["blocks that are no list", { blocks: {} }, "invalid_blocks_format"],
    ["a section of more than 3,000 characters", { blocks: [section(`${longest}x`)] }, "invalid_blocks", "/blocks/0/text/text"],
    ["an empty text", { blocks: [section("")] }, "invalid_blocks", "/blocks/0/text/text"],
    [
      "a header of more than 150 characters",
      { blocks: [{ type: "header", text: { type: "plain_text", text: "x".repeat(151) } }] },
      "invalid_blocks",
      "/blocks/0/text/text",
    ],
    [
      "a header with markup",
      { blocks: [{ type: "header", text: { type: "mrkdwn", text: "x" } }] },
      "invalid_blocks",
      "/blocks/0/text/type",
    ],
    [
      "more than ten fields",
      { blocks: [{ type: "section", fields: Array.from({ length: 11 }, () => ({ type: "plain_text", text: "f" })) }] },
      "invalid_blocks",
      "/blocks/0/fields",
    ],
    [
      "a field of more than 2,000 characters",
      { blocks: [{ type: "section", fields: [{ type: "plain_text", text: "x".repeat(2_001) }] }] },
      "invalid_blocks",
      "/blocks/0/fields/0/text",
    ],
    ["no elements of a context", { blocks: [{ type: "context", elements: [] }] }, "invalid_blocks", "/blocks/0/elements"],
    [
      "a button with a link that is none",
      { blocks: [{ type: "actions", elements: [button({ url: "not a link" })] }] },
      "invalid_blocks",
      "/blocks/0/elements/0/url",
    ],
    [
      "two buttons of one id",
      { blocks: [{ type: "actions", elements: [button(), button()] }] },
      "invalid_blocks",
      "/blocks/0/elements/1/action_id",
    ],
    [
      "an empty piece of rich text",
      { blocks: [{ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "" }] }] }] },
      "invalid_blocks",
      "/blocks/0/elements/0/elements/0/text",
    ],
    ["a block that there is not", { blocks: [{ type: "headline" }] }, "invalid_blocks", "/blocks/0"],
    ["faulty blocks of an attachment", { attachments: [{ blocks: [section("")] }] }, "invalid_blocks", "/attachments/0/blocks/0/text/text"],
    [
      "blocks of more than about 13,000 characters in all",
      { blocks: Array.from({ length: 5 }, () => section(longest)) },
      "msg_blocks_too_long",
    ],
  ];
  for (const [what, message, error, pointer] of refused) {
    it(`refuses ${what}`, async () => {
      const answer = (await post(message)).json();
      assert.equal(answer.error, error);
      if (pointer !== undefined) {
        assert.match(JSON.stringify(answer.response_metadata), new RegExp(`\\[json-pointer:${pointer}\\]`));
      }
      assert.deepEqual(outside.taken, []);
    });
  }

  it("takes what just fits", async () => {
    const blocks = [
      section(longest),
      { type: "header", text: { type: "plain_text", text: "x".repeat(150) } },
      { type: "actions", elements: [button()] },
    ];
    assert.equal(await errorOf({ blocks }), undefined);
  });

  it("takes one message a second and channel after a few at once, in virtual time", async () => {
    for (const text of ["1", "2", "3"]) {
      assert.equal((await post({ text })).json().ok, true);
    }
    const { status, retryAfter, json } = await post({ text: "4" });
    assert.deepEqual([status, retryAfter, json().error], [429, "1", "ratelimited"]);
    outside.now += 1_000;
    assert.equal((await post({ text: "4" })).json().ok, true);
    assert.equal((await post({ text: "5" })).status, 429);
    assert.equal(outside.taken.length, 4);
  });

  describe("an incoming webhook", () => {
    const send = (body: string | object, url = outside.secret("tocsin/slack-hook")) => outside.post(url, body);

    it("answers ok, and what it took is known by the digest of the exact body", async () => {
      const body = '{ "text": "hällo" }';
      const { status, text } = await send(body);
      assert.deepEqual([status, text], [200, "ok"]);
      const messageId = createHash("sha256").update(body).digest("hex").slice(0, 32);
      assert.deepEqual(outside.taken, [{ what: "message", kind: "slack", messageId, payload: { text: "hällo" } }]);
    });

    it("knows only the URL that the secret holds now", async () => {
      const before = outside.secret("tocsin/slack-hook");
      outside.secrets.set("tocsin/slack-hook", "https://hooks.slack.com/services/T0000000000/B0000000000/rotated");
      const { status, text } = await send({ text: "t" }, before);
      assert.deepEqual([status, text], [404, "no_service"]);
      assert.equal((await send({ text: "t" })).text, "ok");
    });

    it("refuses what the API would refuse, with a status", async () => {
      assert.deepEqual([(await send("no JSON")).text, (await send({})).text], ["invalid_payload", "no_text"]);
      const { status, text } = await send({ blocks: [section("")] });
      assert.deepEqual([status, text], [400, "invalid_blocks"]);
    });
  });

  describe("the address for answers to a press", () => {
    const answer = async (url: string) => (await outside.post(url, { text: "only you see this" })).text;

    it("counts five times, and what was said is known by it", async () => {
      const url = responseUrl(START, 1);
      const answers: string[] = [];
      for (let time = 0; time < 6; time++) {
        answers.push(await answer(url));
      }
      assert.deepEqual(answers, ["ok", "ok", "ok", "ok", "ok", "used_url"]);
      assert.deepEqual(outside.taken[0], { what: "response", url, payload: { text: "only you see this" } });
    });

    it("counts for half an hour, and only if Slack made it", async () => {
      const url = responseUrl(START, 1);
      assert.equal(await answer(url.replace("/1-", "/2-")), "no_service");
      outside.now = START + 31 * 60_000;
      assert.equal(await answer(url), "expired_url");
      assert.deepEqual(outside.taken, []);
    });
  });

  describe("with a fault", () => {
    const fault = (more: object) => outside.faults.add({ service: "slack", error: "internal_error", status: 200, times: 1, ...more });

    it("tells of an error as Slack does: with status 200", async () => {
      fault({});
      const { status, json } = await post({ text: "t" });
      assert.deepEqual([status, json()], [200, { ok: false, error: "internal_error" }]);
      assert.equal((await post({ text: "t" })).json().ok, true);
    });

    it("answers another status if the fault has one, and says when to come again", async () => {
      fault({ status: 503 });
      assert.equal((await post({ text: "t" })).status, 503);
      fault({ status: 429, error: "ratelimited", times: undefined, until: START + 30_000 });
      const { status, retryAfter } = await post({ text: "t" });
      assert.deepEqual([status, retryAfter], [429, "30"]);
    });

    it("hits the method that it names, and all of them without a name", async () => {
      fault({ operation: "reactions.add" });
      assert.equal((await post({ text: "t" })).json().ok, true);
      fault({ operation: undefined, status: 500 });
      assert.equal((await outside.post(outside.secret("tocsin/slack-hook"), { text: "t" })).status, 500);
      assert.deepEqual(outside.taken.length, 1);
    });
  });
});
