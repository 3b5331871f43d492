import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Row } from "../../coverage/coverage";
import { REPOSITORY } from "../../sandbox/engine/run-program";
import { runCommand } from "../support/command";

const coverage = (parameters: readonly string[], environment?: NodeJS.ProcessEnv) =>
  runCommand("coverage/main.ts", parameters, environment);

describe("npm run coverage", function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tocsin-coverage-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("finds every account and Region of the sandbox covered", async () => {
    const { code, output } = await coverage(["--json", "-"]);
    const { rows, ...report } = JSON.parse(output) as { rows: Row[] } & Record<string, unknown>;
    assert.deepEqual(
      rows.filter((row) => !row.covered),
      [],
    );
    assert.equal(rows.length, 12);
    assert.deepEqual({ ...report, at: undefined }, { stack: "sandbox", at: undefined, covered: 12, missing: 0, suspended: 0 });
    assert.ok(rows.every(({ lastHeartbeat }) => String(lastHeartbeat).startsWith("2026-03-01T09:0")));
    assert.equal(code, 0);
  });

  it("names the accounts that the settings leave out, with the reason, and exits with 1", async () => {
    const settings = join(folder, "settings.yaml");
    const report = join(folder, "coverage.json");
    const text = readFileSync(join(REPOSITORY, "Pulumi.sandbox.yaml"), "utf8");
    writeFileSync(settings, text.replace("[r-root]", "[ou-root-production, ou-root-security00]"));
    const { code, output } = await coverage(["--config", settings, "--json", report]);
    const { rows } = JSON.parse(readFileSync(report, "utf8")) as { rows: Row[] };
    assert.deepEqual(
      rows
        .filter((row) => !row.covered)
        .map(({ accountName, region, reason, lastHeartbeat }) => [accountName, region, reason, lastHeartbeat]),
      ["eu-west-1", "us-east-1"].map((region) => ["lab", region, "its organizational unit is not in tocsin:organization.forwarding", null]),
    );
    assert.match(output, /✗ lab .*eu-west-1, us-east-1\n.*its organizational unit is not in/);
    assert.match(output, /10 of 12 covered \(account × Region\), 2 missing/);
    assert.equal(code, 1);
  });

  const refusals: readonly [string, readonly string[], RegExp][] = [
    ["an unknown option", ["--all"], /^tocsin: Unknown option '--all'\. See npm run coverage -- --help\.\n$/],
    ["an unknown stack", ["--stack", "nowhere"], /^tocsin: There is no stack "nowhere"\. Stacks: .*\n$/],
    [
      "a file that cannot be written",
      ["--json", join("no", "such", "folder.json")],
      /^tocsin: cannot write .*: there is no such folder\n$/,
    ],
    ["AWS that does not answer", ["--aws", "--stack", "prod"], /^tocsin: AWS did not tell about the Organization: .*\n$/],
  ];
  for (const [what, parameters, sentence] of refusals) {
    it(`says of ${what} one sentence, and exits with 2`, async () => {
      const { code, errors } = await coverage(parameters, {
        AWS_ENDPOINT_URL: "http://127.0.0.1:1",
        AWS_ACCESS_KEY_ID: "none",
        AWS_SECRET_ACCESS_KEY: "none",
      });
      assert.match(errors, sentence);
      assert.equal(code, 2);
    });
  }
});
