import assert from "node:assert/strict";
import { graphJson } from "../../../sandbox/engine/graph-json";
import { UNKNOWN } from "../../../sandbox/engine/properties";
import type { ProgramResource } from "../../../sandbox/engine/registry";

const resource: ProgramResource = {
  urn: "urn:pulumi:test::test::aws:lambda/function:Function::function",
  type: "aws:lambda/function:Function",
  name: "function",
  parent: "urn:pulumi:test::test::pulumi:pulumi:Stack::test-test",
  custom: true,
  provider: { account: "222222222222", region: "eu-west-1" },
  inputs: {
    role: UNKNOWN,
    code: { kind: "archive", files: { "index.js": Buffer.from("hello") } },
    source: { kind: "asset", contents: Buffer.from("hello") },
    environment: { variables: { TOKEN: "hunter2", WORD: "seen" } },
    layers: ["a", UNKNOWN],
    kind: { kind: "archive" },
  },
  secrets: [["environment", "variables", "TOKEN"]],
  outputs: {},
  dependencies: ["urn:a"],
  propertyDependencies: { role: ["urn:a"] },
  protect: true,
};

describe("A graph as JSON", () => {
  const digest = { bytes: 5, sha256: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824" };
  const json = graphJson({ resources: [resource], outputs: { secret: "hunter2", open: 1 }, secretOutputs: [["secret"]], seconds: 1.5 });

  it("names secrets and unknowns, and tells archives by size and digest", () => {
    assert.deepEqual(json.resources[0]?.inputs, {
      role: "[unknown]",
      code: { archive: { "index.js": digest } },
      source: { asset: digest },
      environment: { variables: { TOKEN: "[secret]", WORD: "seen" } },
      layers: ["a", "[unknown]"],
      kind: { kind: "archive" },
    });
    assert.deepEqual(json.outputs, { secret: "[secret]", open: 1 });
    assert.ok(!JSON.stringify(json).includes("hunter2"));
  });

  it("has for each resource what policies and reviews go by", () => {
    const { inputs, secrets, outputs, ...rest } = resource;
    assert.deepEqual({ ...json.resources[0], inputs: undefined }, { ...rest, inputs: undefined });
    assert.deepEqual([json.violations, json.seconds], [[], 1.5]);
  });
});
