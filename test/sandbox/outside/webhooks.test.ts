import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { START, TestOutside } from "./support";

const digest = (body: string) => createHash("sha256").update(body).digest("hex").slice(0, 32);

describe("The internet, as the sandbox has it", () => {
  let outside: TestOutside;
  beforeEach(async () => {
    outside = await TestOutside.start();
  });
  afterEach(() => outside.close());

  describe("a workflow of Microsoft Teams", () => {
    const card = {
      type: "message",
      attachments: [{ contentType: "application/vnd.microsoft.card.adaptive", content: { type: "AdaptiveCard" } }],
    };

    it("takes a card", async () => {
      const { status } = await outside.post(outside.secret("tocsin/teams"), card);
      assert.equal(status, 202);
      assert.deepEqual(outside.taken, [{ what: "message", kind: "teams", messageId: digest(JSON.stringify(card)), payload: card }]);
    });

    it("wants the signature in the URL that the secret holds now, JSON, and at most 28 KB", async () => {
      const url = outside.secret("tocsin/teams");
      const status = async (body: string | object, to = url) => (await outside.post(to, body)).status;
      assert.deepEqual(
        [
          await status(card, url.replace(/sig=.*/, "sig=wrong")),
          await status(card, url.replace(/workflows\/\w+/, "workflows/other")),
          await status("no JSON"),
          await status({ text: "x".repeat(28 * 1024) }),
        ],
        [401, 404, 400, 413],
      );
      assert.deepEqual(outside.taken, []);
    });

    it("fails by a fault", async () => {
      outside.faults.add({ service: "teams", error: "BadGateway", status: 502, times: 1 });
      assert.equal((await outside.post(outside.secret("tocsin/teams"), card)).status, 502);
      assert.equal((await outside.post(outside.secret("tocsin/teams"), card)).status, 202);
    });
  });

  describe("the receiver of a webhook", () => {
    /** Sends as a channel of kind `webhook` does, by the reference implementation. */
    const send = (body: string, more: { key?: string; url?: string; at?: number } = {}) => {
      const { key = outside.secret("tocsin/siem-key"), url = outside.secret("tocsin/siem-url"), at = START } = more;
      const headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": String(at / 1000),
        "webhook-signature": new Webhook(key).sign("msg_1", new Date(at), body),
      };
      return outside.post(url, body, headers);
    };

    it("takes what is signed rightly, and shows all that the signature was made of", async () => {
      const body = '{"type": "finding.told"}';
      assert.equal((await send(body)).status, 200);
      const [taken] = outside.taken;
      assert.partialDeepStrictEqual(taken, {
        kind: "webhook",
        messageId: digest(body),
        payload: { body: { type: "finding.told" }, raw: body },
      });
      assert.equal(taken?.what, "message");
      const { headers } = taken.payload as { headers: Record<string, string> };
      assert.equal(headers["webhook-signature"], new Webhook(outside.secret("tocsin/siem-key")).sign("msg_1", new Date(START), body));
    });

    it("refuses a wrong signature, a stale message and a URL that the secret no longer holds", async () => {
      const { url: key } = { url: `whsec_${Buffer.alloc(32).toString("base64")}` };
      assert.equal((await send("{}", { key })).status, 401);
      assert.equal((await send("{}", { at: START - 6 * 60_000 })).status, 401);
      const before = outside.secret("tocsin/siem-url");
      outside.secrets.set("tocsin/siem-url", "https://siem2.example.com/new");
      assert.equal((await send("{}", { url: before })).status, 404);
      assert.equal((await send("{}")).status, 200);
    });
  });

  it("ends there: other hosts cannot be reached, which is said once of each, without the path", async () => {
    for (const url of [
      "https://example.org/secret",
      "https://example.org/other",
      "http://slack.com/api/auth.test",
      "https://slack.com:8443/api/auth.test",
    ]) {
      await assert.rejects(outside.post(url, {}), /fetch failed/);
    }
    assert.deepEqual(
      [...new Set(outside.notes)],
      ["https://example.org", "http://slack.com", "https://slack.com:8443"].map(
        (origin) => `the sandbox does not emulate ${origin}: a function could not reach it`,
      ),
    );
  });

  it("knows which invocation sent a message", async () => {
    await outside.post(outside.secret("tocsin/slack-hook"), { text: "t" }, { "x-amzn-trace-id": "Root=1-a" });
    assert.deepEqual(outside.traces, ["Root=1-a"]);
  });
});
