import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { UNKNOWN } from "../../../sandbox/engine/properties";
import type { ProgramResource } from "../../../sandbox/engine/registry";
import { type ProgramOptions, type ProgramResult, runProgram } from "../../../sandbox/engine/run-program";
import type { Provisioner } from "../../../sandbox/types";

const PROGRAMS = join(__dirname, "..", "..", "fixtures", "programs");

const run = (program: string, options: Partial<ProgramOptions> = {}): Promise<ProgramResult> =>
  runProgram({ stack: "test", config: {}, dryRun: true, programDirectory: join(PROGRAMS, program), ...options });

/** Names everything after the resource. */
const provisioner: Provisioner = {
  create: async ({ name }) => ({ id: `${name}-id`, outputs: { arn: `arn:${name}`, url: `https://${name}` } }),
  invoke: async (_token, _args, provider) => ({ accountId: `asked ${provider?.account}`, id: "", arn: "", userId: "" }),
};

function named(result: ProgramResult, name: string): ProgramResource {
  const found = result.resources.find((resource) => resource.name === name);
  assert.ok(found, `no resource ${name} among ${result.resources.map((resource) => resource.name)}`);
  return found;
}

const messages = (result: ProgramResult): string[] => result.errors.map(({ message }) => message);

describe("runProgram", () => {
  const config = { "places:settings": { limits: [1, 2] }, "places:word": "hello" };
  let preview: ProgramResult;
  let real: ProgramResult;

  before(async () => {
    [preview, real] = await Promise.all([
      run("places", { config }),
      run("places", { config, dryRun: false, provisioner, stack: "production" }),
    ]);
    assert.deepEqual([preview.exitCode, messages(preview)], [0, []]);
    assert.deepEqual([real.exitCode, messages(real)], [0, []]);
  });

  it("records resources under the URNs that Pulumi gives them, parents before children", () => {
    const urns = real.resources.map(({ urn }) => urn);
    assert.equal(urns[0], "urn:pulumi:production::places::pulumi:pulumi:Stack::places-production");
    assert.ok(urns.includes("urn:pulumi:production::places::places:index:Mailbox$aws:sqs/queue:Queue::mail-queue"), urns.join("\n"));
    for (const [index, { parent }] of real.resources.entries()) {
      assert.ok(parent === undefined ? index === 0 : urns.slice(0, index).includes(parent));
    }
  });

  it("finds the account and Region of each resource from its provider and its own region", () => {
    assert.deepEqual(named(preview, "parameter").provider, { account: "222222222222", region: "eu-west-1" });
    assert.deepEqual(named(preview, "mail-queue").provider, { account: "222222222222", region: "us-east-1" });
    assert.deepEqual(named(preview, "topic").provider, { account: "333333333333", region: "eu-west-1" });
    assert.equal(named(preview, "mail").provider, undefined);
    assert.equal(named(preview, "security").provider, undefined);
  });

  it("leaves in a preview what only a creation tells unknown", () => {
    assert.deepEqual(named(preview, "subscription").inputs, { topic: UNKNOWN, protocol: "sqs", endpoint: UNKNOWN });
    assert.equal(preview.outputs.queueUrl, UNKNOWN);
    assert.equal(preview.outputs.subscriptionId, UNKNOWN);
    assert.deepEqual(named(preview, "mail").outputs, { queueArn: UNKNOWN });
  });

  it("resolves everything in a real run to what was created", () => {
    assert.deepEqual(named(real, "subscription").inputs, { topic: "arn:topic", protocol: "sqs", endpoint: "arn:mail-queue" });
    assert.equal(real.outputs.queueUrl, "https://mail-queue");
    assert.equal(real.outputs.subscriptionId, "subscription-id");
    assert.deepEqual(named(real, "mail").outputs, { queueArn: "arn:mail-queue" });
    assert.deepEqual(named(real, "mail-queue").outputs, {
      region: "us-east-1",
      visibilityTimeoutSeconds: 30,
      arn: "arn:mail-queue",
      url: "https://mail-queue",
      id: "mail-queue-id",
    });
  });

  it("knows which inputs and outputs are secret, and hands out their values", () => {
    const { inputs, secrets } = named(real, "parameter");
    assert.deepEqual([inputs.value, inputs.tags], ["hunter2", { plain: "seen", hidden: "buried" }]);
    assert.deepEqual([...secrets].sort(), [["tags", "hidden"], ["value"]]);
    assert.deepEqual([real.outputs.secretValue, real.secretOutputs], ["hunter2", [["secretValue"]]]);
  });

  it("reads archives of texts and files", () => {
    const code = named(preview, "function").inputs.code as { kind: string; files: Record<string, Uint8Array> };
    assert.equal(code.kind, "archive");
    assert.equal(Buffer.from(code.files["index.js"] ?? []).toString(), "exports.handler = async () => 'hello';");
    assert.deepEqual(JSON.parse(Buffer.from(code.files["lib/data.json"] ?? []).toString()), { answer: 42 });
  });

  it("keeps what depends on what, and what is protected", () => {
    const subscription = named(preview, "subscription");
    const [queue, topic] = [named(preview, "mail-queue").urn, named(preview, "topic").urn];
    assert.deepEqual([...subscription.dependencies].sort(), [topic, queue].sort());
    assert.deepEqual(subscription.propertyDependencies, { topic: [topic], protocol: [], endpoint: [queue] });
    assert.deepEqual([named(preview, "mail-queue").protect, subscription.protect], [true, false]);
  });

  it("gives the program the settings of its stack, lists and maps included", () => {
    assert.deepEqual([preview.outputs.settings, preview.outputs.word], [{ limits: [1, 2] }, "hello"]);
  });

  it("answers in a preview what the provider knows, and asks the provisioner in a real run", () => {
    assert.equal(preview.outputs.caller, "222222222222");
    assert.equal(real.outputs.caller, "asked 222222222222");
    const policy = JSON.parse(String(preview.outputs.policy));
    assert.deepEqual(policy.Statement, [
      { Sid: "Send", Effect: "Allow", Action: "sqs:SendMessage", Resource: "*", Principal: { Service: "sns.amazonaws.com" } },
    ]);
  });

  it("runs transformations, transforms of resources and their parents, and those of the stack", async () => {
    const result = await run("transforms");
    assert.deepEqual(messages(result), []);
    const queue = named(result, "queue");
    assert.equal(queue.inputs.delaySeconds, 7);
    assert.equal(queue.protect, true);
    assert.deepEqual(queue.inputs.tags, { own: "yes", parent: "yes", stack: "yes" });
    assert.deepEqual(named(result, "dead").inputs, { tags: { parent: "yes", stack: "yes" } });
    assert.equal(queue.inputs.fifoQueue, true, "transforms see secrets and dependencies as outputs");
    assert.deepEqual([queue.inputs.redrivePolicy, queue.secrets], [UNKNOWN, [["kmsMasterKeyId"]]]);
    assert.deepEqual(queue.propertyDependencies.redrivePolicy, [named(result, "dead").urn]);
  });

  it("packs callback functions, in a preview as in a real run", async () => {
    const results = await Promise.all([run("callback"), run("callback", { dryRun: false, provisioner })]);
    const sources = results.map((result) => {
      assert.deepEqual(messages(result), []);
      const { files } = named(result, "greeter").inputs.code as { files: Record<string, Uint8Array> };
      return Buffer.from(files["__index.js"] ?? []).toString();
    });
    assert.match(sources[0] ?? "", /hello/);
    assert.equal(sources[0], sources[1]);
    assert.deepEqual([named(results[0], "greeter").inputs.role, results[1].outputs.arn], [UNKNOWN, "arn:greeter"]);
  });

  it("tells what is wrong with settings and arguments in the program's words, without a stack", async () => {
    const [invalid, argument] = await Promise.all([run("invalid"), run("argument")]);
    assert.deepEqual(messages(invalid), ["Two settings are wrong:\n  invalid:first: is missing\n  invalid:second: 7 is too much"]);
    assert.deepEqual(messages(argument), ["retention: has to be 1 to 365 days, was 4000"]);
    assert.notEqual(invalid.exitCode, 0);
    assert.notEqual(argument.exitCode, 0);
  });

  it("tells of a crash what happened and where", async () => {
    assert.deepEqual(messages(await run("crash")), ["Cannot read properties of undefined (reading 'toUpperCase') (index.ts:2)"]);
  });

  it("ends with the provider's message when a resource cannot be created, and creates nothing that depends on it", async () => {
    const created: string[] = [];
    const refusing: Provisioner = {
      ...provisioner,
      create: async (resource) => {
        if (resource.name === "topic") throw new Error("no topics today");
        created.push(resource.name);
        return provisioner.create(resource);
      },
    };
    const result = await run("places", { config, dryRun: false, provisioner: refusing });
    assert.deepEqual(messages(result), ['aws:sns/topic:Topic "topic": no topics today']);
    assert.equal(result.errors[0]?.urn, "urn:pulumi:test::places::aws:sns/topic:Topic::topic");
    assert.notEqual(result.exitCode, 0);
    assert.ok(!created.includes("subscription"));
  });

  it("refuses default providers where the stack forbids them", async () => {
    const result = await run("unplaced", { config: { "pulumi:disable-default-providers": ["aws"] } });
    assert.deepEqual(messages(result), [
      `aws:sqs/queue:Queue "queue": Default provider for 'aws' disabled. 'aws:sqs/queue:Queue' must use an explicit provider.`,
    ]);
  });

  it("leaves no process behind, even when its own is killed", async () => {
    const script = `import("${join(__dirname, "../../../sandbox/engine/run-program.ts")}").then(({ default: engine }) => engine.runProgram({
      stack: "test", config: {}, dryRun: true, programDirectory: "${join(PROGRAMS, "endless")}", onLog: ({ message }) => console.log(message),
    }))`;
    const parent = spawn(process.execPath, ["--import", "tsx", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
    try {
      for await (const line of createInterface({ input: parent.stdout })) {
        const pid = Number(/^pid (\d+)$/.exec(line)?.[1]);
        assert.ok(isAlive(pid));
        parent.kill("SIGKILL");
        await until(() => !isAlive(pid));
        return;
      }
      assert.fail("the program never started");
    } finally {
      parent.kill("SIGKILL");
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (condition()) return;
    await sleep(50);
  }
  assert.fail("the program's process is still there after 5 seconds");
}
