import assert from "node:assert/strict";
import { START } from "../../../../sandbox/runtime/clock";
import { type ServiceCall, ServiceError } from "../../../../sandbox/types";
import {
  deploy,
  functionArn,
  HOME,
  lambda,
  machine,
  machineArn,
  queue,
  queueArn,
  queueUrl,
  resource,
  roleArn,
  type TestStack,
} from "../support/stack";

const MINUTE = 60_000;

describe("a state machine", () => {
  let stack: TestStack;

  const ask = async (operation: string, input: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const { body } = (await stack.cloud.ask({ ...HOME, service: "states", operation, principal: roleArn("x"), input })) as {
      body: Record<string, unknown>;
    };
    return body;
  };
  const start = async (input: unknown, more: Record<string, unknown> = {}): Promise<Record<string, unknown>> =>
    ask("StartExecution", { stateMachineArn: machineArn("m"), input: JSON.stringify(input), ...more });
  /** Runs it to its end (as far as 15 minutes reach) and answers its description. */
  const run = async (
    definition: unknown,
    input: unknown = {},
    more: Parameters<typeof deploy>[0] = [],
    prepare?: Parameters<typeof deploy>[1],
  ) => {
    stack = await deploy([machine("m", definition), ...more], prepare);
    const { executionArn } = await start(input);
    await stack.runtime.settle();
    const { output, ...description } = await ask("DescribeExecution", { executionArn });
    return { ...description, output: output === undefined ? undefined : (JSON.parse(String(output)) as unknown) } as Record<
      string,
      unknown
    >;
  };
  const task = (Resource: string, Parameters: unknown, more: Record<string, unknown> = {}) => ({
    StartAt: "Task",
    States: { Task: { Type: "Task", Resource, Parameters, End: true, ...more } },
  });

  afterEach(() => stack.close());

  it("invokes functions with its role and gives on their results", async () => {
    const definition = task(
      "arn:aws:states:::lambda:invoke",
      { FunctionName: functionArn("f"), "Payload.$": "$" },
      { ResultSelector: { "x.$": "$.Payload.double", "status.$": "$.StatusCode" } },
    );
    const result = await run(definition, { n: 4 }, [lambda("f", "exports.handler = async ({ n }) => ({ double: 2 * n })")]);
    assert.partialDeepStrictEqual(result, { status: "SUCCEEDED", output: { x: 8, status: 200 } });
    assert.partialDeepStrictEqual(stack.cloud.calls[0], { service: "lambda", operation: "Invoke", principal: roleArn("m") });
    assert.deepEqual(stack.heard.executions, [{ machine: "m", status: "SUCCEEDED", path: ["Task"] }]);
    assert.equal(stack.runtime.counters.states.standardTransitions, 1);
  });

  it("retries and catches errors by the names that Step Functions gives them, in virtual time", async () => {
    const definition = {
      StartAt: "Task",
      States: {
        Task: {
          Type: "Task",
          Resource: functionArn("f"),
          Retry: [{ ErrorEquals: ["Throttled"], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 3 }],
          Catch: [{ ErrorEquals: ["Throttled"], ResultPath: "$.error", Next: "Caught" }],
          End: true,
        },
        Caught: { Type: "Pass", End: true },
      },
    };
    const source =
      "exports.handler = async () => { console.log(Date.now()); const error = new Error('slow'); error.name = 'Throttled'; throw error; }";
    const result = await run(definition, { a: 1 }, [lambda("f", source)]);
    assert.deepEqual(
      stack.heard.logs.filter((line) => !line.startsWith("ERROR")).map((line) => Number(line) - START),
      [0, 2000, 6000, 14_000],
    );
    const { a, error } = result.output as { a: number; error: { Error: string; Cause: string } };
    assert.deepEqual([a, error.Error, JSON.parse(error.Cause).errorMessage], [1, "Throttled", "slow"]);
    assert.deepEqual(stack.heard.executions[0]?.path, ["Task", "Caught"]);
  });

  it("calls DynamoDB, and knows a condition that failed from a store that is out of order", async () => {
    const definition = {
      StartAt: "Update",
      States: {
        Update: {
          Type: "Task",
          Resource: "arn:aws:states:::dynamodb:updateItem",
          Parameters: { TableName: "t", "Key.$": "$.key", UpdateExpression: "SET a = :a", ExpressionAttributeValues: { ":a": { S: "x" } } },
          Retry: [
            { ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], MaxAttempts: 0 },
            { ErrorEquals: ["States.ALL"], IntervalSeconds: 30 },
          ],
          Catch: [{ ErrorEquals: ["DynamoDB.ConditionalCheckFailedException"], Next: "Late" }],
          End: true,
        },
        Late: { Type: "Succeed" },
      },
    };
    const inputs: unknown[] = [];
    const errors = ["InternalServerError", "ConditionalCheckFailedException"];
    const result = await run(definition, { key: { pk: { S: "1" } } }, [], (cloud) =>
      cloud.handle("dynamodb", async ({ input }) => {
        inputs.push(input);
        throw new ServiceError(errors.shift() ?? "", "failed", errors.length === 1 ? 500 : 400);
      }),
    );
    assert.deepEqual(inputs[0], {
      TableName: "t",
      Key: { pk: { S: "1" } },
      UpdateExpression: "SET a = :a",
      ExpressionAttributeValues: { ":a": { S: "x" } },
    });
    assert.equal(inputs.length, 2);
    assert.partialDeepStrictEqual(result.output, { Error: "DynamoDB.ConditionalCheckFailedException" });
    assert.equal(stack.clock.now(), START + 30_000);
  });

  it("sends messages, objects as their JSON", async () => {
    const definition = task("arn:aws:states:::sqs:sendMessage", {
      QueueUrl: queueUrl("q"),
      MessageBody: { "alert.$": "$.alert", parked: true },
      DelaySeconds: 60,
    });
    const result = await run(definition, { alert: [1] }, [
      queue("q"),
      lambda("f", "exports.handler = async (event) => console.log(Date.now(), event.Records[0].body)"),
      resource("aws:lambda/eventSourceMapping", { eventSourceArn: queueArn("q"), functionName: functionArn("f") }),
    ]);
    assert.equal(typeof (result.output as Record<string, unknown>).MessageId, "string");
    assert.deepEqual(stack.heard.logs, [`${START + MINUTE} {"alert":[1],"parked":true}`]);
  });

  it("calls any operation of the SDK, in Pascal case whatever the service's case is", async () => {
    const definition = task("arn:aws:states:::aws-sdk:cloudwatchlogs:startQuery", {
      LogGroupName: "g",
      StartTime: 1,
      EndTime: 2,
      QueryString: "q",
    });
    const seen: ServiceCall[] = [];
    const result = await run(definition, {}, [], (cloud) =>
      cloud.handle("logs", async (call) => {
        seen.push(call);
        return { body: { queryId: "7" } };
      }),
    );
    assert.deepEqual(result.output, { QueryId: "7" });
    assert.deepEqual(seen[0]?.input, { logGroupName: "g", startTime: 1, endTime: 2, queryString: "q" });
  });

  it("names errors of SDK calls after the service, with the suffix that Step Functions adds", async () => {
    const cases: [string, string, string][] = [
      ["sqs:getQueueUrl", "QueueDoesNotExist", "Sqs.QueueDoesNotExistException"],
      ["sqs:getQueueUrl", "SomethingElse", "Sqs.SqsException"],
      ["sfn:describeExecution", "ExecutionDoesNotExist", "Sfn.ExecutionDoesNotExistException"],
    ];
    for (const [call, code, name] of cases) {
      const service = call.startsWith("sqs") ? "sqs" : "states";
      const parameters = { QueueName: "x", ExecutionArn: "x" };
      stack = await deploy([machine("m", task(`arn:aws:states:::aws-sdk:${call}`, parameters))]);
      const own = stack.cloud.handlerOf("states");
      stack.cloud.handle(service, async (asked) => {
        if (asked.principal === roleArn("m")) {
          throw new ServiceError(code, "no");
        }
        return own?.(asked);
      });
      await start({});
      await stack.runtime.settle();
      assert.equal(stack.heard.executions[0]?.status, "FAILED");
      assert.equal(await errorOfAnother(), name);
      await stack.close();
    }
    stack = await deploy([]);
  });

  /** Error of another execution. */
  const errorOfAnother = async (): Promise<unknown> => {
    const { executionArn } = await start({}, { name: "again" });
    await stack.runtime.settle();
    return (await ask("DescribeExecution", { executionArn })).error;
  };

  it("goes through Choice, Map, Parallel and Wait, and its path names every state entered", async () => {
    const definition = {
      StartAt: "First",
      States: {
        First: { Type: "Pass", Result: false, ResultPath: "$.flag", Next: "Which?" },
        "Which?": {
          Type: "Choice",
          Choices: [
            { Variable: "$.none", IsPresent: true, Next: "Never" },
            { Variable: "$.flag", BooleanEquals: false, Next: "Each" },
          ],
        },
        Never: { Type: "Fail" },
        Each: {
          Type: "Map",
          ItemsPath: "$.items",
          ItemSelector: { "value.$": "$$.Map.Item.Value", "index.$": "$$.Map.Item.Index" },
          ItemProcessor: {
            StartAt: "Say",
            States: {
              Say: {
                Type: "Pass",
                Parameters: { "text.$": "States.Format('{} of {}', $.value, $$.Execution.Input.name)" },
                OutputPath: "$.text",
                End: true,
              },
            },
          },
          ResultPath: "$.said",
          Next: "Rest",
        },
        Rest: { Type: "Wait", Seconds: 120, Next: "Both" },
        Both: {
          Type: "Parallel",
          Branches: [
            { StartAt: "Left", States: { Left: { Type: "Pass", InputPath: "$.said", End: true } } },
            { StartAt: "Right", States: { Right: { Type: "Pass", Parameters: { "machine.$": "$$.StateMachine.Name" }, End: true } } },
          ],
          ResultPath: "$",
          End: true,
        },
      },
    };
    const result = await run(definition, { name: "it", items: ["a", "b"] });
    assert.deepEqual(result.output, [["a of it", "b of it"], { machine: "m" }]);
    assert.equal(stack.clock.now(), START + 120_000);
    assert.deepEqual(stack.heard.executions[0]?.path, ["First", "Which?", "Each", "Say", "Say", "Rest", "Both", "Left", "Right"]);
  });

  it("waits for a person as long as it takes: settling does not run into the time-out, time does", async () => {
    const definition = task(
      "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      { QueueUrl: queueUrl("q"), MessageBody: { "token.$": "$$.Task.Token" } },
      { TimeoutSeconds: 600, Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Late" }] },
    );
    Object.assign(definition.States, { Late: { Type: "Succeed" } });
    await run(definition, {}, [queue("q")]);
    assert.equal(stack.heard.executions.length, 0);
    const receive = async () =>
      (await stack.cloud.ask({
        ...HOME,
        service: "sqs",
        operation: "ReceiveMessage",
        principal: "x",
        input: { QueueUrl: queueUrl("q"), VisibilityTimeout: 3_600 },
      })) as { body: { Messages: { Body: string }[] } };
    const { body } = await receive();
    const tokenOf = ({ Messages }: typeof body): string => (JSON.parse(Messages[0]?.Body ?? "") as { token: string }).token;
    const token = tokenOf(body);
    await ask("SendTaskSuccess", { taskToken: token, output: '{"approved":true}' });
    await stack.runtime.settle();
    assert.partialDeepStrictEqual(stack.heard.executions, [{ status: "SUCCEEDED", path: ["Task"] }]);
    await assert.rejects(ask("SendTaskSuccess", { taskToken: token, output: "{}" }), { name: "TaskTimedOut" });
    await start({});
    await stack.runtime.settle();
    assert.equal(stack.heard.executions.length, 1);
    const late = tokenOf((await receive()).body);
    await stack.runtime.advanceTo(stack.clock.now() + 600_000);
    assert.deepEqual(stack.heard.executions[1]?.path, ["Task", "Late"]);
    await assert.rejects(
      ask("SendTaskSuccess", { taskToken: late, output: "{}" }),
      { name: "TaskTimedOut" },
      "nobody is told that it was in time",
    );
  });

  it("has a time-out for each task that declares one, and none for the others", async () => {
    const slow = lambda("f", "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 120_000))", { timeout: 300 });
    const result = await run(task(functionArn("f"), {}, { TimeoutSeconds: 100 }), {}, [slow]);
    assert.partialDeepStrictEqual(result, { status: "FAILED", error: "States.Timeout" });
    await stack.close();
    assert.equal((await run(task(functionArn("f"), {}), {}, [slow])).status, "SUCCEEDED");
  });

  it("ends after five minutes when it is an Express one", async () => {
    stack = await deploy([machine("m", { StartAt: "Rest", States: { Rest: { Type: "Wait", Seconds: 400, End: true } } }, "EXPRESS")]);
    await start({});
    await stack.runtime.settle();
    assert.deepEqual(stack.heard.executions, [{ machine: "m", status: "TIMED_OUT", path: ["Rest"] }]);
    assert.equal(stack.clock.now(), START + 5 * MINUTE);
    assert.equal(stack.runtime.counters.states.express, 1);
  });

  it("can be run from a function that waits for its end, although that takes virtual time", async () => {
    const source = `
      const { SFNClient, StartSyncExecutionCommand } = require("@aws-sdk/client-sfn");
      exports.handler = async () => {
        const { status, output } = await new SFNClient({}).send(new StartSyncExecutionCommand({ stateMachineArn: "${machineArn("m")}", input: '{"a":1}' }));
        console.log(status, output, Date.now());
        return { status };
      }`;
    stack = await deploy([
      machine("m", { StartAt: "Rest", States: { Rest: { Type: "Wait", Seconds: 60, End: true } } }, "EXPRESS"),
      machine("outer", task(functionArn("f"), {})),
      lambda("f", source, { timeout: 120 }),
    ]);
    await ask("StartExecution", { stateMachineArn: machineArn("outer"), input: "{}" });
    await stack.runtime.settle();
    assert.deepEqual(stack.heard.logs, [`SUCCEEDED {"a":1} ${START + MINUTE}`]);
    assert.deepEqual(
      stack.heard.executions.map(({ machine: name, status }) => [name, status]),
      [
        ["m", "SUCCEEDED"],
        ["outer", "SUCCEEDED"],
      ],
    );
  });

  it("can run another one and wait for it", async () => {
    const nested = machine("inner", {
      StartAt: "Rest",
      States: { Rest: { Type: "Wait", Seconds: 30, Next: "Done" }, Done: { Type: "Pass", Result: { done: 1 }, End: true } },
    });
    const definition = task(
      "arn:aws:states:::states:startExecution.sync:2",
      { StateMachineArn: machineArn("inner"), Input: { a: 1 } },
      { ResultSelector: { "out.$": "$.Output.done" } },
    );
    assert.deepEqual((await run(definition, {}, [nested])).output, { out: 1 });
  });

  it("starts a Standard execution of one name once", async () => {
    stack = await deploy([machine("m", { StartAt: "Rest", States: { Rest: { Type: "Wait", Seconds: 60, End: true } } })]);
    const first = await start({ a: 1 }, { name: "once" });
    assert.deepEqual(await start({ a: 1 }, { name: "once" }), first);
    await assert.rejects(start({ a: 2 }, { name: "once" }), { name: "ExecutionAlreadyExists" });
    await stack.runtime.settle();
    await assert.rejects(start({ a: 1 }, { name: "once" }), { name: "ExecutionAlreadyExists" });
    assert.equal(stack.heard.executions.length, 1);
  });

  it("can be stopped", async () => {
    stack = await deploy([machine("m", { StartAt: "Rest", States: { Rest: { Type: "Wait", Seconds: 60, End: true } } })]);
    const { executionArn } = await start({});
    await ask("StopExecution", { executionArn, error: "Enough", cause: "test" });
    assert.partialDeepStrictEqual(await ask("DescribeExecution", { executionArn }), { status: "ABORTED", error: "Enough" });
  });

  it("takes 256 KiB at most, and its tasks give as much", async () => {
    const catching = { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }] };
    const definition = task(functionArn("f"), {}, catching);
    Object.assign(definition.States, { Caught: { Type: "Succeed" } });
    const result = await run(definition, {}, [lambda("f", "exports.handler = async () => 'x'.repeat(262144)")]);
    assert.partialDeepStrictEqual(result, { status: "FAILED", error: "States.DataLimitExceeded" });
    await assert.rejects(start({ a: "x".repeat(262_144) }), { name: "ValidationException" });
  });
});

