import assert from "node:assert/strict";
import type { SQSEvent } from "aws-lambda";
import fc from "fast-check";
import { createHandler } from "../../../functions/guard";
import { redriven } from "../../../functions/guard/redriven";
import { cloudTrailEvent, MemoryEc2 } from "../../support/ec2";
import { guardSettings, opening, START } from "../../support/guard";
import { httpServer } from "../../support/http-server";

const ID = "abcdefgh2345";
const STATE = { changeId: ID, task: "undo", by: "U0123456789", error: { Error: "Lambda.Unknown" }, undone: { Payload: {} } };
const BURIED = { changeId: ID, execution: `${ID}-undo`, failed: { Error: "Lambda.Unknown" }, state: STATE };

describe("a change that somebody puts back from the dead-letter queue", () => {
  it("is begun anew with what it was begun with", () => {
    assert.deepEqual(redriven(BURIED), { changeId: ID, task: "undo", by: "U0123456789" });
  });

  it("is never an event, whatever is in that", () => {
    const ec2 = new MemoryEc2();
    ec2.group("sg-1");
    const event = cloudTrailEvent(ec2.authorize("alice", "sg-1", opening("0.0.0.0/0")), START, { id: "1" });
    assert.equal(redriven(event), undefined);
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (detail, state) => {
        assert.equal(redriven({ ...event, ...BURIED, state, detail: detail ?? {} }), undefined);
      }),
    );
  });

  it("is nothing where it does not say what it was", () => {
    for (const body of [undefined, "text", {}, { changeId: ID }, { ...BURIED, changeId: "sg-1" }, { ...BURIED, state: "none" }]) {
      assert.equal(redriven(body), undefined);
    }
  });

  it("starts the workflow under a name of the message's own, so that it starts once however often the message is received", async () => {
    const started: { name: string; input: string }[] = [];
    const server = await httpServer((_request, body) => {
      started.push(JSON.parse(body));
      return started.length === 1
        ? { status: 200, body: JSON.stringify({ executionArn: "the-execution", startDate: 0 }) }
        : { status: 400, body: JSON.stringify({ __type: "ExecutionAlreadyExists" }) };
    });
    const variables = {
      ...{ GUARD_URL: "https://queue", GUARD_DEAD_LETTER_URL: "https://dead-letters", MACHINE_ARN: "the-machine", TABLE_NAME: "episodes" },
      ...{ GUARD: JSON.stringify(guardSettings()), GUARD_TABLE: "guard", EXTERNAL_ID: "tocsin-1", AWS_REGION: "eu-west-1" },
      ...{ AWS_ENDPOINT_URL: server.url, AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none" },
    };
    const former = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
    Object.assign(process.env, variables);
    try {
      const handler = createHandler();
      const attributes = { ApproximateReceiveCount: "1" };
      const event = { Records: [{ messageId: "m-1", body: JSON.stringify(BURIED), attributes }] } as unknown as SQSEvent;
      for (let receive = 0; receive < 2; receive++) {
        assert.deepEqual(await handler(event), { batchItemFailures: [] });
      }
    } finally {
      for (const [name, value] of Object.entries(former)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await server.close();
    }
    assert.deepEqual(
      started.map(({ name, input }) => [name, JSON.parse(input)]),
      Array(2).fill([`${ID}-again-m-1`, { task: "undo", by: "U0123456789", changeId: ID }]),
    );
  });
});
