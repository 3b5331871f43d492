import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** How far the time of a request may be from ours, in seconds, both ways: https://docs.slack.dev/authentication/verifying-requests-from-slack */
const TOLERANCE = 300;

/** A request as it came: the bytes of its body, which nothing has read yet, and what it says to prove that it is Slack's. */
export interface SignedRequest {
  readonly body: Buffer;
  /** `X-Slack-Request-Timestamp`. */
  readonly timestamp: string;
  /** `X-Slack-Signature`. */
  readonly signature: string;
}

/** What is wrong with a request's time, if anything. A signature counts for five minutes, so that one that was overheard is soon worth nothing. */
export function timeFault(
  { timestamp }: Pick<SignedRequest, "timestamp">,
  now: number,
): "old timestamp" | "timestamp in the future" | undefined {
  if (!/^\d{1,12}$/.test(timestamp)) {
    return "old timestamp";
  }
  const age = now / 1_000 - Number(timestamp);
  return age > TOLERANCE ? "old timestamp" : age < -TOLERANCE ? "timestamp in the future" : undefined;
}

/** Whether the signature is that of somebody who knows the secret. Takes as long for a nearly right one as for any other. */
export function isSigned({ body, timestamp, signature }: SignedRequest, secret: string): boolean {
  const expected = Buffer.from(`v0=${createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest("hex")}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** What a request is remembered by, so that it counts once. */
export const signatureId = ({ signature }: Pick<SignedRequest, "signature">): string =>
  createHash("sha256").update(signature).digest("hex");
