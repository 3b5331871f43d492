import assert from "node:assert/strict";
import { parseArguments } from "../../coverage/arguments";
import { UsageError } from "../../sandbox/usage-error";

describe("the command line of coverage", () => {
  const json: readonly (readonly [what: string, args: readonly string[], json: string | undefined])[] = [
    ["nowhere by default", [], undefined],
    ["into the file that is named", ["--json", "out.json"], "out.json"],
    ["to the standard output without a file", ["--json"], "-"],
    ["to the standard output also when another option follows", ["--json", "--stack", "prod"], "-"],
    ["to the standard output with -", ["--json", "-"], "-"],
  ];
  for (const [what, args, expected] of json) {
    it(`writes JSON ${what}`, () => {
      assert.equal(parseArguments(args).json, expected);
    });
  }

  it("refuses what it does not know in one sentence", () => {
    assert.throws(() => parseArguments(["--josn"]), UsageError);
  });
});
