import { createHash, createHmac } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { SignatureV4 } from "@smithy/signature-v4";
import { messageOf } from "../log";

export interface ObjectParts {
  readonly bucket: string;
  readonly region: string;
  /** Where S3 answers, for example `https://s3.eu-west-1.amazonaws.com`. */
  readonly endpoint: string;
  readonly credentials: () => Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string }>;
}

/** Where S3 answers in a Region: https://docs.aws.amazon.com/general/latest/gr/s3.html */
export const s3Endpoint = (region: string): string => `https://s3.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;

/** Attempts, and how long each may take, in milliseconds. */
const ATTEMPTS = 4;
const PATIENCE = 30_000;

/**
 * Puts one object into a bucket. Signed and sent without the S3 client: that would double the function for one request.
 * @param key of characters that need no encoding in a URL.
 */
export async function putObject(parts: ObjectParts, key: string, contentType: string, body: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const failure = await putOnce(parts, key, contentType, body);
    if (failure === undefined) {
      return;
    }
    if (!failure.passing || attempt === ATTEMPTS) {
      throw new Error(`S3 did not take ${key}: ${failure.reason}`);
    }
    await pause(200 * 2 ** attempt);
  }
}

interface Failure {
  readonly reason: string;
  /** Whether the next attempt may succeed. */
  readonly passing: boolean;
}

async function putOnce(parts: ObjectParts, key: string, contentType: string, body: string): Promise<Failure | undefined> {
  const url = new URL(`/${parts.bucket}/${key}`, parts.endpoint);
  const signer = new SignatureV4({
    service: "s3",
    region: parts.region,
    credentials: parts.credentials,
    sha256: Sha256,
    // S3 takes the path as it is: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    uriEscapePath: false,
  });
  const { headers } = await signer.sign({
    method: "PUT",
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: { host: url.host, "content-type": contentType },
    body,
  });
  try {
    const { host: _, ...sent } = headers;
    const answer = await fetch(url, { method: "PUT", headers: sent, body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    const text = await answer.text();
    return answer.ok
      ? undefined
      : { reason: `${answer.status} ${codeIn(text)}`.trimEnd(), passing: answer.status >= 500 || answer.status === 429 };
  } catch (error) {
    return { reason: messageOf(error), passing: true };
  }
}

/** The code of an error. Nothing else of it: S3 may repeat what it was sent, the session's token too. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const codeIn = (text: string): string => /<Code>(\w{1,100})<\/Code>/.exec(text)?.[1] ?? "";

/** SHA-256, or its HMAC, as the signer asks for it. */
class Sha256 {
  private readonly hash: { update(data: string | Uint8Array): unknown; digest(): Uint8Array };

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.hash.digest();
  }
}

const bytesOf = (data: string | ArrayBuffer | ArrayBufferView): string | Uint8Array =>
  typeof data === "string"
    ? data
    : ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
