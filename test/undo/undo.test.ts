import assert from "node:assert/strict";
import { InvokeCommand } from "@aws-sdk/client-lambda";
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

  const clients = (answer: object) => {
    const asked: unknown[] = [];
    const lambda = {
      send: async (command: object) => {
        assert.ok(command instanceof InvokeCommand);
        asked.push(command.input.FunctionName, JSON.parse(Buffer.from(command.input.Payload as Uint8Array).toString()));
        return answer;
      },
    };
    const sts = { send: async () => ({ Arn: "arn:aws:sts::222222222222:assumed-role/Operator/carol" }) };
    return { asked, clients: { lambda, sts } as never };
  };
  const payload = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

  it("has the function that acts undo it, in the caller's name", async () => {
    const answer = { status: "undone", done: "opened TCP 22 (SSH) to 0.0.0.0/0 again", untouched: [] } as const;
    const { asked, clients: given } = clients({ Payload: payload(answer) });
    assert.deepEqual(await undoChange(given, ID), answer);
    assert.deepEqual(asked, [
      "tocsin-guard-act",
      { changeId: ID, task: "undo", by: "arn:aws:sts::222222222222:assumed-role/Operator/carol" },
    ]);
    assert.equal(sentence(ID, answer), `Undone: tocsin opened TCP 22 (SSH) to 0.0.0.0/0 again (change ${ID}).`);
  });

  it("says why it was refused", () => {
    const answer = { status: "put-back", done: "", untouched: [], refused: "the group has changed since: 1 rule is gone" } as const;
    assert.equal(sentence(ID, answer), `Refused: the group has changed since: 1 rule is gone (change ${ID}).`);
  });

  it("does not take a function that died for one that did it", async () => {
    const { clients: given } = clients({ FunctionError: "Unhandled", Payload: payload({ errorMessage: "socket hang up" }) });
    await assert.rejects(undoChange(given, ID), /safe to repeat: socket hang up/);
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
