import assert from "node:assert/strict";
import { plantedSecrets } from "../../sandbox/planted-secrets";
import type { Settings } from "../../settings";

const slack = (more: object) => ({ kind: "slack", ...more }) as Settings["channels"][string];
const webhook = (name: string, host: string): Settings["channels"][string] => ({
  kind: "webhook",
  webhookSecretName: `${name}-url`,
  signingSecretName: `${name}-key`,
  allowedHosts: [host, "other.example.com"],
});

describe("The secrets that the sandbox plants", () => {
  const secrets = plantedSecrets({
    channels: {
      a: slack({ channel: "C0000000001", secretName: "bot" }),
      b: slack({ channel: "C0000000002", secretName: "bot" }),
      c: slack({ webhookSecretName: "hook-1" }),
      d: slack({ webhookSecretName: "hook-2" }),
      e: { kind: "teams", webhookSecretName: "teams" },
      f: webhook("siem", "siem.example.com"),
    },
    approvals: { signingSecretName: "signing" } as Settings["approvals"],
  });
  const secretOf = (name: string): string => secrets.get(name) ?? "";

  it("have the forms that services issue, one for each name in the settings", () => {
    assert.deepEqual([...secrets.keys()], ["bot", "hook-1", "hook-2", "teams", "siem-url", "siem-key", "signing"]);
    assert.match(secretOf("bot"), /^xoxb-[\w-]+$/);
    assert.match(secretOf("hook-1"), /^https:\/\/hooks\.slack\.com\/services\/T\w+\/B\w+\/[A-Za-z0-9]{24}$/);
    assert.match(secretOf("teams"), /^https:\/\/prod-00\.westeurope\.logic\.azure\.com\/workflows\/[0-9a-f]{32}\/.*[?&]sig=\w+$/);
    assert.match(secretOf("siem-url"), /^https:\/\/siem\.example\.com\//);
    assert.match(secretOf("siem-key"), /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.match(secretOf("signing"), /^[0-9a-f]{32}$/);
  });

  it("are all different", () => {
    assert.equal(new Set(secrets.values()).size, secrets.size);
  });
});
