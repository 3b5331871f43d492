import assert from "node:assert/strict";
import { findButton } from "../../../sandbox/replay/button";
import type { ShownMessage } from "../../../sandbox/replay/journal";

const button = (action_id: string, value = "v") => ({ type: "button", action_id, value, text: { type: "plain_text", text: action_id } });
const offering = (...elements: object[]) => ({ text: "t", blocks: [{ type: "section" }, { type: "actions", block_id: "b1", elements }] });
const slack = (messageId: string, ...versions: object[]) => ({ kind: "slack", messageId, versions }) as ShownMessage;

describe("the button that a line presses", () => {
  const shown: ShownMessage[] = [
    slack("C1/1.1", offering(button("app-approve", "first"), button("app-undo"))),
    slack("C1/2.2", offering(button("app-approve", "second")), { text: "decided", blocks: [] }),
    { kind: "email", messageId: "m", versions: [{}] },
    slack("hook", offering(button("app-undo"))),
    slack("C2/3.3", { text: "s", blocks: [{ type: "section", accessory: button("app:look") }] }),
  ];

  it("is the newest one, even if an update took it away; the message is as it looks now", () => {
    const found = findButton(shown, "approve", "last");
    assert.deepEqual(
      [found?.element.value, found?.blockId, found?.message.ts, found?.message.payload.text],
      ["second", "b1", "2.2", "decided"],
    );
  });

  it("can be that of a given delivery", () => {
    assert.equal(findButton(shown, "approve", 0)?.element.value, "first");
    assert.equal(findButton(shown, "undo", 1), undefined);
    assert.equal(findButton(shown, "undo", 99), undefined);
  });

  it("is known by its whole action id or by the last part of it, and may stand beside a text", () => {
    assert.equal(findButton(shown, "app-approve", "last")?.element.value, "second");
    assert.equal(findButton(shown, "look", "last")?.message.channel, "C2");
    assert.equal(findButton(shown, "prove", "last"), undefined);
  });

  it("is never one of an incoming webhook's message", () => {
    assert.equal(findButton(shown, "undo", "last")?.message.ts, "1.1");
  });
});
