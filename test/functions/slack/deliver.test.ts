import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { WebClient } from "@slack/web-api";
import { Throttled } from "../../../functions/accepted";
import type { Alert } from "../../../functions/alert";
import { type Outgoing, post } from "../../../functions/outgoing/post";
import { Secrets } from "../../../functions/outgoing/secrets";
import { endOfDelivery, postAsBot, rewrite } from "../../../functions/slack/bot";
import { deliverToSlack, type SlackDelivery } from "../../../functions/slack/deliver";
import { ALERT_SETTINGS, aRequest, loggedDuring, secretsManager } from "../../support/deliveries";
import { anAlert } from "../../support/findings";
import { httpServer, type Received, type Reply } from "../../support/http-server";
import { faultsOf } from "../../support/slack";

const CHANNEL = "C0123456789";
const TOKEN = "xoxb-sEcReT";
const WEBHOOK = "https://hooks.slack.com/services/T0/B0/sEcReT";
const FIRST = "1772355600.000100";

/** A request as it reached Slack. */
interface Call extends Received {
  readonly method: string;
  readonly token: string;
  /** Arguments of the form, parsed. */
  readonly args: Readonly<Record<string, unknown>>;
}

const json = (body: unknown): Reply => ({ status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
const refused = (error: string, more: object = {}): Reply => json({ ok: false, error, ...more });
const fromForm = (value: string): unknown => (/^[[{]|^(true|false)$/.test(value) ? JSON.parse(value) : value);

describe("delivering to Slack", () => {
  let answer: (call: Call) => Reply | undefined;
  let server: Awaited<ReturnType<typeof httpServer>>;
  const calls: Call[] = [];
  let manager: ReturnType<typeof secretsManager>;
  let slack: SlackDelivery;

  before(async () => {
    server = await httpServer((request, body) => {
      const path = request.url ?? "";
      const form = new URLSearchParams(path.startsWith("/api/") ? body : "");
      const call: Call = {
        path,
        headers: request.headers,
        body,
        method: path.replace("/api/", ""),
        token: request.headers.authorization?.replace("Bearer ", "") ?? "",
        args: Object.fromEntries([...form].map(([key, value]) => [key, fromForm(value)])),
      };
      calls.push(call);
      return answer(call);
    });
  });
  after(() => server.close());
  beforeEach(() => {
    calls.splice(0);
    answer = () => json({ ok: true, channel: CHANNEL, ts: "1772355700.000200" });
    manager = secretsManager({ "tocsin/slack": TOKEN, "tocsin/hook": WEBHOOK });
    slack = {
      channels: { "soc-slack": { channel: CHANNEL, secretName: "tocsin/slack" }, "soc-hook": { webhookSecretName: "tocsin/hook" } },
      settings: ALERT_SETTINGS,
      runbooks: [],
      secrets: new Secrets(manager.client, () => 0),
      connect: (token, options) => new WebClient(token, { ...options, slackApiUrl: `${server.url}/api/` }),
      // As the real one, but to this machine.
      post: (url: URL, outgoing: Outgoing) => post(new URL(url.pathname, server.url), outgoing),
      now: () => Date.parse("2026-03-01T09:00:00Z"),
    };
  });

  const deliver = (channel: string, alert?: Alert) => loggedDuring(() => deliverToSlack(slack, aRequest(channel, alert)));
  const failure = async (channel: string, alert?: Alert): Promise<Error> => {
    const error = await deliver(channel, alert).then(
      () => new Error("it was delivered"),
      (thrown: Error) => thrown,
    );
    assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`, /sEcReT/);
    return error;
  };
  const told = (alert: Partial<Alert>) => anAlert({ ...alert, told: { "soc-slack": { at: "2026-02-24T09:00:00.000Z", thread: FIRST } } });
  /** Value of a record's attribute that mentions a text. */
  const remembered = (record: object, text: string): boolean => JSON.stringify(record).includes(text);

  describe("as a bot", () => {
    it("posts once to the channel, writes it down and remembers the message as the thread of the episode", async () => {
      const { result, lines } = await deliver("soc-slack");
      assert.deepEqual(
        calls.map(({ method, token }) => [method, token]),
        [["chat.postMessage", TOKEN]],
      );
      const { args } = calls[0] as Call;
      assert.equal(args.channel, CHANNEL);
      assert.equal(args.thread_ts, undefined);
      assert.equal(faultsOf(args), "");
      assert.equal(result.messageId, `${CHANNEL}/1772355700.000200`);
      assert.ok(remembered(result.record, "1772355700.000200"));
      const [{ channel, channelKind, messageId } = {}] = lines;
      assert.deepEqual([lines.length, channel, channelKind, messageId], [1, "soc-slack", "slack", result.messageId]);
    });

    it("answers a reminder in the thread of the first message, and remembers that one", async () => {
      const { result } = await deliver("soc-slack", told({ reason: "reminder" }));
      const { args } = calls[0] as Call;
      assert.deepEqual([args.thread_ts, args.reply_broadcast, calls.length], [FIRST, undefined, 1]);
      assert.equal(faultsOf(args), "");
      assert.ok(remembered(result.record, FIRST));
      assert.ok(!remembered(result.record, "1772355700.000200"));
    });

    it("shows a raised severity in the channel as well", async () => {
      await deliver("soc-slack", told({ reason: "escalated", previousSeverity: "HIGH" }));
      assert.deepEqual([calls[0]?.args.thread_ts, calls[0]?.args.reply_broadcast], [FIRST, true]);
    });

    it("marks the first message of a resolved episode", async () => {
      await deliver("soc-slack", told({ reason: "resolved" }));
      assert.deepEqual(
        calls.map(({ method }) => method),
        ["chat.postMessage", "reactions.add"],
      );
      assert.equal(calls[0]?.args.thread_ts, FIRST);
      assert.deepEqual(calls[1]?.args, { channel: CHANNEL, timestamp: FIRST, name: "white_check_mark" });
    });

    it("has delivered that an episode is resolved, even if it may not mark it", async () => {
      answer = ({ method }) => (method === "reactions.add" ? refused("missing_scope") : json({ ok: true, ts: "1772355700.000200" }));
      const { result } = await deliver("soc-slack", told({ reason: "resolved" }));
      assert.equal(result.messageId, `${CHANNEL}/1772355700.000200`);
    });

    it("says the whole again where somebody deleted the first message", async () => {
      answer = ({ args }) => (args.thread_ts === undefined ? json({ ok: true, ts: "1772355700.000200" }) : refused("thread_not_found"));
      const { result } = await deliver("soc-slack", told({ reason: "reminder" }));
      assert.equal(calls.length, 2);
      assert.ok(remembered(result.record, "1772355700.000200"));
      assert.ok(JSON.stringify(calls[1]?.args.blocks).includes("sg-0a1b2c3d4e5f60718"));
    });

    const actions = [{ id: "undo", label: "Undo", value: "k3x7qamz2bpt", confirm: "Opens it again." }] as const;
    const outcome = (alert: Partial<Alert> = {}) =>
      told({ reason: "resolved", replaces: true, outcome: "Approved by @U0123456789.", ...alert });

    it("offers what can be decided, by a press that asks back", async () => {
      await deliver("soc-slack", anAlert({ actions, outcome: "Put back by tocsin." }));
      const args = JSON.stringify(calls[0]?.args.blocks);
      assert.match(args, /"action_id":"tocsin-undo".*"value":"k3x7qamz2bpt","style":"danger","confirm":\{/);
      assert.equal(faultsOf(calls[0]?.args), "");
    });

    it("puts what became of it on top of the first message, without its buttons, and then says it in the thread", async () => {
      await deliver("soc-slack", outcome());
      assert.deepEqual(
        calls.map(({ method, args }) => [method, args.ts ?? args.thread_ts ?? args.timestamp]),
        [
          ["chat.update", FIRST],
          ["chat.postMessage", FIRST],
          ["reactions.add", FIRST],
        ],
      );
      const [first, reply] = calls.map(({ args }) => JSON.stringify(args.blocks));
      assert.match(first ?? "", /Approved by .*"user_id":"U0123456789".*Security groups should not allow.*open-console/);
      assert.doesNotMatch(first ?? "", /tocsin-/);
      assert.match(reply ?? "", /Approved by .*"user_id":"U0123456789"/);
    });

    it("leaves the buttons that still do something", async () => {
      await deliver("soc-slack", outcome({ actions }));
      assert.match(JSON.stringify(calls[0]?.args.blocks), /tocsin-undo/);
      assert.doesNotMatch(JSON.stringify(calls[1]?.args.blocks), /tocsin-undo/);
    });

    for (const code of ["message_not_found", "cant_update_message", "edit_window_closed"]) {
      it(`says it in the thread also where the first message can not be rewritten: ${code}`, async () => {
        const answered = answer;
        answer = (call) => (call.method === "chat.update" ? refused(code) : answered(call));
        await deliver("soc-slack", outcome());
        assert.equal(calls[1]?.method, "chat.postMessage");
      });
    }

    it("says nothing in the thread before the first message is rewritten, if that can be tried again", async () => {
      answer = ({ method }) => (method === "chat.update" ? { status: 503 } : json({ ok: true, ts: "1772355700.000200" }));
      assert.match((await failure("soc-slack", outcome())).message, /slack\.com answered 503/);
      assert.equal(calls.length, 1);
    });

    it("waits as long as a busy channel asks, and posts once", async () => {
      answer = () => (calls.length === 1 ? { status: 429, headers: { "retry-after": "1" } } : json({ ok: true, ts: "1772355700.000200" }));
      const began = Date.now();
      await deliver("soc-slack");
      assert.ok(Date.now() - began >= 990, "it waited");
      assert.equal(calls.length, 2);
    });

    it("leaves a long wait to the workflow", async () => {
      answer = () => ({ status: 429, headers: { "retry-after": "30" } });
      const error = await failure("soc-slack");
      assert.ok(error instanceof Throttled);
      assert.equal(calls.length, 1);
    });

    it("begins nothing that could not end before the function does: it would be sent again", async () => {
      const bot = {
        destination: { name: "soc-slack", channel: CHANNEL, secretName: "tocsin/slack" },
        token: TOKEN,
        connect: slack.connect,
        end: Date.now() + 4_000,
      };
      const message = { text: "hello", blocks: [], attachments: [], unfurl_links: false, unfurl_media: false } as never;
      await assert.rejects(postAsBot(bot, { message }), Throttled);
      await assert.rejects(rewrite(bot, FIRST, message), Throttled);
      assert.equal(calls.length, 0);
      assert.ok(endOfDelivery() - Date.now() <= 25_000);
    });

    it("uses a rotated token at once", async () => {
      answer = ({ token }) => (token === TOKEN ? refused("token_revoked") : json({ ok: true, ts: "1772355700.000200" }));
      await slack.secrets.get("tocsin/slack");
      manager.values["tocsin/slack"] = "xoxb-new";
      await deliver("soc-slack");
      assert.deepEqual(
        calls.map(({ token }) => token),
        [TOKEN, "xoxb-new"],
      );
    });

    const REFUSALS: Readonly<Record<string, RegExp>> = {
      not_in_channel: /for channel soc-slack \(C0123456789, secret tocsin\/slack\): not_in_channel: invite the app to the channel$/,
      channel_not_found: /does not exist, or it is private/,
      invalid_auth: /the token in the secret is not valid/,
      missing_scope: /chat:write/,
      is_archived: /archived/,
      something_new: /: something_new$/,
    };
    for (const [code, message] of Object.entries(REFUSALS)) {
      it(`says what to do about ${code}, without the token`, async () => {
        answer = () => refused(code);
        const error = await failure("soc-slack");
        assert.match(error.message, message);
        assert.ok(!(error instanceof Throttled));
      });
    }

    it("tells which limit a message broke", async () => {
      answer = () => refused("invalid_blocks", { response_metadata: { messages: ["[ERROR] must be less than 151 [/blocks/0/text]"] } });
      assert.match((await failure("soc-slack")).message, /invalid_blocks: .* \[\[ERROR\] must be less than 151/);
    });

    it("does not repeat what an answer says that is no error code", async () => {
      answer = () => ({ status: 200, body: `<html>${TOKEN}</html>` });
      assert.match((await failure("soc-slack")).message, /an unknown answer/);
    });

    it("does not repeat a secret that is no token", async () => {
      manager.values["tocsin/slack"] = "xoxb-1\nsEcReT";
      assert.match((await failure("soc-slack")).message, /the secret tocsin\/slack does not hold a Slack token/);
      assert.equal(calls.length, 0);
    });

    it("fails where Slack does", async () => {
      answer = () => ({ status: 503 });
      assert.match((await failure("soc-slack")).message, /slack\.com answered 503/);
      answer = () => ({ status: 302, headers: { location: "https://evil.example/" } });
      assert.match((await failure("soc-slack")).message, /could not be reached/);
      assert.equal(calls.length, 2);
    });
  });

  describe("by an incoming webhook", () => {
    beforeEach(() => {
      answer = () => ({ status: 200, body: "ok" });
    });

    it("posts once, and the log knows the message by a digest of what was sent", async () => {
      const { result, lines } = await deliver("soc-hook");
      assert.deepEqual(
        calls.map(({ path, headers }) => [path, headers["content-type"]]),
        [["/services/T0/B0/sEcReT", "application/json"]],
      );
      const body = calls[0]?.body ?? "";
      assert.equal(faultsOf(JSON.parse(body)), "");
      assert.equal(result.messageId, createHash("sha256").update(body).digest("hex").slice(0, 32));
      assert.equal(lines[0]?.messageId, result.messageId);
      assert.doesNotMatch(JSON.stringify(lines), /sEcReT/);
    });

    it("tells of a resolved episode in a message of its own", async () => {
      await deliver("soc-hook", anAlert({ reason: "resolved", told: { "soc-hook": { at: "2026-02-24T09:00:00.000Z" } } }));
      assert.equal(calls.length, 1);
      assert.match(calls[0]?.body ?? "", /✅ Resolved.*sg-0a1b2c3d4e5f60718/);
    });

    it("has no buttons that decide, because nobody would hear of a press; what became of it, it says", async () => {
      const actions = [{ id: "undo", label: "Undo", value: "k3x7qamz2bpt" }] as const;
      await deliver("soc-hook", anAlert({ actions, outcome: "Put back by tocsin." }));
      assert.match(calls[0]?.body ?? "", /Put back by tocsin\./);
      assert.doesNotMatch(calls[0]?.body ?? "", /tocsin-undo/);
    });

    for (const address of [
      "http://hooks.slack.com/services/sEcReT",
      "https://hooks.slack.com.evil.example/sEcReT",
      "https://evil.example/sEcReT",
      "javascript:sEcReT",
    ]) {
      it(`is sent to Slack only, not to ${address.replace("sEcReT", "…")}`, async () => {
        manager.values["tocsin/hook"] = address;
        assert.equal((await failure("soc-hook")).name, "RefusedUrl");
        assert.equal(calls.length, 0);
      });
    }

    it("is also sent to GovSlack", async () => {
      manager.values["tocsin/hook"] = "https://hooks.slack-gov.com/services/T0/B0/x";
      await deliver("soc-hook");
      assert.equal(calls.length, 1);
    });

    it("uses the URL of a new webhook at once", async () => {
      await slack.secrets.get("tocsin/hook");
      manager.values["tocsin/hook"] = "https://hooks.slack.com/services/T0/B0/new";
      answer = ({ path }) => (path.endsWith("/new") ? { status: 200, body: "ok" } : { status: 404, body: "no_service" });
      await deliver("soc-hook");
      assert.equal(calls.length, 2);
    });

    it("says what to do when it is refused, without the URL", async () => {
      answer = () => ({ status: 404, body: "no_service" });
      assert.match(
        (await failure("soc-hook")).message,
        /for channel soc-hook \(secret tocsin\/hook\): no_service: the webhook was removed/,
      );
      answer = () => ({ status: 400, body: "invalid_payload" });
      assert.match((await failure("soc-hook")).message, /invalid_payload/);
      answer = () => ({ status: 400, body: "something else" });
      assert.match((await failure("soc-hook")).message, /an unknown answer/);
    });

    it("has delivered what was answered with 200, whatever comes of that answer's body", async () => {
      answer = () => ({ status: 200 });
      assert.ok((await deliver("soc-hook")).result.messageId);
      assert.equal(calls.length, 1);
    });

    it("is not sent on where it is redirected", async () => {
      answer = () => ({ status: 308, headers: { location: `${server.url}/elsewhere` } });
      assert.match((await failure("soc-hook")).message, /redirect/);
      assert.equal(calls.length, 1);
    });

    it("waits for a busy channel, or leaves that to the workflow", async () => {
      answer = () => (calls.length === 1 ? { status: 429, headers: { "retry-after": "1" } } : { status: 200, body: "ok" });
      await deliver("soc-hook");
      assert.equal(calls.length, 2);
      answer = () => ({ status: 429, headers: { "retry-after": "60" } });
      assert.ok((await failure("soc-hook")) instanceof Throttled);
    });
  });

  it("knows only the stack's Slack channels", async () => {
    assert.match((await failure("soc-mail")).message, /there is no Slack channel "soc-mail"/);
  });
});
