import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Throttled } from "../../../functions/accepted";
import { Secrets } from "../../../functions/outgoing/secrets";
import { deliverToTeams } from "../../../functions/teams/deliver";
import { ALERT_SETTINGS, aRequest, loggedDuring, secretsManager } from "../../support/deliveries";
import { anAlert } from "../../support/findings";
import { webhookServer } from "../../support/webhooks";
import { readCard } from "./card";

const HOST = "default5c07.61.environment.api.powerplatform.com";
const URL_OF = (signature: string, host = HOST): string =>
  `https://${host}:443/powerautomate/automations/direct/workflows/3f29/triggers/manual/paths/invoke?api-version=1&sig=${signature}`;

describe("delivering to Microsoft Teams", () => {
  let server: Awaited<ReturnType<typeof webhookServer>>;
  before(async () => {
    server = await webhookServer();
  });
  after(() => server.close());
  beforeEach(() => server.reset());

  function setUp(url = URL_OF("sEcReT")) {
    const now = Date.parse("2026-03-01T09:00:00Z");
    const manager = secretsManager({ "tocsin/teams": url });
    const delivery = {
      channels: { "soc-teams": { webhookSecretName: "tocsin/teams" } },
      settings: ALERT_SETTINGS,
      runbooks: [{ url: "https://wiki.example.com/ports" }],
      secrets: new Secrets(manager.client, () => now),
      post: server.post,
      now: () => now,
    };
    return { manager, deliver: () => loggedDuring(() => deliverToTeams(delivery, aRequest("soc-teams"))), delivery };
  }

  it("posts the card to the workflow's address and is known by the hash of what was sent", async () => {
    const { deliver } = setUp();
    const { result, lines } = await deliver();
    const [{ path, headers, body } = { path: "", headers: {}, body: "" }] = server.received;
    assert.deepEqual(server.hosts, [HOST]);
    assert.match(path, /sig=sEcReT$/);
    assert.equal(headers["content-type"], "application/json");
    assert.equal(readCard(body).buttons.Runbook, "https://wiki.example.com/ports");
    assert.equal(result.messageId, createHash("sha256").update(body).digest("hex").slice(0, 32));
    assert.deepEqual(result.record.Key, { pk: { S: anAlert().key } });
    assert.deepEqual([lines.length, lines[0]?.channelKind, lines[0]?.messageId], [1, "teams", result.messageId]);
  });

  it("reads its secret once for many messages", async () => {
    const { deliver, manager } = setUp();
    await deliver();
    await deliver();
    assert.deepEqual([manager.read.length, server.received.length], [1, 2]);
  });

  for (const status of [401, 403, 404, 410]) {
    it(`uses a rotated address at once when the old one answers ${status}`, async () => {
      const { deliver, manager } = setUp();
      await deliver();
      manager.values["tocsin/teams"] = URL_OF("rotated");
      server.state.answer = (nth) => ({ status: nth === 2 ? status : 202 });
      await deliver();
      assert.deepEqual(
        server.received.map(({ path }) => path.split("sig=")[1]),
        ["sEcReT", "sEcReT", "rotated"],
      );
    });
  }

  it("fails, naming the channel and the answer but not the address, when Teams does not take it", async () => {
    for (const status of [400, 401, 413, 500]) {
      server.state.answer = () => ({ status, body: "see /triggers/manual?sig=sEcReT" });
      await assert.rejects(setUp().deliver(), (error: Error) => {
        assert.match(error.message, new RegExp(`^channel "soc-teams": .* answered ${status}$`));
        assert.doesNotMatch(error.message, /sEcReT|triggers/);
        return true;
      });
    }
  });

  it("follows no redirect", async () => {
    server.state.answer = () => ({ status: 307, headers: { location: "https://evil.example/" } });
    await assert.rejects(setUp().deliver(), /^Error: channel "soc-teams": .* answered with a redirect \(307\), which is not followed$/);
    assert.equal(server.received.length, 1);
  });

  it("waits as Teams asks to, and leaves longer waits to the workflow", async () => {
    server.state.answer = (nth) => (nth === 1 ? { status: 429, headers: { "retry-after": "1" } } : { status: 202 });
    await setUp().deliver();
    assert.equal(server.received.length, 2);
    server.state.answer = () => ({ status: 429, headers: { "retry-after": "60" } });
    await assert.rejects(setUp().deliver(), Throttled);
    assert.equal(server.received.length, 3);
  });

  it("does not take an old connector's 200 for delivered when it says that Teams refused", async () => {
    const failed = (status: number) =>
      `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${status} with ContextId x`;
    const { deliver } = setUp(URL_OF("sEcReT", "contoso.webhook.office.com"));
    server.state.answer = () => ({ status: 200, body: failed(429) });
    await assert.rejects(deliver(), Throttled);
    server.state.answer = () => ({ status: 200, body: failed(413) });
    await assert.rejects(deliver(), /channel "soc-teams": Teams answered 413/);
    server.state.answer = () => ({ status: 200, body: "1" });
    await deliver();
  });

  const REFUSED: Readonly<Record<string, RegExp>> = {
    "http://prod-23.westeurope.logic.azure.com/sEcReT": /has to begin with https/,
    "https://evil.example/sEcReT": /evil\.example .* not an allowed one/,
    "https://me:sEcReT@prod-23.westeurope.logic.azure.com/x": /user name or password/,
    "https://prod-23.westeurope.logic.azure.com:8443/sEcReT": /usual port 443/,
    sEcReT: /does not hold a URL/,
  };
  for (const [url, rule] of Object.entries(REFUSED)) {
    it(`sends nothing to ${url}, and says whose secret has to be mended`, async () => {
      await assert.rejects(setUp(url).deliver(), (error: Error) => {
        assert.equal(error.name, "RefusedUrl");
        assert.match(error.message, /^channel "soc-teams": /);
        assert.match(error.message, rule);
        assert.doesNotMatch(error.message, /sEcReT/);
        return true;
      });
      assert.equal(server.received.length, 0);
    });
  }

  it("says which channel is missing", async () => {
    await assert.rejects(deliverToTeams(setUp().delivery, aRequest("other")), /there is no Teams channel "other"/);
  });
});
