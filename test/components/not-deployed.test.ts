import assert from "node:assert/strict";
import { notDeployed } from "../../components/not-deployed";
import { parseSettings } from "../../settings";
import { CONFIG } from "./example-config";

describe("settings that this version does not deploy yet", () => {
  it("are named one by one, in words", () => {
    const sentences = notDeployed(
      parseSettings("prod", {
        ...CONFIG,
        "tocsin:channels": {
          "soc-mail": { kind: "email", from: "tocsin@example.com", to: ["soc@example.com"] },
          pager: { kind: "sns", subscriptions: [{ protocol: "sms", endpoint: "+447700900123" }] },
        },
        "tocsin:routes": [{ to: ["soc-mail", "pager"] }],
        "tocsin:securityGroupGuard": { mode: "alert" },
        "tocsin:incidentResponse": { mode: "observe" },
        "tocsin:storm": { over: 20, within: "10m" },
        "tocsin:mutes": [
          { when: { accounts: ["lab"] }, reason: "penetration test", owner: "alice@example.com", expires: "2026-03-03T09:00:00Z" },
        ],
      }),
    );
    assert.deepEqual(
      sentences.map((sentence) => /^tocsin:[\w.-]+/.exec(sentence)?.[0]),
      ["tocsin:channels.pager", "tocsin:securityGroupGuard", "tocsin:incidentResponse", "tocsin:mutes", "tocsin:storm"],
    );
  });

  it("are none where nothing of it is asked for", () => {
    assert.deepEqual(notDeployed(parseSettings("prod", CONFIG)), []);
  });
});
