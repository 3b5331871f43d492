import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { Throttled } from "../../../functions/accepted";
import { retryAfterSeconds } from "../../../functions/outgoing/patience";
import { checkedUrl, post, RefusedUrl } from "../../../functions/outgoing/post";
import { type Answering, httpServer, type Received } from "../../support/http-server";

const WEBHOOK = "https://hooks.slack.com/services/T0/B0/sEcReT";
const allowed = (host: string): boolean => host === "hooks.slack.com";
const refusal = (text: string): RefusedUrl => {
  try {
    checkedUrl(text, allowed);
  } catch (error) {
    assert.ok(error instanceof RefusedUrl);
    return error;
  }
  throw new Error(`${text} was accepted`);
};

describe("an address to send to", () => {
  it("is accepted when it is https and of an allowed host", () => {
    assert.equal(checkedUrl(WEBHOOK, allowed).href, WEBHOOK);
    assert.equal(checkedUrl(WEBHOOK.replace("hooks.slack.com", "HOOKS.Slack.com:443"), allowed).href, WEBHOOK);
  });

  const REFUSED: Readonly<Record<string, RegExp>> = {
    "http://hooks.slack.com/services/T0/B0/sEcReT": /https/,
    "javascript:alert('sEcReT')": /https/,
    "https://hooks.slack.com.evil.example/sEcReT": /hooks\.slack\.com\.evil\.example .* not an allowed one/,
    "https://hooks.slack.com./sEcReT": /not an allowed one/,
    "https://169.254.169.254/sEcReT": /not an allowed one/,
    "https://hooks.slack.com@evil.example/sEcReT": /user name/,
    "https://me:sEcReT@hooks.slack.com/": /user name/,
    "https://hooks.slack.com:8443/sEcReT": /8443/,
    "hooks.slack.com/sEcReT": /URL/,
    "": /URL/,
  };
  for (const [text, message] of Object.entries(REFUSED)) {
    it(`is refused, without telling its path: ${text || "none"}`, () => {
      const { message: told } = refusal(text);
      assert.match(told, message);
      assert.doesNotMatch(told, /sEcReT/);
    });
  }
});

describe("a message that is posted", () => {
  let answer: Answering;
  let server: Awaited<ReturnType<typeof httpServer>>;
  const received: Received[] = [];
  before(async () => {
    server = await httpServer((request: IncomingMessage, body: string) => {
      received.push({ path: request.url ?? "", headers: request.headers, body });
      return answer(received.length);
    });
  });
  after(() => server.close());
  beforeEach(() => received.splice(0));

  const send = (timeoutMilliseconds = 2_000) =>
    post(new URL("/services/sEcReT", server.url), { headers: { "content-type": "application/json" }, body: "{}", timeoutMilliseconds });
  const failure = async (timeoutMilliseconds?: number): Promise<Error> => {
    const error = await send(timeoutMilliseconds).then(
      () => new Error("it was sent"),
      (thrown: Error) => thrown,
    );
    assert.doesNotMatch(`${error.stack}`, /sEcReT/);
    return error;
  };

  it("arrives once, and what is answered comes back", async () => {
    answer = () => ({ status: 404, headers: { "x-reason": "gone" }, body: "no_service" });
    const { status, headers, text } = await send();
    assert.deepEqual([status, headers.get("x-reason"), text], [404, "gone", "no_service"]);
    assert.deepEqual([received.length, received[0]?.body, received[0]?.headers["content-type"]], [1, "{}", "application/json"]);
  });

  it("does not follow redirects", async () => {
    answer = () => ({ status: 307, headers: { location: "/elsewhere" } });
    assert.match((await failure()).message, /redirect \(307\)/);
    assert.equal(received.length, 1);
  });

  it("waits for as long as it is asked to, and arrives once", async () => {
    answer = (nth) => (nth === 1 ? { status: 429, headers: { "retry-after": "1" } } : { status: 200, body: "ok" });
    const began = Date.now();
    assert.equal((await send()).text, "ok");
    assert.ok(Date.now() - began >= 990, "it waited");
    assert.equal(received.length, 2);
  });

  it("is left to the workflow where the wait would be long", async () => {
    answer = () => ({ status: 429, headers: { "retry-after": "30" } });
    const error = await failure();
    assert.ok(error instanceof Throttled);
    assert.match(error.message, /30 seconds/);
    assert.equal(received.length, 1);
  });

  it("fails where the other side does, and is not sent twice", async () => {
    answer = () => ({ status: 503 });
    const error = await failure();
    assert.match(error.message, /answered 503/);
    assert.ok(!(error instanceof Throttled));
    assert.equal(received.length, 1);
  });

  it("fails where no answer comes", async () => {
    answer = () => undefined;
    assert.match((await failure(100)).message, /no answer in time/);
  });

  it("has arrived where the answer says so and then never ends: nobody sends it again", async () => {
    answer = () => ({ status: 200, body: "ok", hangs: true });
    const { status, text } = await send(200);
    assert.deepEqual([status, text], [200, "ok"]);
    assert.equal(received.length, 1);
  });

  it("fails where nobody listens", async () => {
    const closed = await httpServer(() => ({ status: 200 }));
    const { url } = closed;
    await closed.close();
    await assert.rejects(post(new URL(url), { headers: {}, body: "", timeoutMilliseconds: 2_000 }), /could not be reached: ECONNREFUSED/);
  });

  it("reads no more of an answer than it needs", async () => {
    answer = () => ({ status: 400, body: "x".repeat(1_000_000) });
    assert.equal((await send()).text.length, 16_384);
  });
});

describe("Retry-After", () => {
  it("is a number of seconds or a date", () => {
    const now = Date.parse("2026-03-01T09:00:00Z");
    assert.equal(retryAfterSeconds("7", now), 7);
    assert.equal(retryAfterSeconds("Sun, 01 Mar 2026 09:00:05 GMT", now), 5);
    assert.equal(retryAfterSeconds("Sun, 01 Mar 2026 08:00:00 GMT", now), 0);
    assert.equal(retryAfterSeconds("soon", now), undefined);
    assert.equal(retryAfterSeconds(null, now), undefined);
  });
});
