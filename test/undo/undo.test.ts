import assert from "node:assert/strict";
import { DescribeExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { UsageError } from "../../sandbox/usage-error";
import { parseArguments } from "../../undo/arguments";
import { sentence, undoChange } from "../../undo/undo";
import { runCommand } from "../support/command";

const ID = "abcdefgh2345";

describe("npm run undo", function () {
  this.timeout(60_000);

  const understood: readonly [string, readonly string[], Partial<ReturnType<typeof parseArguments>>][] = [
    ["an id", [ID], { id: ID, stack: "sandbox", json: undefined }],
    ["an id after options", ["--stack", "prod", ID], { id: ID, stack: "prod" }],
    ["an id before --json without a file", [ID, "--json"], { id: ID, json: "-" }],
    ["a file for --json", ["--json", "out.json", ID], { id: ID, json: "out.json" }],
    ["the standard output for --json", ["--json", "-", ID], { id: ID, json: "-" }],
    ["the id of the call that undid it", [`${ID}-undo`], { id: ID }],
    ["--help without an id", ["--help"], { help: true }],
  ];
  for (const [what, args, expected] of understood) {
    it(`understands ${what}`, () => {
      const parsed = parseArguments(args);
      assert.deepEqual({ ...parsed, ...expected }, parsed);
    });
  }

  const refused: readonly [string, readonly string[], RegExp][] = [
    ["no id", [], /which change is to be undone is missing/],
    ["what is no id", ["sg-0123"], /"sg-0123" is no id of a change/],
    ["two ids", [ID, ID], /one change is undone at a time/],
    ["an unknown option", [ID, "--force"], /Unknown option '--force'/],
  ];
  for (const [what, args, sentence] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => parseArguments(args),
        (error: unknown) => error instanceof UsageError && sentence.test(error.message),
      );
    });
  }

  /** A workflow whose execution is described so, look by look. */
  const clients = (...described: readonly object[]) => {
    const asked: unknown[] = [];
    let [now, looks] = [Date.parse("2026-03-01T09:00:00Z"), 0];
    const sfn = {
      send: async (command: object) => {
        if (command instanceof StartExecutionCommand) {
          const { stateMachineArn, name, input } = command.input;
          asked.push(stateMachineArn, name, JSON.parse(input ?? ""));
          return { executionArn: "the-execution" };
        }
        assert.ok(command instanceof DescribeExecutionCommand);
        assert.equal(command.input.executionArn, "the-execution");
        return described[looks++] ?? described.at(-1);
      },
    };
    const by = "arn:aws:sts::222222222222:assumed-role/Operator/carol";
    const sts = { send: async () => ({ Arn: by, Account: "222222222222" }) };
    const wait = async (milliseconds: number) => {
      now += milliseconds;
    };
    return { asked, by, clients: { sfn, sts, now: () => now, wait } as never };
  };
  const ended = (answer: unknown) => ({ status: "SUCCEEDED", output: JSON.stringify({ changeId: ID, undone: { Payload: answer } }) });
  const running = { status: "RUNNING" };

  it("has the workflow that tells people undo it, in the caller's name, and waits for the answer", async () => {
    const answer = { status: "undone", done: "opened TCP 22 (SSH) to 0.0.0.0/0 again", untouched: [] } as const;
    const { asked, by, clients: given } = clients(running, running, ended(answer));
    assert.deepEqual(await undoChange(given, "eu-west-1", ID), answer);
    assert.deepEqual(asked, [
      "arn:aws:states:eu-west-1:222222222222:stateMachine:tocsin-guard",
      `${ID}-undo-at-${Date.parse("2026-03-01T09:00:00Z")}`,
      { changeId: ID, task: "undo", by },
    ]);
    assert.equal(sentence(ID, answer), `Undone: tocsin opened TCP 22 (SSH) to 0.0.0.0/0 again (change ${ID}).`);
  });

  it("says why it was refused", async () => {
    const answer = { status: "put-back", done: "", untouched: [], refused: "the group has changed since: 1 rule is gone" } as const;
    assert.deepEqual(await undoChange(clients(ended(answer)).clients, "eu-west-1", ID), answer);
    assert.equal(sentence(ID, answer), `Refused: the group has changed since: 1 rule is gone (change ${ID}).`);
  });

  it("does not take a workflow that failed, or that goes on for minutes, for one that did it", async () => {
    const failed = clients({ status: "FAILED", error: "NotTold", cause: "What could not be done is in the dead-letter queue" });
    await assert.rejects(undoChange(failed.clients, "eu-west-1", ID), /safe to repeat: the workflow ended as FAILED \(What could not/);
    await assert.rejects(undoChange(clients(running).clients, "eu-west-1", ID), /still being done/);
  });

  it("exits with 2 and one sentence where AWS does not answer", async () => {
    const nowhere = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none" };
    const { code, errors } = await runCommand("undo/main.ts", [ID], nowhere);
    assert.match(errors, /^tocsin: change abcdefgh2345 could not be undone: .*\n$/);
    assert.equal(code, 2);
  });

  it("shows its usage", async () => {
    const { code, output } = await runCommand("undo/main.ts", ["--help"]);
    assert.match(output, /Usage: npm run undo -- ID/);
    assert.equal(code, 0);
  });
});
