import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStackConfig } from "../../../sandbox/engine/stack-config";
import { UsageError } from "../../../sandbox/usage-error";

describe("Settings of a stack", () => {
  let directory: string;

  before(() => {
    directory = mkdtempSync(join(tmpdir(), "tocsin-stack-config-"));
    write(
      "Pulumi.yaml",
      "name: demo\nconfig:\n  always: { default: 7 }\n  described: { description: nothing more }\n  aws:region: { value: eu-west-1 }\n",
    );
    write("Pulumi.dev.yaml", 'encryptionsalt: v1:x\nconfig:\n  word: hello\n  aws:region: us-east-1\n  demo:ids: ["1", 2]\n  empty:\n');
    write("Pulumi.bare.yaml", "secretsprovider: default\n");
    write(
      "Pulumi.eu.prod.yaml",
      "config:\n  demo:token: { secure: v1:abc }\n  demo:nested: { list: [{ password: { secure: v1:def } }] }\n",
    );
    mkdirSync(join(directory, "folder"));
    write("list.yaml", "- one\n");
    write("text.yaml", "config: hello\n");
    write("broken.yaml", "config:\n  a: [1\n");
  });
  after(() => rmSync(directory, { recursive: true }));

  const write = (name: string, content: string): void => writeFileSync(join(directory, name), content);
  const read = (stack: string, file?: string) => readStackConfig({ directory, stack, file: file && join(directory, file) });
  const fault = (stack: string, file?: string): string => {
    try {
      read(stack, file);
    } catch (error) {
      assert.ok(error instanceof UsageError, String(error));
      assert.ok(!error.message.includes("\n"), error.message);
      return error.message.replaceAll(directory, "");
    }
    return assert.fail("no fault");
  };

  it("are those of its file, in the project's namespace unless they name another, over what the project gives to all", () => {
    assert.deepEqual(read("dev"), { "demo:always": 7, "demo:word": "hello", "aws:region": "us-east-1", "demo:ids": ["1", 2] });
    assert.deepEqual(read("bare"), { "demo:always": 7, "aws:region": "eu-west-1" });
  });

  it("can come from another file, for a stack that has none too", () => {
    assert.equal(read("new", "Pulumi.dev.yaml")["demo:word"], "hello");
  });

  it("of an unknown stack are a fault that lists the stacks", () => {
    assert.equal(fault("nope"), 'There is no stack "nope". Stacks: bare, dev, eu.prod.');
  });

  it("that cannot be read or used are a fault of one sentence", () => {
    assert.equal(fault("dev", "gone.yaml"), "Cannot read the settings file /gone.yaml: there is no such file.");
    assert.equal(fault("dev", "folder"), "Cannot read the settings file /folder: it is a directory.");
    assert.match(fault("dev", "broken.yaml"), /^Cannot read the settings file \/broken\.yaml: .*line \d+, column \d+\.$/);
    assert.equal(fault("dev", "list.yaml"), "Cannot use the settings file /list.yaml: it has to be a mapping of names to values.");
    assert.equal(fault("dev", "text.yaml"), 'Cannot use the settings file /text.yaml: "config" has to be a mapping of keys to values.');
  });

  it("that only a backend can decrypt are named, all of them", () => {
    assert.match(fault("eu.prod"), /: demo:token, demo:nested\.list\[0\]\.password can only be decrypted by the stack's Pulumi backend\./);
  });
});
