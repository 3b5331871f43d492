import assert from "node:assert/strict";
import { notDeployed } from "../../components/not-deployed";
import { parseSettings } from "../../settings";
import { CONFIG, FULL_CONFIG, NOW } from "./example-config";
import { viaProviders } from "./forwarding/members";

const APPROVALS = { approvers: ["U0123456789"], signingSecretName: "tocsin/slack-signing" };
const sentencesFor = (config: Readonly<Record<string, unknown>>): string[] => notDeployed(parseSettings("prod", config, NOW));

describe("settings that this version does not deploy", () => {
  it("are named one by one, in words", () => {
    const sentences = sentencesFor({ ...FULL_CONFIG, "tocsin:incidentResponse": { mode: "observe" } });
    assert.deepEqual(
      sentences.map((sentence) => /^tocsin:[\w.-]+/.exec(sentence)?.[0]),
      ["tocsin:incidentResponse"],
    );
  });

  it("are none where nothing of it is asked for", () => {
    assert.deepEqual(sentencesFor(FULL_CONFIG), []);
  });

  it("are approvals where there is nothing to approve", () => {
    const [sentence, ...more] = sentencesFor({ ...CONFIG, "tocsin:approvals": APPROVALS });
    assert.match(String(sentence), /^tocsin:approvals has no effect/);
    assert.deepEqual(more, []);
    assert.deepEqual(sentencesFor({ ...CONFIG, "tocsin:approvals": APPROVALS, "tocsin:securityGroupGuard": {} }), []);
  });

  it("are the security account's own groups where the list of accounts leaves it out", () => {
    assert.match(
      notDeployed(viaProviders("333333333333")).join(),
      /forwarding\.accountIds does not name the security account 222222222222: its own security groups are not guarded/,
    );
    assert.deepEqual(notDeployed(viaProviders("333333333333", "222222222222")), []);
  });
});
