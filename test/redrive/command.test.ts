import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Outcome } from "../../redrive/redrive";
import { REPOSITORY } from "../../sandbox/engine/run-program";
import { control, imported } from "../support/lines";
import { OpenSandbox } from "../support/open-sandbox";

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

async function redrive(parameters: readonly string[], environment: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(process.execPath, ["--import", "tsx", join("redrive", "main.ts"), ...parameters], {
    cwd: REPOSITORY,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.on("data", (text) => (output += text));
  child.stderr.on("data", (text) => (errors += text));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { code, output, errors };
}

const NOWHERE = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none" };

describe("npm run redrive", function () {
  this.timeout(120_000);

  const refusals: readonly [string, readonly string[], RegExp][] = [
    ["an unknown option", ["--all"], /^tocsin: Unknown option '--all'\. See npm run redrive -- --help\.\n$/],
    ["an unknown stack", ["--stack", "nowhere"], /^tocsin: There is no stack "nowhere"\. Stacks: .*\n$/],
    ["AWS that does not answer", [], /^tocsin: AWS did not let tocsin's dead letters be redriven: .*\n$/],
  ];
  for (const [what, parameters, sentence] of refusals) {
    it(`says of ${what} one sentence, and exits with 2`, async () => {
      const { code, errors } = await redrive(parameters, NOWHERE);
      assert.match(errors, sentence);
      assert.equal(code, 2);
    });
  }

  describe("in the open sandbox", () => {
    let open: OpenSandbox;
    let serving: NodeJS.Timeout;
    let door: NodeJS.ProcessEnv;
    const mails: string[] = [];
    before(async () => {
      open = await OpenSandbox.open();
      const { cloud, home, runtime } = open.sandbox;
      const { accessKeyId, secretAccessKey, sessionToken } = cloud.operatorCredentials(home.account);
      door = {
        AWS_ENDPOINT_URL: cloud.endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
      };
      cloud.observe(({ call, status }) => {
        if (call.service === "ses" && call.operation === "SendEmail" && status < 300) mails.push(String(call.input.FromEmailAddress));
      });
      // Mail is refused for longer than anybody tries; then SES is well again.
      await open.play({ fault: { service: "ses", error: "MessageRejected", status: 400, for: "1d" } }, imported(control("refused")), {
        advance: "25h",
      });
      // As the sandbox does that `npm start` leaves open.
      serving = setInterval(() => void runtime.settle(), 200);
    });
    after(async () => {
      clearInterval(serving);
      await open.close();
    });

    const queues = async (...parameters: string[]): Promise<readonly Outcome[]> => {
      const { code, output } = await redrive([...parameters, "--json"], door);
      assert.equal(code, 0);
      return (JSON.parse(output) as { queues: Outcome[] }).queues.filter(({ messages }) => messages > 0);
    };

    it("shows what nobody could be told, and why; then has it told, once", async () => {
      assert.equal(mails.length, 0, "SES refuses");
      const [listed] = await queues("--list");
      assert.equal(listed?.queue, "undelivered-dlq");
      assert.equal(listed?.reasons[0]?.reason, "not delivered to soc-mail");
      assert.equal(listed?.reasons[0]?.episodes.length, 1);

      const moved = await queues("--queue", "undelivered");
      assert.deepEqual(
        moved.map((outcome) => [outcome.queue, outcome.moved]),
        [["undelivered-dlq", 1]],
      );
      await open.sandbox.runtime.settle();
      assert.equal(mails.length, 1);
      assert.deepEqual(await queues("--list"), []);
      await open.play({ advance: "2h" });
      assert.equal(mails.length, 1);
    });
  });
});
