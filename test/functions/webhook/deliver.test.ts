import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { Throttled } from "../../../functions/accepted";
import { Secrets } from "../../../functions/outgoing/secrets";
import { deliverToWebhook } from "../../../functions/webhook/deliver";
import { ALERT_SETTINGS, aRequest, loggedDuring, secretsManager } from "../../support/deliveries";
import { anAlert } from "../../support/findings";
import { webhookServer } from "../../support/webhooks";

const KEY = `whsec_${Buffer.from("a key of twenty-four bytes or more").toString("base64")}`;
const OTHER_KEY = `whsec_${Buffer.from("another key of twenty-four bytes or more").toString("base64")}`;
const ADDRESS = "https://siem.example.com/hooks/sEcReT";

describe("delivering to a webhook", () => {
  let server: Awaited<ReturnType<typeof webhookServer>>;
  before(async () => {
    server = await webhookServer();
  });
  after(() => server.close());
  beforeEach(() => server.reset());

  function setUp({ url = ADDRESS, key = KEY } = {}) {
    // The verifier asks the real clock.
    const clock = { now: Date.now() };
    const manager = secretsManager({ url, key });
    const channel = { webhookSecretName: "url", signingSecretName: "key", allowedHosts: ["siem.example.com"] };
    const delivery = {
      channels: { siem: channel, archive: channel },
      settings: ALERT_SETTINGS,
      runbooks: [],
      secrets: new Secrets(manager.client, () => clock.now),
      post: server.post,
      now: () => clock.now,
    };
    const deliver = (name = "siem", alert = anAlert()) => loggedDuring(() => deliverToWebhook(delivery, aRequest(name, alert)));
    return { manager, clock, deliver };
  }
  const sent = (index = -1) => {
    const { headers, body, path } = server.received.at(index) ?? assert.fail("nothing was sent");
    return { headers: headers as Record<string, string>, body, path };
  };

  it("is signed so that the receiver can verify it by Standard Webhooks", async () => {
    const { result, lines } = await setUp().deliver();
    const { headers, body, path } = sent();
    assert.equal(path, "/hooks/sEcReT");
    assert.deepEqual(server.hosts, ["siem.example.com"]);
    assert.deepEqual(new Webhook(KEY).verify(body, headers), JSON.parse(body));
    assert.equal(result.messageId, createHash("sha256").update(body).digest("hex").slice(0, 32));
    assert.deepEqual([lines.length, lines[0]?.channelKind, lines[0]?.messageId], [1, "webhook", result.messageId]);
  });

  it("does not verify when body, id or time were changed, or with another key", async () => {
    await setUp().deliver();
    const { headers, body } = sent();
    const refused = (changed: string, with_: Record<string, string>, key = KEY) =>
      assert.throws(() => new Webhook(key).verify(changed, with_), /No matching signature|too old/);
    refused(body.replace("CRITICAL", "LOW"), headers);
    refused(body, { ...headers, "webhook-id": "msg_0" });
    refused(body, { ...headers, "webhook-timestamp": String(Number(headers["webhook-timestamp"]) - 1) });
    refused(body, headers, OTHER_KEY);
  });

  it("has the same id when a telling is sent again, so that the receiver can drop it, and another one otherwise", async () => {
    const { deliver, clock } = setUp();
    await deliver();
    clock.now += 60_000;
    await deliver();
    await deliver("archive");
    await deliver("siem", anAlert({ telling: "another" }));
    const ids = server.received.map(({ headers }) => headers["webhook-id"]);
    assert.match(String(ids[0]), /^msg_[0-9a-f]{32}$/);
    assert.equal(ids[0], ids[1]);
    assert.equal(new Set(ids).size, 3);
    assert.notEqual(sent(0).headers["webhook-timestamp"], sent(1).headers["webhook-timestamp"]);
  });

  it("takes every 2xx for accepted and nothing else", async () => {
    for (const status of [200, 201, 202, 204]) {
      server.state.answer = () => ({ status });
      await setUp().deliver();
    }
    for (const status of [400, 404, 410, 422, 500, 503]) {
      server.state.answer = () => ({ status, body: "no /hooks/sEcReT here" });
      await assert.rejects(setUp().deliver(), (error: Error) => {
        assert.match(error.message, new RegExp(`^channel "siem": .* answered ${status}$`));
        assert.doesNotMatch(error.message, /sEcReT/);
        return true;
      });
    }
  });

  it("follows no redirect: neither the message nor its signature go elsewhere", async () => {
    server.state.answer = () => ({ status: 302, headers: { location: "https://evil.example/" } });
    await assert.rejects(setUp().deliver(), /^Error: channel "siem": .* redirect \(302\), which is not followed$/);
    assert.equal(server.received.length, 1);
  });

  it("leaves long waits to the workflow", async () => {
    server.state.answer = () => ({ status: 429, headers: { "retry-after": "60" } });
    await assert.rejects(setUp().deliver(), Throttled);
  });

  it("uses a rotated signing secret at once when the receiver refuses the old one", async () => {
    const { deliver, manager } = setUp();
    await deliver();
    manager.values.key = OTHER_KEY;
    server.state.answer = (nth) => ({ status: nth === 2 ? 401 : 200 });
    await deliver();
    const { headers, body } = sent();
    assert.ok(new Webhook(OTHER_KEY).verify(body, headers));
    assert.equal(server.received.length, 3);
  });

  it("uses a rotated address at once when the old one is gone", async () => {
    const { deliver, manager } = setUp();
    await deliver();
    manager.values.url = "https://siem.example.com/hooks/rotated";
    server.state.answer = (nth) => ({ status: nth === 2 ? 410 : 200 });
    await deliver();
    assert.equal(sent().path, "/hooks/rotated");
  });

  for (const key of ["sEcReT", "whsec_sEcReT", "whsec_c0VjUmVU", `whsec_${"sEcReT!".repeat(8)}`]) {
    it(`does not sign with what is no signing secret: ${key}`, async () => {
      await assert.rejects(setUp({ key }).deliver(), (error: Error) => {
        assert.match(error.message, /^channel "siem": its signing secret has to be whsec_ followed by at least 24 bytes in base64$/);
        return true;
      });
      assert.equal(server.received.length, 0);
    });
  }

  const REFUSED: Readonly<Record<string, RegExp>> = {
    "http://siem.example.com/sEcReT": /has to begin with https/,
    "https://other.example.com/sEcReT": /other\.example\.com .* not an allowed one/,
    "https://siem.example.com.evil.example/sEcReT": /not an allowed one/,
    "https://me:sEcReT@siem.example.com/": /user name or password/,
    "https://siem.example.com:8443/sEcReT": /usual port 443/,
    "javascript:fetch('sEcReT')": /has to begin with https/,
  };
  for (const [url, rule] of Object.entries(REFUSED)) {
    it(`sends nothing to ${url}, and says whose secret has to be mended`, async () => {
      await assert.rejects(setUp({ url }).deliver(), (error: Error) => {
        assert.equal(error.name, "RefusedUrl");
        assert.match(error.message, /^channel "siem": /);
        assert.match(error.message, rule);
        assert.doesNotMatch(error.message, /sEcReT/);
        return true;
      });
      assert.equal(server.received.length, 0);
    });
  }

  it("says which channel is missing", async () => {
    await assert.rejects(setUp().deliver("other"), /there is no webhook channel "other"/);
  });
});
