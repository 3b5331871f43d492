import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { decodeProperties, encodeProperties, UNKNOWN } from "../../../sandbox/engine/properties";
import type { Wire, WireProperties } from "../../../sandbox/engine/protobuf";
import { downgradeOutputs, SIGNATURE_KEY, SIGNATURES, secretWire, UNKNOWN_WIRE, upgradeToOutputs } from "../../../sandbox/engine/wire";

const FILES = join(__dirname, "..", "..", "fixtures", "programs", "places");

const decode = (properties: WireProperties) => decodeProperties(properties, FILES);

const plain = fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false })) as fc.Arbitrary<WireProperties>;

/** Properties with secrets and unknowns anywhere, as a program sends them. */
const { tree } = fc.letrec<{ tree: Wire }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<Wire>(null, true, 7, "text", UNKNOWN_WIRE),
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie("tree"), { maxKeys: 3 }),
    tie("tree").map(secretWire),
  ),
}));
const sent = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tree, { maxKeys: 4 });

describe("Properties on the wire", () => {
  it("are read as they were written", () => {
    fc.assert(
      fc.property(plain, (properties) => {
        const { values, secrets } = decode(encodeProperties(properties));
        assert.deepEqual(JSON.parse(JSON.stringify(values)), JSON.parse(JSON.stringify(properties)));
        assert.deepEqual(secrets, []);
      }),
    );
  });

  it("survive the way through a transform that changes nothing", () => {
    fc.assert(
      fc.property(sent, fc.boolean(), (properties, depends) => {
        const dependencies = new Map(Object.keys(properties).map((key) => [key, depends ? ["urn:pulumi:a::b::c::d"] : []]));
        const there = decode(downgradeOutputs(upgradeToOutputs(properties, dependencies)));
        assert.deepEqual(there, decode(properties));
      }),
    );
  });

  it("tell where the secrets are, and hold them as plain values", () => {
    const properties = { list: [1, secretWire({ key: secretWire("a") })], text: secretWire(UNKNOWN_WIRE), open: "b" };
    assert.deepEqual(decode(properties), {
      values: { list: [1, { key: "a" }], text: UNKNOWN, open: "b" },
      secrets: [["list", 1], ["list", 1, "key"], ["text"]],
    });
  });

  it("tell what is unknown", () => {
    const output = { [SIGNATURE_KEY]: SIGNATURES.output };
    assert.deepEqual(decode({ deep: { list: [UNKNOWN_WIRE] }, output, known: { ...output, value: 7, secret: true } }), {
      values: { deep: { list: [UNKNOWN] }, output: UNKNOWN, known: 7 },
      secrets: [["known"]],
    });
    assert.deepEqual(encodeProperties({ a: UNKNOWN, b: undefined }), { a: UNKNOWN_WIRE });
  });

  it("take a resource for its id, and a component for its URN", () => {
    const reference = { [SIGNATURE_KEY]: SIGNATURES.resource, urn: "urn:x" };
    assert.deepEqual(decode({ known: { ...reference, id: "i-1" }, planned: { ...reference, id: "" }, component: reference }).values, {
      known: "i-1",
      planned: UNKNOWN,
      component: "urn:x",
    });
  });

  it("hold the contents of files, folders and archives within archives", () => {
    const asset = (content: WireProperties) => ({ [SIGNATURE_KEY]: SIGNATURES.asset, ...content });
    const archive = (content: WireProperties) => ({ [SIGNATURE_KEY]: SIGNATURES.archive, ...content });
    const { values } = decode({
      file: asset({ path: "data.json" }),
      code: archive({ assets: { "a.txt": asset({ text: "" }), lib: archive({ assets: { "b.txt": asset({ text: "é" }) } }) } }),
      folder: archive({ path: "." }),
    });
    assert.deepEqual(values.file, { kind: "asset", contents: Buffer.from('{"answer":42}\n') });
    assert.deepEqual(values.code, { kind: "archive", files: { "a.txt": Buffer.from(""), "lib/b.txt": Buffer.from("é") } });
    assert.deepEqual(Object.keys((values.folder as { files: object }).files), ["Pulumi.yaml", "data.json", "index.ts"]);
    assert.throws(() => decode({ far: asset({ uri: "https://example.com/x" }) }), /example\.com\/x is not fetched/);
    assert.throws(() => decode({ packed: archive({ path: "data.json" }) }), /packed archive/);
  });
});
