import assert from "node:assert/strict";
import { parseArguments } from "../../routes/arguments";
import { UsageError } from "../../sandbox/usage-error";

describe("the command line of routes", () => {
  it("asks for everything in stack sandbox by default", () => {
    assert.deepEqual(parseArguments([]), {
      stack: "sandbox",
      config: undefined,
      account: undefined,
      severity: undefined,
      origin: undefined,
      aws: false,
      json: undefined,
      help: false,
    });
  });

  it("narrows the question down, however the severity is written", () => {
    const { account, severity, origin, aws } = parseArguments([
      "--account",
      "payments",
      "--severity",
      "high",
      "--origin",
      "GuardDuty",
      "--aws",
    ]);
    assert.deepEqual([account, severity, origin, aws], ["payments", "HIGH", "guardduty", true]);
  });

  it("writes JSON to the standard output without a file, also when another option follows", () => {
    assert.equal(parseArguments(["--json", "--severity", "LOW"]).json, "-");
    assert.equal(parseArguments(["--json", "out.json"]).json, "out.json");
  });

  const refusals: readonly [args: readonly string[], sentence: RegExp][] = [
    [
      ["--severity", "HIHG"],
      /^--severity: "HIHG" is not allowed; did you mean HIGH\? allowed: CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL$/,
    ],
    [["--origin", "macie"], /^--origin: "macie" is not allowed; allowed: securityhub, guardduty, inspector, security-group$/],
    [["--acount", "web"], /^Unknown option '--acount'\. See npm run routes -- --help\.$/],
    [["--aws"], /^--aws looks an account up; name one with --account\./],
  ];
  for (const [args, sentence] of refusals) {
    it(`refuses ${args.join(" ")} in one sentence`, () => {
      assert.throws(
        () => parseArguments(args),
        (error) => error instanceof UsageError && sentence.test(error.message),
      );
    });
  }
});