describe("a state machine that the sandbox cannot run", () => {
  const state = (more: Record<string, unknown>) => ({ StartAt: "S", States: { S: { Type: "Pass", End: true, ...more } } });
  const cases: [string, unknown, RegExp][] = [
    ["JSONata", { QueryLanguage: "JSONata", ...state({}) }, /query language JSONata/],
    ["variables", state({ Assign: { x: 1 } }), /state "S": the sandbox cannot run "Assign"/],
    [
      "a distributed Map",
      state({ Type: "Map", ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED" }, ...state({}) } }),
      /a distributed Map/,
    ],
    [
      "an activity",
      state({ Type: "Task", Resource: "arn:aws:states:eu-west-1:1:activity:x" }),
      /the resource arn:aws:states:eu-west-1:1:activity:x/,
    ],
    ["an unknown intrinsic", state({ Parameters: { "x.$": "States.Magic($.a)" } }), /States\.Magic/],
    [
      "a Map's item where the library has it not",
      state({ Type: "Map", ItemProcessor: state({ Parameters: { "x.$": "$$.Map.Item.Value" } }) }),
      /\$\$\.Map inside/,
    ],
  ];
  for (const [what, definition, message] of cases) {
    it(`because of ${what} is refused at deployment, with the state's name`, async () => {
      await assert.rejects(deploy([machine("m", definition)]), message);
    });
  }
});
