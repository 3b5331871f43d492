import { bodyId, jsonObject } from "../digest";
import type { OutsideRequest, OutsideService, Reply } from "../service";
import { refusalOf } from "./blocks";
import { Pace } from "./pace";
import { ResponseUrls } from "./response-url";

const plain = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Reply => ({
  answer: { status, headers, body },
});

/** The JSON of a request, which may also be a field of a form. */
const payloadOf = ({ headers, body }: OutsideRequest) =>
  jsonObject(
    /^application\/x-www-form-urlencoded/i.test(headers["content-type"] ?? "")
      ? (new URLSearchParams(body.toString("utf8")).get("payload") ?? "")
      : body.toString("utf8"),
  );

/**
 * Slack's incoming webhooks, each for one channel: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/#handling_errors
 * @param urls those that count at this moment.
 */
export function slackWebhooks({
  urls,
  now,
}: {
  readonly urls: () => Promise<readonly string[]>;
  readonly now: () => number;
}): OutsideService {
  const pace = new Pace(now);
  const responses = new ResponseUrls(now);

  const respond = ({ url, body }: OutsideRequest): Reply => {
    const payload = jsonObject(body.toString("utf8"));
    const refusal = payload === undefined ? "invalid_payload" : responses.use(url);
    return refusal === undefined && payload !== undefined
      ? { ...plain(200, "ok"), taken: { what: "response", url: url.href, payload } }
      : plain(404, refusal ?? "");
  };

  return {
    name: "slack",
    hasHost: (hostname) => hostname === "hooks.slack.com",
    operationOf: () => "incoming-webhook",
    async answer(request) {
      if (ResponseUrls.isOne(request.url)) {
        return respond(request);
      }
      if (!(await urls()).some((url) => URL.canParse(url) && new URL(url).href === request.url.href)) {
        return plain(404, "no_service");
      }
      const payload = payloadOf(request);
      if (request.method !== "POST" || payload === undefined) {
        return plain(400, "invalid_payload");
      }
      const refusal = refusalOf(payload);
      if (refusal !== undefined) {
        return plain(400, refusal.error);
      }
      const wait = pace.take(request.url.pathname);
      if (wait !== undefined) {
        return plain(429, "rate_limited", { "retry-after": String(wait) });
      }
      return { ...plain(200, "ok"), taken: { what: "message", kind: "slack", messageId: bodyId(request.body), payload } };
    },
    // There is no error with status 200 here: whatever it is called, it is a status.
    failure: ({ code, status, retryAfter }) => ({
      status: status < 400 ? 500 : status,
      ...(status === 429 && { headers: { "retry-after": String(retryAfter) } }),
      body: code,
    }),
  };
}
