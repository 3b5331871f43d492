import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stackSetTemplate } from "../../components/forwarding/stackset-template";
import { type ProgramResult, REPOSITORY, runProgram } from "../../sandbox/engine/run-program";
import { readStackConfig } from "../../sandbox/engine/stack-config";
import { accountIds, sideWith } from "./forwarding/members";

/** A preview of stack prod with what is given changed in `tocsin:organization`. */
function preview(organization: Readonly<Record<string, unknown>>): Promise<ProgramResult> {
  const config = readStackConfig({ directory: REPOSITORY, stack: "prod" });
  const given = config["tocsin:organization"] as object;
  return runProgram({ stack: "prod", config: { ...config, "tocsin:organization": { ...given, ...organization } }, dryRun: true });
}

const declared = ({ resources }: ProgramResult): string[] => resources.map(({ urn }) => urn).sort();
const viaProviders = (count: number) => ({ forwarding: { via: "providers", accountIds: accountIds(count) } });

describe("the program, from 10 to 10,000 accounts", function () {
  this.timeout(120_000);

  it("is the same resources for 10 and 10,000 accounts by StackSet", async () => {
    const ten = await preview({ expectedAccounts: 10 });
    assert.equal(ten.exitCode, 0);
    assert.deepEqual(declared(await preview({ expectedAccounts: 10_000 })), declared(ten));
  });

  it("takes seconds for 25 accounts by providers", async () => {
    const { exitCode, resources, seconds } = await preview(viaProviders(25));
    assert.equal(exitCode, 0);
    // The 25, and those of the management and the security account.
    assert.equal(resources.filter(({ type }) => type === "pulumi:providers:aws").length, 27);
    // Four times the budget that the bench holds it to: tests run beside others, on machines that are busy.
    assert.ok(seconds < 40, `it took ${seconds.toFixed(1)} s`);
  });

  it("refuses 26 accounts by providers, and names the other way", async () => {
    const { exitCode, resources, errors } = await preview(viaProviders(26));
    assert.notEqual(exitCode, 0);
    assert.deepEqual(
      resources.filter(({ custom, type }) => custom && type !== "pulumi:pulumi:Stack"),
      [],
    );
    assert.match(
      errors.map(({ message }) => message).join("\n"),
      /tocsin:organization\.forwarding\.accountIds: 26 accounts are not allowed with via: providers; allowed: at most 25, or any number with via: stackset/,
    );
  });
});

const LINTER = "cfn-lint";
const isInstalled = spawnSync(LINTER, ["--version"], { stdio: "ignore" }).status === 0;

describe("the CloudFormation templates", function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tocsin-template-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const assertClean = (file: string): void => {
    const { status, stdout, stderr } = spawnSync(LINTER, ["--regions", "eu-west-1", "us-east-1", "--template", file], { encoding: "utf8" });
    assert.equal(status, 0, `${stdout}${stderr}`);
  };

  (isInstalled ? it : it.skip)("of the StackSet passes cfn-lint", () => {
    const file = join(folder, "members.json");
    writeFileSync(file, JSON.stringify(stackSetTemplate(sideWith())));
    assertClean(file);
  });

  (isInstalled ? it : it.skip)("of the deployment role passes cfn-lint", () =>
    assertClean(join(REPOSITORY, "examples", "bootstrap-role.yaml")),
  );
});
