import type { LambdaFunctionURLEvent } from "aws-lambda";
import type { SignedRequest } from "./signature";

/** Most bytes of a body. Slack's are a few tens of KB; nobody else has anything to say here. */
const MOST_BYTES = 1_048_576;

/** The request of a function URL, or undefined if its body is too long. Header names arrive in lower case. */
export function readRequest({ headers, body, isBase64Encoded }: Partial<LambdaFunctionURLEvent>): SignedRequest | undefined {
  const text = typeof body === "string" ? body : "";
  const encoded = isBase64Encoded === true;
  if ((encoded ? (text.length * 3) / 4 : Buffer.byteLength(text)) > MOST_BYTES) {
    return undefined;
  }
  return {
    // Slack signs bytes: a body that was decoded and encoded again may no longer be the one that was signed.
    body: Buffer.from(text, encoded ? "base64" : "utf8"),
    timestamp: String(headers?.["x-slack-request-timestamp"] ?? ""),
    signature: String(headers?.["x-slack-signature"] ?? ""),
  };
}
