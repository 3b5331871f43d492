import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GraphJson } from "../../../sandbox/engine/graph-json";
import { preview } from "../../../sandbox/preview/preview";
import { screenOn } from "../../../sandbox/terminal/screen";
import { UsageError } from "../../../sandbox/usage-error";

const PROGRAMS = join(__dirname, "..", "..", "fixtures", "programs");

describe("npm run preview", () => {
  let directory: string;
  let config: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "tocsin-preview-"));
    config = join(directory, "settings.yaml");
    writeFileSync(config, "config:\n  settings: { limits: [1] }\n  word: hello\n");
  });
  after(() => rmSync(directory, { recursive: true }));

  const run = async (program: string, ...args: string[]): Promise<{ code: number; text: string }> => {
    let text = "";
    const screen = screenOn({ write: (more: string) => (text += more) }, {});
    return { code: await preview(args, screen, join(PROGRAMS, program)), text };
  };
  const refused = async (program: string, ...args: string[]): Promise<string> => {
    const error = await run(program, ...args).then(
      () => assert.fail("not refused"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof UsageError, String(error));
    return error.message;
  };

  it("shows the resources as a tree with account and Region, then counts, and exits with 0", async () => {
    const { code, text } = await run("places", "--config", config);
    assert.equal(code, 0);
    assert.match(text, /^places-sandbox +pulumi:pulumi:Stack$/m);
    assert.match(text, /^├─ mail +places:index:Mailbox$/m);
    assert.match(text, /^│ {2}└─ mail-queue +aws:sqs:Queue +222222222222 us-east-1$/m);
    assert.match(text, /^9 resources by type$/m);
    assert.match(text, /^ +2 {2}pulumi:providers:aws$/m);
    assert.match(text, /^By account and Region$/m);
    assert.match(text, /^ +2 {2}333333333333 eu-west-1$/m);
    assert.ok(!text.includes("\u001b"), "no colours outside a terminal");
  });

  it("writes the graph as JSON, without secrets, for the stack that was named", async () => {
    const out = join(directory, "out.json");
    await run("places", "--config", config, "--stack", "review", "--json", out);
    const text = readFileSync(out, "utf8");
    const json = JSON.parse(text) as GraphJson;
    assert.deepEqual(Object.keys(json), ["resources", "outputs", "violations", "seconds"]);
    assert.deepEqual(json.violations, []);
    assert.ok(json.resources.every(({ urn }) => urn.startsWith("urn:pulumi:review::places::")));
    assert.ok(!text.includes("hunter2"));
    assert.equal(json.outputs.queueUrl, "[unknown]");
  });

  it("tells every fault that the program finds in its settings, without a stack trace", async () => {
    assert.equal(
      await refused("invalid", "--config", config),
      "Two settings are wrong:\n  invalid:first: is missing\n  invalid:second: 7 is too much",
    );
  });

  it("refuses a place for the JSON that cannot be written, before it runs anything", async () => {
    const out = join(directory, "nowhere", "out.json");
    assert.equal(await refused("places", "--config", config, "--json", out), `cannot write ${out}: there is no such folder`);
  });

  it("refuses options that do not exist or lack a value, in one sentence", async () => {
    assert.equal(await refused("places", "--stak", "dev"), "Unknown option '--stak'. See npm run preview -- --help.");
    assert.match(await refused("places", "--stack"), /^Option '--stack <value>' argument missing\. See/);
    assert.match(await refused("places", "dev"), /^Unexpected argument 'dev'\. See/);
  });

  it("explains itself when asked", async () => {
    const { code, text } = await run("places", "--help");
    assert.equal(code, 0);
    for (const word of ["--stack", "--config", "--json"]) assert.ok(text.includes(word));
  });

  it("exits with 2 and one sentence on an unknown stack", () => {
    const main = join(__dirname, "..", "..", "..", "sandbox", "preview", "main.ts");
    const { status, stderr, stdout } = spawnSync(process.execPath, ["--import", "tsx", main, "--stack", "nope"], { encoding: "utf8" });
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^tocsin: There is no stack "nope"\. Stacks: .*\bprod\b.*\.\n$/);
  });
});
