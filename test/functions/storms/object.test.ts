import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { objectUrl } from "../../../functions/normalize/console";
import { putObject, s3Endpoint } from "../../../functions/storms/object";
import { httpServer, type Reply } from "../../support/http-server";

const CREDENTIALS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", sessionToken: "token" };
const KEY = "storms/2026/03/01/ec2-19-abcdef-091000-1-soc-mail.csv";
const BODY = '\uFEFF"Größe"\r\n';

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Puts an object into a server that answers so, and tells what arrived there. */
async function put(...replies: readonly Reply[]): Promise<{ readonly received: readonly Received[]; readonly error?: unknown }> {
  const received: Received[] = [];
  const server = await httpServer(({ method, url, headers }, body) => {
    received.push({ method, url, headers, body });
    return replies[received.length - 1] ?? { status: 200 };
  });
  const parts = { bucket: "lists", region: "eu-west-1", endpoint: `${server.url}/`, credentials: async () => CREDENTIALS };
  try {
    await putObject(parts, KEY, "text/csv; charset=utf-8", BODY);
    return { received };
  } catch (error) {
    return { received, error };
  } finally {
    await server.close();
  }
}

describe("a list in S3", () => {
  it("is put with what it is and a signature over it", async () => {
    const { received } = await put();
    assert.equal(received.length, 1);
    const [{ method, url, headers, body }] = received as [Received];
    assert.deepEqual([method, url, body], ["PUT", `/lists/${KEY}`, BODY]);
    assert.equal(headers["content-type"], "text/csv; charset=utf-8");
    assert.equal(headers["x-amz-content-sha256"], sha256(BODY));
    assert.equal(headers["x-amz-security-token"], "token");
    assert.match(
      headers.authorization ?? "",
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/s3\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
    );
  });

  it("is signed as AWS checks it", async () => {
    const { received } = await put();
    const [{ headers }] = received as [Received];
    const [, scope = "", names = "", signature] =
      /Credential=[^/]+\/(\S+), SignedHeaders=(\S+), Signature=(\S+)$/.exec(headers.authorization ?? "") ?? [];
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    const lines = names.split(";").map((name) => `${name}:${headers[name]}\n`);
    const canonical = ["PUT", `/lists/${KEY}`, "", lines.join(""), names, sha256(BODY)].join("\n");
    const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
    const key = scope.split("/").reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${CREDENTIALS.secretAccessKey}`);
    assert.equal(signature, hmac(key, toSign).toString("hex"));
  });

  it("is tried again when S3 is busy, and not when S3 refuses it", async () => {
    const busy = await put({ status: 503, body: "SlowDown" }, { status: 500 });
    assert.deepEqual([busy.received.length, busy.error], [3, undefined]);
    const refused = await put({ status: 403, body: "<Code>AccessDenied</Code>" });
    assert.equal(refused.received.length, 1);
    assert.match(String(refused.error), /S3 did not take storms\/.*: 403 AccessDenied$/);
  }).timeout(20_000);

  it("gives away nothing but the code of what S3 answers: an answer may repeat the credentials", async () => {
    const body = "<Error><Code>ExpiredToken</Code><Message>The token token expired</Message><Token-0>IQoJtoken</Token-0></Error>";
    assert.match(String((await put({ status: 400, body })).error), /: 400 ExpiredToken$/);
    assert.match(String((await put({ status: 400, body: "IQoJtoken" })).error), /: 400$/);
  });

  it("is not sent elsewhere by a redirect", async () => {
    const { received, error } = await put({ status: 307, headers: { location: "https://elsewhere.example/" } });
    assert.equal(received.length, 1);
    assert.match(String(error), /307/);
  });

  it("is in the S3 of its partition, and is found in the console of it", () => {
    assert.equal(s3Endpoint("eu-west-1"), "https://s3.eu-west-1.amazonaws.com");
    assert.equal(s3Endpoint("cn-north-1"), "https://s3.cn-north-1.amazonaws.com.cn");
    assert.equal(
      objectUrl("eu-west-1", "lists", "storms/a.csv"),
      "https://eu-west-1.console.aws.amazon.com/s3/object/lists?region=eu-west-1&prefix=storms%2Fa.csv",
    );
  });
});
