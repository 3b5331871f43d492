import assert from "node:assert/strict";
import { notDeployed } from "../../components/not-deployed";
import { parseSettings } from "../../settings";
import { FULL_CONFIG, NOW } from "./example-config";

describe("settings that this version does not deploy yet", () => {
  it("are named one by one, in words", () => {
    const sentences = notDeployed(
      parseSettings("prod", {
        ...FULL_CONFIG,
        "tocsin:securityGroupGuard": { mode: "alert" },
        "tocsin:incidentResponse": { mode: "observe" },
      }),
    );
    assert.deepEqual(
      sentences.map((sentence) => /^tocsin:[\w.-]+/.exec(sentence)?.[0]),
      ["tocsin:securityGroupGuard", "tocsin:incidentResponse"],
    );
  });

  it("are none where nothing of it is asked for", () => {
    assert.deepEqual(notDeployed(parseSettings("prod", FULL_CONFIG, NOW)), []);
  });
});
