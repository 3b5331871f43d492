import { createHmac } from "node:crypto";
import { bodyId } from "./digest";
import type { OutsideRequest, OutsideService, ReadSecret } from "./service";

/** A channel of kind `webhook`, as the settings name it. */
export interface WebhookChannel {
  readonly webhookSecretName: string;
  readonly signingSecretName: string;
  readonly allowedHosts: readonly string[];
}

/** How far a message's time may be from now, in milliseconds. */
const TOLERANCE = 5 * 60_000;

/** Whether one of the signatures of a request is right: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function isSigned({ headers, body }: OutsideRequest, secret: string, now: number): boolean {
  const id = headers["webhook-id"] ?? "";
  const timestamp = headers["webhook-timestamp"] ?? "";
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64");
  const given = (headers["webhook-signature"] ?? "").split(" ");
  return id !== "" && Math.abs(Number(timestamp) * 1_000 - now) <= TOLERANCE && given.includes(`v1,${signature}`);
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/** The receivers of generic webhooks: each wants the URL that its secret holds now, and a right signature. */
export function webhookReceivers(channels: readonly WebhookChannel[], secret: ReadSecret, now: () => number): OutsideService {
  const current = async (): Promise<readonly { readonly url: URL; readonly channel: WebhookChannel }[]> => {
    const found = await Promise.all(channels.map(async (channel) => ({ text: (await secret(channel.webhookSecretName)) ?? "", channel })));
    return found.filter(({ text }) => URL.canParse(text)).map(({ text, channel }) => ({ url: new URL(text), channel }));
  };
  return {
    name: "webhook",
    hasHost: async (hostname) =>
      channels.some(({ allowedHosts }) => allowedHosts.includes(hostname)) ||
      (await current()).some(({ url }) => url.hostname === hostname),
    operationOf: () => undefined,
    async answer(request) {
      const receivers = (await current()).filter(({ url }) => url.href === request.url.href);
      if (receivers.length === 0) {
        return { answer: { status: 404, body: "not found" } };
      }
      const keys = await Promise.all(receivers.map(({ channel }) => secret(channel.signingSecretName)));
      if (!keys.some((key) => key !== undefined && isSigned(request, key, now()))) {
        return { answer: { status: 401, body: "no right signature" } };
      }
      const { headers, body } = request;
      const raw = body.toString("utf8");
      const payload = { headers, body: parsed(raw), raw };
      return { answer: { status: 200, body: "" }, taken: { what: "message", kind: "webhook", messageId: bodyId(body), payload } };
    },
    failure: ({ code, status, retryAfter }) => ({
      status,
      ...(status === 429 && { headers: { "retry-after": String(retryAfter) } }),
      body: code,
    }),
  };
}
