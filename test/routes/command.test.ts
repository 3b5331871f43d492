import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Row } from "../../routes/answer";
import { REPOSITORY } from "../../sandbox/engine/run-program";
import { runCommand } from "../support/command";

const routes = (parameters: readonly string[], environment?: NodeJS.ProcessEnv) => runCommand("routes/main.ts", parameters, environment);

describe("npm run routes", function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tocsin-routes-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("answers for an account, as a table and as JSON", async () => {
    const report = join(folder, "routes.json");
    const { code, output } = await routes(["--account", "payments", "--severity", "CRITICAL", "--origin", "guardduty", "--json", report]);
    const { stack, account, rows } = JSON.parse(readFileSync(report, "utf8")) as { stack: string; account: { id: string }; rows: Row[] };
    assert.deepEqual([stack, account.id], ["sandbox", "333333333333"]);
    assert.deepEqual(
      rows.map(({ told }) => told.map(({ channels }) => channels)),
      [[["pager", "soc-slack", "soc-mail"]]],
    );
    assert.match(output, /✓ CRITICAL {2}guardduty {2}pager, soc-slack, soc-mail/);
    assert.equal(code, 0);
  });

  it("writes nothing but JSON to the standard output if asked to", async () => {
    const { code, output, errors } = await routes(["--stack", "prod", "--json"]);
    assert.equal((JSON.parse(output) as { rows: Row[] }).rows.length, 5 * 4 * 2);
    assert.match(errors, /Who is told in stack prod/);
    assert.equal(code, 0);
  });

  it("exits with 1 if what was asked for is not let in, and says so", async () => {
    const { code, output } = await routes(["--severity", "LOW", "--origin", "guardduty"]);
    assert.match(output, /not let in: no source asks for LOW guardduty findings/);
    assert.equal(code, 1);
  });

  it("exits with 2 if settings leave something to nobody, and names it", async () => {
    const settings = join(folder, "settings.yaml");
    const text = readFileSync(join(REPOSITORY, "Pulumi.sandbox.yaml"), "utf8");
    writeFileSync(settings, text.replace("- { to: [soc-mail]", "- { when: { organizationalUnits: [Production] }, to: [soc-mail]"));
    const { code, errors } = await routes(["--config", settings]);
    assert.match(
      errors,
      /tocsin:routes: CRITICAL and HIGH securityhub findings of accounts outside Production reach no channel; allowed: /,
    );
    assert.equal(code, 2);
  });

  const refusals: readonly [what: string, parameters: readonly string[], sentence: RegExp][] = [
    [
      "an unknown account",
      ["--account", "labs"],
      /^tocsin: --account: the sandbox's Organization .* did you mean lab\? it has data, lab, .*\n$/,
    ],
    ["an unknown stack", ["--stack", "nowhere"], /^tocsin: There is no stack "nowhere"\. Stacks: .*\n$/],
    ["AWS that does not answer", ["--aws", "--account", "lab", "--stack", "prod"], /^tocsin: AWS did not tell about the account: .*\n$/],
  ];
  for (const [what, parameters, sentence] of refusals) {
    it(`says of ${what} one sentence, and exits with 2`, async () => {
      const { code, errors } = await routes(parameters, {
        AWS_ENDPOINT_URL: "http://127.0.0.1:1",
        AWS_ACCESS_KEY_ID: "none",
        AWS_SECRET_ACCESS_KEY: "none",
      });
      assert.match(errors, sentence);
      assert.equal(code, 2);
    });
  }
});
