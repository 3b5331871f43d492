import assert from "node:assert/strict";
import { resolvedTo } from "../../../functions/routing/resolved";
import type { Route } from "../../../functions/routing/route";
import { aFinding, anAccount } from "../../support/findings";

const SUBJECT = { finding: aFinding(), account: anAccount(), reason: "resolved" } as const;
const RESOLVES = { channels: ["chat", "pager", "siem"], routed: true };

const over = (routes: readonly Route[], told: readonly string[]): readonly string[] => resolvedTo(routes, SUBJECT, told, RESOLVES);

describe("that a problem is over", () => {
  it("hear the channels that were told of it, wherever the routes lead now", () => {
    assert.deepEqual(over([{ to: ["siem"] }], ["pager", "chat"]), ["chat", "pager"]);
  });

  it("hears nobody by a mail or a text message, which is no use to them", () => {
    assert.deepEqual(over([{ when: { reasons: ["resolved"] }, to: ["mail"] }], ["mail", "phones"]), []);
  });

  it("hear those too whose route asks for it by name, and fits otherwise", () => {
    const asking: Route = { when: { reasons: ["resolved"], origins: ["securityhub"] }, to: ["siem", "mail"] };
    assert.deepEqual(over([asking, { to: ["mail"] }], ["chat"]), ["chat", "siem"]);
    assert.deepEqual(over([{ ...asking, when: { reasons: ["resolved"], origins: ["guardduty"] } }], ["chat"]), ["chat"]);
  });

  it("asks no route that does not name it, even one that holds for everything, or stands before", () => {
    assert.deepEqual(over([{ to: ["pager"] }, { when: { reasons: ["new", "resolved"] }, to: ["siem"] }], []), ["siem"]);
  });

  it("is told once where a channel has several ways to hear of it", () => {
    assert.deepEqual(over([{ when: { reasons: ["resolved"] }, to: ["chat"], continue: true }], ["chat"]), ["chat"]);
  });
});
