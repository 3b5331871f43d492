import assert from "node:assert/strict";
import { atPath, targetInput } from "../../../../sandbox/runtime/event-bridge/target-input";

const FACTS = { ruleArn: "arn:aws:events:eu-west-1:1:rule/r", ruleName: "r", ingestionTime: "2026-03-01T09:00:00.000Z" };
const EVENT = { id: "1", detail: { name: 'a "b"', count: 2, list: [{ x: 1 }], nothing: null } };

const transformed = (inputTemplate: string, inputPaths: Record<string, string> = {}): string =>
  targetInput({ inputTransformer: { inputTemplate, inputPaths } }, EVENT, FACTS);

describe("what a target gets", () => {
  it("is the event itself when nothing is set", () => {
    assert.deepEqual(JSON.parse(targetInput({}, EVENT, FACTS)), EVENT);
  });

  it("is the constant or the part of the event that is set", () => {
    assert.equal(targetInput({ input: '{"a":1}' }, EVENT, FACTS), '{"a":1}');
    assert.equal(targetInput({ inputPath: "$.detail.list[0].x" }, EVENT, FACTS), "1");
    assert.equal(targetInput({ inputPath: "$.detail['name']" }, EVENT, FACTS), '"a \\"b\\""');
  });

  it("is a template filled with values as JSON, inside of texts as text", () => {
    const paths = { name: "$.detail.name", count: "$.detail.count", list: "$.detail.list", missing: "$.detail.none" };
    assert.deepEqual(JSON.parse(transformed('{"n":<name>,"c":<count>,"l":<list>,"t":"<name> <count>","m":<missing>}', paths)), {
      n: 'a "b"',
      c: 2,
      l: [{ x: 1 }],
      t: 'a "b" 2',
      m: "",
    });
    assert.equal(transformed('"<list>"', paths), '"[{\\"x\\":1}]"');
  });

  it("can name the rule and the whole event", () => {
    assert.deepEqual(
      JSON.parse(transformed('{"r":"<aws.events.rule-name>","t":<aws.events.event.ingestion-time>,"e":<aws.events.event.json>}')),
      {
        r: "r",
        t: FACTS.ingestionTime,
        e: EVENT,
      },
    );
    assert.deepEqual(JSON.parse(transformed("<aws.events.event>")), { id: "1" });
  });

  it("leaves what is no placeholder alone", () => {
    assert.equal(transformed('{"a":"<b> \\"<name>\\""}', { name: "$.id" }), '{"a":"<b> \\"1\\""}');
  });

  it("refuses paths that EventBridge does not know", () => {
    assert.throws(() => atPath(EVENT, "$.detail[*]"), /does not know the input path/);
  });
});
