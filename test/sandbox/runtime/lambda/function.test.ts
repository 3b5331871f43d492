import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { START } from "../../../../sandbox/runtime/clock";
import { ServiceError } from "../../../../sandbox/types";
import { deploy, functionArn, HOME, lambda, queue, roleArn, type TestStack } from "../support/stack";

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

describe("a function", () => {
  let stack: TestStack | undefined;

  const start = async (
    source: string,
    values: Record<string, unknown> = {},
    more: Parameters<typeof deploy>[0] = [],
  ): Promise<TestStack> => {
    stack = await deploy([lambda("f", source, values), ...more]);
    return stack;
  };
  /** Invokes it and lets time run until it answers. */
  const invoke = async (event: unknown = {}, InvocationType = "RequestResponse"): Promise<Answer> => {
    assert.ok(stack);
    const call = { ...HOME, service: "lambda", operation: "Invoke", principal: roleArn("x") };
    const answer = stack.cloud.ask({
      ...call,
      input: { FunctionName: functionArn("f"), InvocationType, Payload: Buffer.from(JSON.stringify(event)) },
    });
    await Promise.all([answer, stack.runtime.settle()]);
    const { status = 200, headers = {}, body } = (await answer) as Partial<Answer>;
    return { status, headers, body: body === "" ? "" : JSON.parse(String(body)) };
  };

  afterEach(async () => {
    await stack?.close();
    stack = undefined;
  });

  it("gets its event and context, and answers its result", async () => {
    await start(
      "exports.handler = async (event, context) => ({ event, name: context.functionName, left: context.getRemainingTimeInMillis(), now: Date.now() })",
    );
    const { body } = await invoke({ a: [1, "ü"] });
    assert.deepEqual(body, { event: { a: [1, "ü"] }, name: "f", left: 30_000, now: START });
  });

  it("sees its own variables, its role's credentials and the gateway, and nothing of the machine that it runs on", async () => {
    process.env.TOCSIN_TEST_LEAK = "leak";
    const { cloud } = await start("exports.handler = async () => process.env", { environment: { variables: { MINE: "yes" } } });
    const environment = (await invoke()).body as Record<string, string>;
    delete process.env.TOCSIN_TEST_LEAK;
    assert.partialDeepStrictEqual(environment, {
      MINE: "yes",
      AWS_ACCESS_KEY_ID: roleArn("f").replaceAll("/", "+"),
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_REGION: HOME.region,
      AWS_LAMBDA_FUNCTION_NAME: "f",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      TZ: "UTC",
    });
    assert.match(environment._X_AMZN_TRACE_ID ?? "", /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/);
    assert.deepEqual(
      Object.keys(environment).filter((name) => ["PATH", "TOCSIN_TEST_LEAK", "NODE_OPTIONS"].includes(name)),
      [],
    );
  });

  it("stays warm between invocations", async () => {
    await start("let count = 0; exports.handler = async () => ++count");
    assert.equal((await invoke()).body, 1);
    assert.equal((await invoke()).body, 2);
  });

  it("sleeps in virtual time, whichever timer it uses", async () => {
    const { runtime } = await start(`
      const { setTimeout: sleep } = require("node:timers/promises");
      const { promisify } = require("node:util");
      exports.handler = async () => {
        await new Promise((resolve) => setTimeout(resolve, 10_000));
        await sleep(5_000);
        await promisify(setTimeout)(5_000);
        let ticks = 0;
        await new Promise((resolve) => { const timer = setInterval(() => { if (++ticks === 3) { clearInterval(timer); resolve(); } }, 1_000); });
        clearTimeout(setTimeout(() => { throw new Error("cleared"); }, 10));
        return [Date.now(), new Date().toISOString(), Date.parse("2020-01-01T00:00:00Z"), new Date() instanceof Date];
      }`);
    const began = process.hrtime.bigint();
    assert.deepEqual((await invoke()).body, [START + 23_000, "2026-03-01T09:00:23.000Z", 1_577_836_800_000, true]);
    assert.ok(Number(process.hrtime.bigint() - began) / 1e9 < 2);
    const { milliseconds, invocations } = runtime.counters.lambda;
    assert.equal(invocations, 1);
    assert.ok(milliseconds >= 23_000 && milliseconds < 24_000);
  });

  it("is stopped at its time-out, in virtual time, and starts anew the next time", async () => {
    const { heard } = await start(
      "let warm = false; exports.handler = async (event) => { if (event.hang) await new Promise((resolve) => setTimeout(resolve, 60_000)); const was = warm; warm = true; return was; }",
      { timeout: 3 },
    );
    assert.equal((await invoke()).body, false);
    const { headers, body } = await invoke({ hang: true });
    assert.equal(headers["X-Amz-Function-Error"], "Unhandled");
    assert.partialDeepStrictEqual(body, { errorType: "Sandbox.Timedout" });
    assert.match(heard.logs.at(-1) ?? "", /Task timed out after 3.00 seconds/);
    assert.equal((await invoke()).body, false);
  });

  it("is stopped at its time-out when it waits for nothing at all", async () => {
    await start("exports.handler = () => new Promise(() => {})", { timeout: 5 });
    assert.partialDeepStrictEqual((await invoke()).body, { errorType: "Sandbox.Timedout" });
  });

  it("fails with the error that it throws", async () => {
    await start("class Throttled extends Error { name = 'Throttled' } exports.handler = async () => { throw new Throttled('slow down') }");
    const { headers, body } = await invoke();
    assert.equal(headers["X-Amz-Function-Error"], "Unhandled");
    assert.partialDeepStrictEqual(body, { errorType: "Throttled", errorMessage: "slow down" });
  });

  it("fails as in Lambda when it exits, crashes, leaves a rejection unhandled or cannot be loaded", async () => {
    const cases: [string, string][] = [
      ["exports.handler = async () => process.exit(3)", "Runtime.ExitError"],
      ["exports.handler = () => new Promise(() => { setTimeout(() => { throw new RangeError('late') }, 10) })", "RangeError"],
      ["exports.handler = () => new Promise(() => { Promise.reject(new Error('nobody')) })", "Runtime.UnhandledPromiseRejection"],
      ["throw new TypeError('at load')", "TypeError"],
      ["exports.other = 1", "Runtime.HandlerNotFound"],
    ];
    for (const [source, errorType] of cases) {
      await start(source);
      assert.partialDeepStrictEqual((await invoke()).body, { errorType });
      assert.partialDeepStrictEqual((await invoke()).body, { errorType });
      await stack?.close();
    }
    stack = undefined;
  });

  it("tells each line that it writes, in order, before it ends", async () => {
    const { heard } = await start(
      "exports.handler = async () => { console.log('one'); process.stdout.write('{\"two\":'); process.stdout.write('2}\\n'); console.error('three %d', 3) }",
    );
    await invoke();
    assert.deepEqual(heard.logs, ["one", '{"two":2}', "three 3"]);
  });

  it("runs the SDK's retries without waiting for them, and under its trace", async () => {
    const { cloud, clock } = await start(`
      const { DynamoDBClient, GetItemCommand } = require("@aws-sdk/client-dynamodb");
      const client = new DynamoDBClient({});
      exports.handler = async () => (await client.send(new GetItemCommand({ TableName: "t", Key: { pk: { S: "x" } } }))).Item.pk.S`);
    let failures = 2;
    cloud.handle("dynamodb", async () => {
      if (failures-- > 0) {
        throw new ServiceError("ThrottlingException", "slow down");
      }
      return { body: { Item: { pk: { S: "found" } } } };
    });
    assert.equal((await invoke()).body, "found");
    assert.deepEqual(cloud.names, ["dynamodb:GetItem", "dynamodb:GetItem", "dynamodb:GetItem"]);
    assert.ok(clock.now() > START);
    assert.equal(new Set(cloud.calls.map(({ trace }) => trace)).size, 1);
    assert.match(cloud.calls[0]?.trace ?? "", /^Root=1-/);
    assert.equal(cloud.calls[0]?.principal, roleArn("f"));
  });

  it("reaches the gateway under the host prefix of synchronous executions", async () => {
    const { cloud } = await start(`
      const { SFNClient, StartSyncExecutionCommand } = require("@aws-sdk/client-sfn");
      exports.handler = async () => (await new SFNClient({}).send(new StartSyncExecutionCommand({ stateMachineArn: "x" }))).status`);
    cloud.handle("states", async () => ({ body: { status: "SUCCEEDED", executionArn: "x", startDate: 0, stopDate: 0 } }));
    assert.equal((await invoke()).body, "SUCCEEDED");
    assert.match(cloud.calls[0]?.headers.host ?? "", /^sync-127\.0\.0\.1:/);
  });

  it("may use fetch: time stands still while a request is under way, and runs on afterwards", async () => {
    const { clock } = await start(`
      exports.handler = async () => {
        const answer = await fetch(process.env.AWS_ENDPOINT_URL, { signal: AbortSignal.timeout(20) });
        const text = await answer.text();
        const before = Date.now();
        await new Promise((resolve) => setTimeout(resolve, 10_000));
        return [answer.status, JSON.parse(text).__type, before, Date.now()];
      }`);
    assert.deepEqual((await invoke()).body, [404, "UnknownOperationException", START, START + 10_000]);
    assert.equal(clock.now(), START + 10_000);
  });

  /** Says how often this environment was used, and when it is done. */
  const sleeper =
    "let uses = 0; exports.handler = async () => { uses += 1; await new Promise((resolve) => setTimeout(resolve, 1_000)); return [uses, Date.now()] }";

  it("lets nobody wait for invocations that only sleep: each gets an environment", async () => {
    await start(sleeper);
    const answers = await Promise.all([invoke(), invoke(), invoke(), invoke()]);
    assert.deepEqual(
      answers.map(({ body }) => body),
      Array.from({ length: 4 }, () => [1, START + 1000]),
    );
  });

  it("has as many environments as its reserved concurrency at most: what comes on top waits", async () => {
    await start(sleeper, { reservedConcurrentExecutions: 2 });
    const answers = await Promise.all([invoke(), invoke(), invoke()]);
    assert.deepEqual(answers.map(({ body }) => body).sort(), [
      [1, START + 1000],
      [1, START + 1000],
      [2, START + 2000],
    ]);
  });

  it("is tried again after one and two minutes when nobody waits for it, then sent to its dead-letter queue", async () => {
    const deadLetterConfig = { targetArn: `arn:aws:sqs:eu-west-1:${HOME.account}:dead` };
    const { heard, clock } = await start(
      "exports.handler = async () => { console.log(Date.now()); throw new Error('no') }",
      { deadLetterConfig },
      [queue("dead")],
    );
    assert.equal((await invoke({ x: 1 }, "Event")).status, 202);
    const failures = heard.logs.filter((line) => line.startsWith("ERROR"));
    assert.deepEqual(
      heard.logs.filter((line) => !failures.includes(line)),
      [START, START + 60_000, START + 180_000].map(String),
    );
    assert.match(failures[2] ?? "", /^ERROR\tInvoke Error\t\{"errorType":"Error","errorMessage":"no","trace":\[/);
    assert.equal(clock.now(), START + 180_000);
    assert.partialDeepStrictEqual(heard.deadLetters, [{ queue: "dead", error: "Error: no", body: '{"x":1}' }]);
  });

  it("is unknown under another name", async () => {
    const { cloud } = await start("exports.handler = async () => 1");
    const call = { ...HOME, service: "lambda", operation: "Invoke", principal: "x", input: { FunctionName: "other" } };
    await assert.rejects(cloud.ask(call), { name: "ResourceNotFoundException" });
  });

  it("leaves no files behind", async () => {
    await start("exports.handler = async () => __dirname");
    const directory = String((await invoke()).body);
    assert.equal(existsSync(directory), true);
    await stack?.close();
    stack = undefined;
    assert.equal(existsSync(directory), false);
  });
});
