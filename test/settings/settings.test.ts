import assert from "node:assert/strict";
import type { AlertSettings } from "../../functions/alert-settings";
import type { Route } from "../../functions/routing/route";
import { adviceOn, durationSeconds, parseSettings, type Settings } from "../../settings";
import { type Change, configOf, FULL, fullWith, NOW } from "./examples";

const MINIMAL = {
  "aws:region": "eu-west-1",
  "tocsin:organization": {
    managementAccountId: "111111111111",
    securityAccountId: "222222222222",
    regions: ["eu-west-1"],
    forwarding: { via: "providers", accountIds: ["333333333333"] },
  },
  "tocsin:alerts": { sources: [{ origin: "guardduty", severities: ["HIGH"] }] },
  "tocsin:channels": { mail: { kind: "email", from: "tocsin@example.com", to: ["soc@example.com"] } },
  "tocsin:routes": [{ to: ["mail"] }],
};

describe("settings", () => {
  it("accept the design's example as it stands", () => {
    const settings = parseSettings("prod", configOf(FULL));
    assert.equal(settings.region, "eu-west-1");
    assert.equal(settings.organization.expectedAccounts, 200);
    assert.deepEqual(settings.alerts.remind, { CRITICAL: "5d", HIGH: "15d" });
    assert.deepEqual(Object.keys(settings.channels), ["soc-mail", "soc-slack", "pager"]);
    assert.deepEqual(settings.routes[1], { when: { origins: ["guardduty"] }, to: ["soc-slack"], continue: false });
    assert.deepEqual(settings.securityGroupGuard?.approvedRanges, ["10.0.0.0/8", "203.0.113.0/24", "2001:db8::/32"]);
    assert.deepEqual(adviceOn(settings, NOW), []);
  });

  it("are the same when the engine hands them over as JSON text", () => {
    const asText = Object.entries(configOf(FULL)).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]);
    assert.deepEqual(parseSettings("prod", Object.fromEntries(asText)), parseSettings("prod", configOf(FULL)));
  });

  it("fill in every default", () => {
    const settings = parseSettings("dev", MINIMAL);
    assert.equal(settings.organization.expectedAccounts, 1000);
    assert.deepEqual(settings.organization.manage, {
      securityHub: true,
      guardDuty: true,
      inspector: true,
      trustedAccess: true,
      trail: true,
    });
    assert.deepEqual([settings.organization.deploymentRole, settings.organization.existingTrail], [undefined, undefined]);
    assert.deepEqual(settings.organization.forwarding, {
      via: "providers",
      accountIds: ["333333333333"],
      roleName: "OrganizationAccountAccessRole",
    });
    assert.deepEqual(settings.alerts, { ...MINIMAL["tocsin:alerts"], remind: {}, wait: {}, writeBack: true, forget: "30d" });
    assert.deepEqual([settings.mutes, settings.runbooks], [[], []]);
    assert.deepEqual(settings.routes, [{ to: ["mail"], continue: false }]);
    for (const optional of ["securityGroupGuard", "incidentResponse", "approvals", "storm"] as const) {
      assert.equal(settings[optional], undefined);
    }
  });

  it("fill in the defaults of optional sections once they are there", () => {
    const settings = parseSettings("dev", {
      ...MINIMAL,
      "tocsin:securityGroupGuard": {},
      "tocsin:incidentResponse": {},
      "tocsin:approvals": { approvers: ["U0123456789"], signingSecretName: "tocsin/slack-signing" },
    });
    assert.deepEqual(settings.securityGroupGuard, {
      mode: "alert",
      approvedRanges: [],
      publicPorts: [],
      exemptAccounts: [],
      exemptOrganizationalUnits: [],
      tell: "unapproved",
      onTimeout: "keep",
    });
    assert.deepEqual(settings.incidentResponse, { mode: "observe", logGroups: [], evidenceRetention: "365d" });
    assert.equal(settings.approvals?.timeout, "30m");
  });

  for (const stack of ["prod", "dev", "sandbox"]) {
    it(`of stack ${stack} are right, and nothing in them needs advice`, () => {
      assert.deepEqual(adviceOn(parseSettings(stack, configOf(`Pulumi.${stack}.yaml`))), []);
    });
  }

  it("leave settings of other programs alone", () => {
    assert.doesNotThrow(() => parseSettings("dev", { ...MINIMAL, "aws:profile": "security", "pulumi:disable-default-providers": ["aws"] }));
  });

  it("accept ids of the sandbox's Organization as well as real ones", () => {
    const ids = ["r-root", "r-abcd", "ou-root-production", "ou-root-security00", "ou-abcd-12345678"];
    const config = fullWith([["tocsin:organization", "forwarding", "organizationalUnitIds"], ids]);
    assert.doesNotThrow(() => parseSettings("prod", config));
  });

  it("accept what the Organization has already, part by part", () => {
    const existingTrail = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/audit";
    const { organization } = parseSettings(
      "prod",
      fullWith(
        [["tocsin:organization", "manage"], { inspector: false }],
        [["tocsin:organization", "existingTrail"], existingTrail],
        [["tocsin:organization", "deploymentRole"], "tocsin-deployment"],
      ),
    );
    assert.deepEqual(organization.manage, { securityHub: true, guardDuty: true, inspector: false, trustedAccess: true, trail: true });
    assert.deepEqual([organization.existingTrail, organization.deploymentRole], [existingTrail, "tocsin-deployment"]);
  });

  it("accept a Slack incoming webhook, which knows its channel", () => {
    assert.doesNotThrow(() =>
      parseSettings("prod", fullWith([["tocsin:channels", "soc-slack"], { kind: "slack", webhookSecretName: "tocsin/webhook" }])),
    );
  });

  it("accept every kind of channel, runbooks, digests and routes that continue", () => {
    const settings = parseSettings(
      "prod",
      fullWith(
        [["tocsin:channels", "soc-teams"], { kind: "teams", webhookSecretName: "tocsin/teams" }],
        [
          ["tocsin:channels", "siem"],
          { kind: "webhook", webhookSecretName: "tocsin/siem", signingSecretName: "tocsin/siem-key", allowedHosts: ["siem.example.com"] },
        ],
        [["tocsin:routes", 0], { to: ["siem", "soc-teams", "soc-mail"], continue: true, digest: "daily" }],
        [
          ["tocsin:runbooks"],
          [{ when: { origins: ["guardduty"] }, url: "https://wiki/threats" }, { url: "https://wiki.example.com/#all" }],
        ],
      ),
    );
    assert.deepEqual(settings.routes[0], { to: ["siem", "soc-teams", "soc-mail"], continue: true, digest: "daily" });
    assert.deepEqual(settings.runbooks[1], { url: "https://wiki.example.com/#all" });
  });

  it("accept a mute of 90 days", () => {
    const expires = "2026-05-30T11:00:00+02:00";
    const { mutes } = parseSettings("prod", fullWith([["tocsin:mutes", 0, "expires"], expires]), NOW);
    assert.equal(mutes[0]?.expires, expires);
  });

  it("give durations in seconds", () => {
    const { alerts, approvals } = parseSettings("prod", configOf(FULL));
    assert.equal(durationSeconds(alerts.forget), 30 * 86_400);
    assert.equal(approvals && durationSeconds(approvals.timeout), 1800);
  });

  it("fit what the functions take", () => {
    const settings: Settings = parseSettings("prod", configOf(FULL));
    const forFunctions: { alerts: AlertSettings; routes: readonly Route[] } = settings;
    assert.deepEqual(JSON.parse(JSON.stringify(forFunctions.routes)), settings.routes);
  });
});

