import assert from "node:assert/strict";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { START } from "../../../../sandbox/runtime/clock";
import { deploy, functionArn, HOME, lambda, roleArn, type TestStack } from "../support/stack";

interface Received {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe("What a function asks of the internet", () => {
  let server: Server;
  let stack: TestStack | undefined;
  let received: Received[];
  let answers: { readonly status: number; readonly headers?: Record<string, string> }[];

  beforeEach(async () => {
    received = [];
    answers = [];
    server = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) {
        chunks.push(chunk as Buffer);
      }
      received.push({ method: incoming.method, headers: incoming.headers, body: Buffer.concat(chunks).toString() });
      const { status, headers = {} } = answers.shift() ?? { status: 200 };
      outgoing.writeHead(status, headers).end("taken");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(async () => {
    await stack?.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Runs a function once and answers its result. */
  async function run(source: string): Promise<unknown> {
    const outside = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    stack = await deploy([lambda("f", source)], undefined, outside);
    const input = { FunctionName: functionArn("f"), InvocationType: "RequestResponse", Payload: Buffer.from("{}") };
    const answer = stack.cloud.ask({ ...HOME, service: "lambda", operation: "Invoke", principal: roleArn("x"), input });
    await Promise.all([answer, stack.runtime.settle()]);
    const { body } = (await answer) as { readonly body: string };
    return JSON.parse(body);
  }

  const READ = "const read = async (response) => [response.status, await response.text()];";

  it("goes to the sandbox's receiver with the URL it was meant for, whichever way it is asked", async () => {
    const result = await run(`${READ}
      const https = require("node:https");
      const asked = (...parameters) => new Promise((resolve, reject) => {
        const request = https.request(...parameters, (response) => { response.resume(); response.on("end", () => resolve(response.statusCode)); });
        request.on("error", reject);
        request.end("b");
      });
      exports.handler = async () => [
        await read(await fetch("https://slack.com/api/x?a=1", { method: "POST", headers: { authorization: "Bearer t" }, body: "a" })),
        await asked("https://hooks.slack.com/services/s", { method: "POST", headers: { "x-mine": "1" } }),
        await asked({ hostname: "example.com", path: "/p", method: "PUT" }),
        process.env._X_AMZN_TRACE_ID,
      ]`);
    const [first, second, third, trace] = result as unknown[];
    assert.deepEqual([first, second, third], [[200, "taken"], 200, 200]);
    assert.deepEqual(
      received.map(({ method, headers, body }) => [method, headers["x-tocsin-url"], body, headers["x-amzn-trace-id"]]),
      [
        ["POST", "https://slack.com/api/x?a=1", "a", trace],
        ["POST", "https://hooks.slack.com/services/s", "b", trace],
        ["PUT", "https://example.com/p", "b", trace],
      ],
    );
    assert.equal(received[0]?.headers.authorization, "Bearer t");
    assert.equal(received[1]?.headers["x-mine"], "1");
  });

  it("leaves time where it is, and a wait that the answer asks for takes virtual time", async () => {
    answers.push({ status: 429, headers: { "retry-after": "7" } });
    const result = await run(`
      exports.handler = async () => {
        const times = [];
        for (;;) {
          const response = await fetch("https://slack.com/api/x", { signal: AbortSignal.timeout(5_000) });
          await response.text();
          times.push(Date.now());
          if (response.status !== 429) return times;
          await new Promise((resolve) => setTimeout(resolve, Number(response.headers.get("retry-after")) * 1_000));
        }
      }`);
    assert.deepEqual(result, [START, START + 7_000]);
  });

  it("does not follow a redirect that it was told not to follow", async () => {
    answers.push({ status: 302, headers: { location: "https://elsewhere.example/" } });
    const result = await run(`exports.handler = async () => {
      const { status, url } = await fetch("https://slack.com/api/x", { redirect: "manual" });
      return [status, url];
    }`);
    assert.deepEqual(result, [302, "https://slack.com/api/x"]);
    assert.equal(received.length, 1);
  });

  it("is not reached by a socket of the function's own", async () => {
    const result = await run(`exports.handler = () => new Promise((resolve) => {
      require("node:net").connect(443, "example.com").on("error", ({ code }) => resolve(code)).on("connect", () => resolve("connected"));
    })`);
    assert.equal(result, "ENOTFOUND");
  });

  it("fails as a host that cannot be reached does, where nobody answers", async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    server = createServer((incoming) => incoming.socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const result = await run(`exports.handler = async () => {
      try { await fetch("https://unknown.example/"); return "reached"; } catch (error) { return [error.name, error.message]; }
    }`);
    assert.deepEqual(result, ["TypeError", "fetch failed"]);
  });
});
