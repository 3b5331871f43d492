import assert from "node:assert/strict";
import type { UrlAnswer } from "../../../../sandbox/types";
import { deploy, functionArn, lambda, resource, type TestStack } from "../support/stack";

const URL = "https://abc.lambda-url.eu-west-1.on.aws/";

/** A function that answers with what it was called with, or with what it is asked to answer with. */
const SOURCE = `exports.handler = async (event) => {
  if (event.rawPath === "/fail") throw new Error("broken");
  if (event.rawPath === "/plain") return { told: "you" };
  return { statusCode: 201, headers: { "X-Seen": "yes" }, body: JSON.stringify(event) };
};`;

describe("a function URL", () => {
  let stack: TestStack;
  const url = (values: Record<string, unknown> = {}) =>
    resource("aws:lambda/functionUrl", { functionName: functionArn("hears"), functionUrl: URL, authorizationType: "NONE", ...values });
  const ask = (path: string, body = "", headers: Record<string, string> = {}): Promise<UrlAnswer> =>
    stack.runtime.requestUrl({ method: "POST", url: `${URL}${path}`, headers, body: Buffer.from(body) }, "person").answer;
  const eventOf = ({ body }: UrlAnswer) => JSON.parse(body.toString()) as Record<string, unknown> & { headers: Record<string, string> };

  before(async () => {
    stack = await deploy([lambda("hears", SOURCE), url()]);
  });
  after(() => stack.close());

  it("is known by its address", () => {
    assert.deepEqual(stack.runtime.functionUrls, [URL]);
    assert.throws(
      () => stack.runtime.requestUrl({ method: "GET", url: "https://other.example/", headers: {}, body: Buffer.of() }, "person"),
      {
        name: "NotFound",
      },
    );
  });

  it("gives the function the request in payload format 2.0", async () => {
    const answer = await ask("hook/1?a=1&a=2", '{"b":1}', { "Content-Type": "application/json", "X-Sign": "S", Cookie: "c=1; d=2" });
    const event = eventOf(answer);
    assert.deepEqual([answer.status, answer.headers["x-seen"]], [201, "yes"]);
    const { http, domainPrefix, time } = event.requestContext as { http: Record<string, string>; domainPrefix: string; time: string };
    assert.deepEqual(
      [event.version, event.rawPath, event.rawQueryString, event.queryStringParameters, event.cookies],
      ["2.0", "/hook/1", "a=1&a=2", { a: "1,2" }, ["c=1", "d=2"]],
    );
    assert.deepEqual([http.method, http.path, domainPrefix, time], ["POST", "/hook/1", "abc", "01/Mar/2026:09:00:00 +0000"]);
    assert.deepEqual(
      [event.headers["x-sign"], event.headers.host, event.body, event.isBase64Encoded],
      ["S", new globalThis.URL(URL).host, '{"b":1}', false],
    );
  });

  it("hands a form over as base64, byte for byte", async () => {
    const event = eventOf(await ask("", "payload=%7B%7D&é", { "content-type": "application/x-www-form-urlencoded" }));
    assert.deepEqual([event.isBase64Encoded, Buffer.from(String(event.body), "base64").toString()], [true, "payload=%7B%7D&é"]);
  });

  it("answers with the JSON of anything that is no answer, and with 502 when the function fails", async () => {
    const plain = await ask("plain");
    assert.deepEqual([plain.status, plain.headers["content-type"], plain.body.toString()], [200, "application/json", '{"told":"you"}']);
    assert.equal((await ask("fail")).status, 502);
  });

  it("begins a chain of work of its own cause", async () => {
    const { answer, trace } = stack.runtime.requestUrl({ method: "GET", url: URL, headers: {}, body: Buffer.of() }, "person");
    await answer;
    assert.equal(stack.runtime.causeOf(trace), "person");
  });

  it("with AWS_IAM refuses whoever does not sign", async () => {
    const other = await deploy([lambda("hears", SOURCE), url({ authorizationType: "AWS_IAM" })]);
    const { answer } = other.runtime.requestUrl({ method: "GET", url: URL, headers: {}, body: Buffer.of() }, "person");
    assert.equal((await answer).status, 403);
    await other.close();
  });
});