describe("advice on settings", () => {
  const advice = (...changes: readonly Change[]) => adviceOn(parseSettings("prod", fullWith(...changes), NOW), NOW);

  it("warns of routes that are never used and channels that no route leads to", () => {
    assert.deepEqual(advice([["tocsin:routes", 0], { when: {}, to: ["soc-mail"] }], [["tocsin:routes", 1], { to: ["soc-slack"] }]), [
      "tocsin:routes[1] is never used: tocsin:routes[0] already takes all that fits it",
      "tocsin:routes[2] is never used: tocsin:routes[0] already takes all that fits it",
      "tocsin:channels.pager: no route leads to this channel",
    ]);
  });

  it("warns of a Slack channel that an incoming webhook does not heed", () => {
    const channel = { kind: "slack", webhookSecretName: "tocsin/webhook", channel: "C0123456789" };
    assert.deepEqual(advice([["tocsin:channels", "soc-slack"], channel]), [
      "tocsin:channels.soc-slack.channel has no effect: an incoming webhook writes to the channel that it was made for; remove it",
    ]);
  });

  it("lists mutes that have expired, from the moment on", () => {
    const config = fullWith();
    const expires = Date.parse("2026-03-03T09:00:00Z");
    assert.deepEqual(adviceOn(parseSettings("prod", config), expires), [
      "tocsin:mutes[0] (penetration test, by alice@example.com) expired on 2026-03-03T09:00:00Z; remove it",
    ]);
    assert.deepEqual(adviceOn(parseSettings("prod", config), expires - 1), []);
  });

  it("warns of a mute that mutes nothing", () => {
    assert.deepEqual(advice([["tocsin:mutes", 0, "when"], { severities: ["CRITICAL"] }]), [
      "tocsin:mutes[0] mutes nothing: each of its severities is graver than its highestSeverity HIGH",
    ]);
    assert.deepEqual(advice([["tocsin:mutes", 0, "when"], { severities: ["CRITICAL", "HIGH"] }]), []);
    assert.deepEqual(advice([["tocsin:mutes", 0, "when"], { reasons: ["resolved", "escalated"] }]), [
      "tocsin:mutes[0] mutes nothing: what has become graver (escalated) or is over (resolved) is told whatever is muted",
    ]);
    assert.deepEqual(advice([["tocsin:mutes", 0, "when"], { reasons: ["reminder", "escalated"] }]), []);
  });

  it("warns of periods for severities that are not let in", () => {
    assert.deepEqual(advice([["tocsin:alerts", "remind", "LOW"], "5d"]), [
      "tocsin:alerts.remind.LOW: no source lets LOW in, so this has no effect",
    ]);
  });

  it("warns of a range that approves every address", () => {
    assert.deepEqual(advice([["tocsin:securityGroupGuard", "approvedRanges", 1], "::/0"]), [
      "tocsin:securityGroupGuard.approvedRanges[1]: ::/0 approves every address",
    ]);
  });

  it("warns of a guard that no trail would tell of changes", () => {
    const untracked: Change = [["tocsin:organization", "manage"], { trail: false }];
    assert.deepEqual(advice(untracked), [
      "tocsin:organization.manage.trail is false and existingTrail names no other: where no trail records management write events, changes of security groups are not seen",
    ]);
    assert.deepEqual(
      advice(untracked, [["tocsin:organization", "existingTrail"], "arn:aws:cloudtrail:eu-west-1:111111111111:trail/audit"]),
      [],
    );
    assert.deepEqual(advice(untracked, [["tocsin:securityGroupGuard"], undefined]), []);
  });
});
