import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCommand } from "../../sandbox/cli-arguments";
import { UsageError } from "../../sandbox/usage-error";

const REPOSITORY = join(__dirname, "..", "..");

function tocsin(parameters: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", "sandbox/cli.ts", ...parameters], {
    cwd: REPOSITORY,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function ended(child: ChildProcess): Promise<{ code: number | null; output: string; errors: string }> {
  let output = "";
  let errors = "";
  child.stdout?.on("data", (text) => {
    output += text;
  });
  child.stderr?.on("data", (text) => {
    errors += text;
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output, errors };
}

/** Processes that inherited a mark in their environment. */
function marked(mark: string): string[] {
  return readdirSync("/proc").filter((entry) => {
    try {
      return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/environ`, "utf8").includes(mark);
    } catch {
      return false;
    }
  });
}

describe("The command line of the sandbox", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "tocsin-cli-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const good = `${JSON.stringify({ advance: "1d" })}\n`;

  /** Bad input: one clear sentence, exit code 2, no stack trace. */
  const refuses = async (parameters: readonly string[], sentence: RegExp, environment: NodeJS.ProcessEnv = {}): Promise<void> => {
    const { code, errors } = await ended(tocsin(parameters, environment));
    assert.match(errors, /^tocsin: .*\n$/);
    assert.match(errors, sentence);
    assert.doesNotMatch(errors, /\n\s+at /);
    assert.equal(code, 2);
  };

  it("refuses an unreadable settings file", async () => {
    await refuses(["start", "--exit", "--config", join(folder, "none.yaml")], /none\.yaml: there is no such file/);
  });

  it("refuses an unknown stack and lists those that exist", async () => {
    await refuses(["start", "--exit", "--stack", "nowhere"], /nowhere.*sandbox/);
  });

  it("refuses a replay file with a broken line 7", async () => {
    const path = file("broken.jsonl", `${good.repeat(6)}{"advance": 1d}\n${good}`);
    await refuses(["replay", path], /line 7 of .*broken\.jsonl is not valid JSON: /);
  });

  it("refuses a replay file that is not there, and a report that cannot be written", async () => {
    await refuses(["replay", join(folder, "none.jsonl")], /cannot read .*none\.jsonl: there is no such file/);
    await refuses(
      ["replay", file("good.jsonl", good), "--report", join(folder, "no", "out.json")],
      /cannot write .*out\.json: there is no such folder/,
    );
  });

  it("refuses accounts that the sandbox's Organization does not have", async () => {
    const settings = readFileSync(join(REPOSITORY, "Pulumi.sandbox.yaml"), "utf8").replace("222222222222", "999999999999");
    await refuses(
      ["replay", file("good.jsonl", good), "--config", file("strange.yaml", settings)],
      /does not have 999999999999; it has the accounts management 111111111111/,
    );
  });

  it("lists the ways to get an AWS API when there is neither Python nor an endpoint", async () => {
    await refuses(["replay", file("good.jsonl", good)], /Python.*TOCSIN_AWS_ENDPOINT/, {
      PATH: folder,
      HOME: folder,
      XDG_CACHE_HOME: folder,
      TOCSIN_AWS_ENDPOINT: "",
    });
  });

  it("refuses a port that is in use", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    try {
      await refuses(["start", "--exit", "--port", String(port)], new RegExp(`${port}`));
    } finally {
      server.close();
    }
  });

  it("leaves no process behind when it is interrupted", async function () {
    if (process.platform !== "linux") {
      this.skip();
    }
    const mark = randomUUID();
    const child = tocsin(["start", "--exit"], { TOCSIN_TEST_MARK: mark });
    const end = ended(child);
    // The emulator and the program have been started, and neither is ready.
    while (marked(mark).length < 3 && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill("SIGINT");
    assert.equal((await end).code, 130);
    for (let patience = 100; marked(mark).length > 0 && patience > 0; patience--) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(marked(mark), []);
  });

  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /^there is no command; commands: start, replay, graph$/],
    [["play"], /^unknown command "play"; commands: start, replay, graph$/],
    [["replay"], /^replay: there is no name of the file to play: replay FILE\.jsonl$/],
    [["replay", "a", "b"], /^replay: "b" is one argument too many$/],
    [["start", "now"], /^start: "now" is one argument too many$/],
    [["start", "--report", "x"], /^start: unknown option '--report'; options: --stack, --config, /],
    [["replay", "a", "--stack"], /^replay: option '--stack <value>' argument missing; options: /],
    [["start", "--port", "http"], /^start: "http" is no port; --port takes a number from 1 to 65535$/],
    [["start", "--port", "70000"], /^start: "70000" is no port/],
  ];
  for (const [parameters, sentence] of wrong) {
    it(`refuses "${parameters.join(" ")}"`, () => {
      assert.throws(
        () => parseCommand(parameters),
        (error) => {
          assert.ok(error instanceof UsageError);
          assert.match(error.message, sentence);
          return true;
        },
      );
    });
  }

  it("understands every option", () => {
    assert.deepEqual(parseCommand(["start", "--exit", "--stack", "dev", "--config", "c.yaml", "--port", "4566", "--inbox", "mails"]), {
      name: "start",
      stack: "dev",
      config: "c.yaml",
      exit: true,
      port: 4566,
      inbox: "mails",
    });
    assert.deepEqual(parseCommand(["replay", "--report", "out.json", "f.jsonl"]), {
      name: "replay",
      stack: "sandbox",
      file: "f.jsonl",
      report: "out.json",
    });
    assert.deepEqual(parseCommand(["graph", "out.json"]), { name: "graph", stack: "sandbox", output: "out.json" });
    assert.deepEqual(parseCommand(["replay", "--help"]), { name: "help" });
  });
});
