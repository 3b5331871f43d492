import assert from "node:assert/strict";
import { parseSettings, SettingsError } from "../../settings";
import { type Change, fullWith, NOW } from "./examples";

/** What is wrong with the full example after these changes. */
function faults(...changes: readonly Change[]): string[] {
  try {
    parseSettings("prod", fullWith(...changes), NOW);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
  return [];
}

const DURATION = "a duration such as 30m, 12h, 5d or 2w";
const RANGE = "an address range such as 10.0.0.0/8 or 2001:db8::/32, without bits set behind the prefix";
const EMAIL = "an e-mail address such as soc@example.com";
const SEVERITIES = "CRITICAL, HIGH, MEDIUM, LOW, INFORMATIONAL";
const ENDPOINT = "an https address of a public host, without user and password in it";
const MOMENT = 'a date and time with time zone, such as "2026-03-03T09:00:00Z"';
const SIEM = {
  kind: "webhook",
  webhookSecretName: "tocsin/siem",
  signingSecretName: "tocsin/siem-key",
  allowedHosts: ["siem.example.com"],
};
const SECRET = "the name of a secret in Secrets Manager; the secret itself is kept there, never here";

/** A mistake: where, what stands there, and what is said about it. */
const WRONG: readonly (readonly [path: (string | number)[], value: unknown, message: string, at?: string])[] = [
  [["aws:region"], undefined, "missing; allowed: a Region such as eu-west-1"],
  [["aws:region"], "eu-west-2", '"eu-west-2" is not among tocsin:organization.regions; allowed: eu-west-1, us-east-1'],
  [
    ["tocsin:organization", "managementAccountId"],
    111111111111,
    '111111111111 is a number; quote it: "111111111111"; allowed: 12 digits in quotes',
  ],
  [["tocsin:organization", "managementAccountId"], "1234", '"1234" is not allowed; allowed: 12 digits in quotes'],
  [
    ["tocsin:organization", "securityAccountId"],
    "111111111111",
    '"111111111111" is the management account; allowed: another account, to which its tasks are delegated',
  ],
  [["tocsin:organization", "regions"], [], "an empty list is not allowed; allowed: a list of Regions", "tocsin:organization.regions"],
  [
    ["tocsin:organization", "regions", 1],
    "Ireland",
    '"Ireland" is not allowed; allowed: a Region such as eu-west-1',
    "tocsin:organization.regions[1]",
  ],
  [["tocsin:organization", "expectedAccounts"], 0, "0 is not allowed; allowed: a whole number from 1 to 50000"],
  [
    ["tocsin:organization", "forwarding", "via"],
    "stackSet",
    '"stackSet" is not allowed; did you mean stackset? allowed: stackset, providers',
  ],
  [["tocsin:organization", "forwarding", "via"], undefined, "missing; allowed: stackset, providers"],
  [
    ["tocsin:organization", "forwarding", "organizationalUnitIds", 0],
    "Production",
    '"Production" is not allowed; allowed: the id of the root or of an organizational unit, such as r-abcd or ou-abcd-12345678',
    "tocsin:organization.forwarding.organizationalUnitIds[0]",
  ],
  [["tocsin:organization", "manage"], { trail: "no" }, '"no" is not allowed; allowed: true, false', "tocsin:organization.manage.trail"],
  [
    ["tocsin:organization", "manage"],
    { guardduty: false },
    "no such setting; did you mean guardDuty? allowed: securityHub, guardDuty, inspector, trustedAccess, trail",
    "tocsin:organization.manage.guardduty",
  ],
  [["tocsin:organization", "existingTrail"], "audit", '"audit" is not allowed; allowed: the ARN of a CloudTrail trail'],
  [
    ["tocsin:organization", "existingTrail"],
    "arn:aws:cloudtrail:eu-west-1:333333333333:trail/audit",
    '"arn:aws:cloudtrail:eu-west-1:333333333333:trail/audit" is not of the management account; allowed: a trail of 111111111111, which owns every organization trail',
  ],
  [
    ["tocsin:organization", "deploymentRole"],
    "arn:aws:iam::111111111111:role/deployment",
    '"arn:aws:iam::111111111111:role/deployment" is not allowed; allowed: the name of an IAM role, up to 64 letters, digits and +=,.@_-',
  ],
  [
    ["tocsin:organization", "forwarding"],
    { via: "providers", accountIds: Array.from({ length: 26 }, (_, index) => String(300000000000 + index)) },
    "26 accounts are not allowed with via: providers; allowed: at most 25, or any number with via: stackset",
    "tocsin:organization.forwarding.accountIds",
  ],
  [
    ["tocsin:alerts", "sources", 0, "severities", 1],
    "SEVERE",
    `"SEVERE" is not allowed; allowed: ${SEVERITIES}`,
    "tocsin:alerts.sources[0].severities[1]",
  ],
  [
    ["tocsin:alerts", "sources", 0, "severities", 1],
    "high",
    `"high" is not allowed; did you mean HIGH? allowed: ${SEVERITIES}`,
    "tocsin:alerts.sources[0].severities[1]",
  ],
  [
    ["tocsin:alerts", "sources", 0, "severities", 1],
    "CRITICAL",
    '"CRITICAL" is listed twice; allowed: each once',
    "tocsin:alerts.sources[0].severities[1]",
  ],
  [
    ["tocsin:alerts", "sources", 1, "origin"],
    "macie",
    '"macie" is not allowed; allowed: securityhub, guardduty, inspector',
    "tocsin:alerts.sources[1].origin",
  ],
  [
    ["tocsin:alerts", "sources", 1, "standards"],
    ["cis"],
    "no such setting; allowed: origin, severities",
    "tocsin:alerts.sources[1].standards",
  ],
  [["tocsin:alerts", "remnd"], {}, "no such setting; did you mean remind? allowed: sources, remind, wait, writeBack, forget"],
  [["tocsin:alerts", "remind", "CRITICAL"], "5 days", `"5 days" is not allowed; allowed: ${DURATION}, at most 365d`],
  [["tocsin:alerts", "remind", "CRITICAL"], "53w", `"53w" is not allowed; allowed: ${DURATION}, at most 365d`],
  [["tocsin:alerts", "remind", "CRITICAL"], 5, `5 is a number; quote it: "5"; allowed: ${DURATION}, at most 365d`],
  [["tocsin:alerts", "wait", "SEVERE"], "1d", `no such setting; allowed: ${SEVERITIES}`],
  [["tocsin:alerts", "writeBack"], "yes", '"yes" is not allowed; allowed: true, false'],
  [["tocsin:channels", "soc-mail"], null, "an empty value is not allowed; allowed: a group with kind"],
  [
    ["tocsin:channels", "soc-mail", "kind"],
    "mail",
    '"mail" is not allowed; did you mean email? allowed: email, slack, sns, teams, webhook',
  ],
  [["tocsin:channels", "soc-mail", "from"], "tocsin@example", `"tocsin@example" is not allowed; allowed: ${EMAIL}`],
  [["tocsin:channels", "soc-mail", "to"], "soc@example.com", '"soc@example.com" is not allowed; allowed: a list of e-mail addresses'],
  [
    ["tocsin:channels", "soc-mail", "to"],
    Array.from({ length: 51 }, (_, index) => `${index}@a.example`),
    "51 entries are not allowed; allowed: at most 50",
  ],
  [
    ["tocsin:channels", "soc-slack", "channel"],
    "#soc",
    '"#soc" is not allowed; allowed: a Slack channel id such as C0123456789 (in Slack: channel details, at the bottom), not its name',
  ],
  [
    ["tocsin:channels", "soc-slack", "channel"],
    undefined,
    "secretName without channel: a bot token does not say where to write; add the channel's id",
    "tocsin:channels.soc-slack",
  ],
  [
    ["tocsin:channels", "soc-slack", "webhookSecretName"],
    "tocsin/webhook",
    "both secretName and webhookSecretName are given; allowed: secretName for a bot token, or webhookSecretName for an incoming webhook",
    "tocsin:channels.soc-slack",
  ],
  [
    ["tocsin:channels", "soc-slack", "secretName"],
    undefined,
    "neither secretName nor webhookSecretName is given; allowed: secretName for a bot token, or webhookSecretName for an incoming webhook",
    "tocsin:channels.soc-slack",
  ],
  [
    ["tocsin:channels", "pager", "subscriptions", 0, "endpoint"],
    "07700900123",
    '"07700900123" is not allowed; allowed: a phone number with country code, in quotes, such as "+447700900123"',
    "tocsin:channels.pager.subscriptions[0].endpoint",
  ],
  [
    ["tocsin:channels", "pager", "subscriptions", 1, "endpoint"],
    "http://a.example",
    `"http://a.example" is not allowed; allowed: ${ENDPOINT}`,
    "tocsin:channels.pager.subscriptions[1].endpoint",
  ],
  ...[
    "https://192.0.2.1/",
    "https://[2001:db8::1]/",
    "https://localhost/",
    "https://a.example/a b",
    "https://",
    "events.pagerduty.com",
  ].map((endpoint): (typeof WRONG)[number] => [
    ["tocsin:channels", "pager", "subscriptions", 1, "endpoint"],
    endpoint,
    `"${endpoint}" is not allowed; allowed: ${ENDPOINT}`,
    "tocsin:channels.pager.subscriptions[1].endpoint",
  ]),
  [
    ["tocsin:channels", "pager", "subscriptions", 1, "endpoint"],
    "https://soc:secret@a.example/",
    `"http…" (a credential) is not allowed; allowed: ${ENDPOINT}`,
    "tocsin:channels.pager.subscriptions[1].endpoint",
  ],
  [
    ["tocsin:channels", "siem"],
    { ...SIEM, signingSecretName: "tocsin/siem" },
    'webhookSecretName and signingSecretName are both "tocsin/siem"; allowed: a secret each, as each holds one value',
  ],
  ...["203.0.113.7", "2001:db8::1", "0x7f.1", "localhost", "siem.example.com:8443", "*.example.com"].map((host): (typeof WRONG)[number] => [
    ["tocsin:channels", "siem"],
    { ...SIEM, allowedHosts: [host] },
    `"${host}" is not allowed; allowed: the name of a host such as siem.example.com, no IP address`,
    "tocsin:channels.siem.allowedHosts[0]",
  ]),
  [
    ["tocsin:channels", "siem"],
    { ...SIEM, allowedHosts: [] },
    "an empty list is not allowed; allowed: a list of host names",
    "tocsin:channels.siem.allowedHosts",
  ],
  [["tocsin:channels", "team"], { kind: "teams" }, `missing; allowed: ${SECRET}`, "tocsin:channels.team.webhookSecretName"],
  [
    ["tocsin:routes", 2, "to", 0],
    "soc-mial",
    '"soc-mial" is not allowed; did you mean soc-mail? allowed: soc-mail, soc-slack, pager (the names in tocsin:channels)',
    "tocsin:routes[2].to[0]",
  ],
  [
    ["tocsin:routes", 1, "when", "accounts"],
    [333333333333],
    `333333333333 is a number; quote it: "333333333333"; allowed: an account's name, or its id of 12 digits in quotes`,
    "tocsin:routes[1].when.accounts[0]",
  ],
  [
    ["tocsin:routes", 1, "when", "tags"],
    { stage: true },
    'true is a boolean; quote it: "true"; allowed: the value of a tag',
    "tocsin:routes[1].when.tags.stage",
  ],
  [
    ["tocsin:routes", 1, "when", "reasons"],
    ["mute"],
    '"mute" is not allowed; allowed: new, reminder, escalated, reopened, resolved',
    "tocsin:routes[1].when.reasons[0]",
  ],
  [["tocsin:routes", 0, "continue"], "yes", '"yes" is not allowed; allowed: true, false', "tocsin:routes[0].continue"],
  [["tocsin:routes", 0, "digest"], "hourly", '"hourly" is not allowed; allowed: daily, weekly', "tocsin:routes[0].digest"],
  [
    ["tocsin:routes", 1, "digest"],
    "daily",
    "digest needs an e-mail channel to be sent to; allowed: digest on a route with a channel of kind email in to",
    "tocsin:routes[1]",
  ],
  [
    ["tocsin:runbooks"],
    [{ url: "http://wiki.example.com" }],
    '"http://wiki.example.com" is not allowed; allowed: an https address without user and password in it',
    "tocsin:runbooks[0].url",
  ],
  [["tocsin:securityGroupGuard", "mode"], "fix", '"fix" is not allowed; allowed: alert, approve, revert'],
  [
    ["tocsin:securityGroupGuard", "approvedRanges", 0],
    "10.0.0.1/8",
    `"10.0.0.1/8" is not allowed; allowed: ${RANGE}`,
    "tocsin:securityGroupGuard.approvedRanges[0]",
  ],
  [
    ["tocsin:securityGroupGuard", "approvedRanges", 0],
    "10.0.0.0/33",
    `"10.0.0.0/33" is not allowed; allowed: ${RANGE}`,
    "tocsin:securityGroupGuard.approvedRanges[0]",
  ],
  [
    ["tocsin:securityGroupGuard", "approvedRanges", 0],
    "2001:db8::1/32",
    `"2001:db8::1/32" is not allowed; allowed: ${RANGE}`,
    "tocsin:securityGroupGuard.approvedRanges[0]",
  ],
  [
    ["tocsin:securityGroupGuard", "publicPorts", 0],
    65_536,
    "65536 is not allowed; allowed: a whole number from 1 to 65535",
    "tocsin:securityGroupGuard.publicPorts[0]",
  ],
  [
    ["tocsin:approvals", "approvers", 0],
    "alice",
    '"alice" is not allowed; allowed: a Slack user id such as U0123456789 (in Slack: profile, copy member ID)',
    "tocsin:approvals.approvers[0]",
  ],
  [
    ["tocsin:approvals", "identities"],
    { U9876543210: ["bob"] },
    '"U9876543210" is no approver; allowed: U0123456789 (approvers)',
    "tocsin:approvals.identities.U9876543210",
  ],
  [
    ["tocsin:channels", "soc-slack"],
    { kind: "teams", webhookSecretName: "tocsin/teams" },
    '"approve" needs a channel of kind slack, where the buttons are',
    "tocsin:incidentResponse.mode",
  ],
  [["tocsin:approvals"], undefined, '"approve" needs tocsin:approvals, which says who may approve', "tocsin:incidentResponse.mode"],
  [["tocsin:mutes", 0, "expires"], "2026-03-03", `"2026-03-03" is not allowed; allowed: ${MOMENT}`, "tocsin:mutes[0].expires"],
  [["tocsin:mutes", 0, "expires"], undefined, `missing; allowed: ${MOMENT}`, "tocsin:mutes[0].expires"],
  [
    ["tocsin:mutes", 0, "expires"],
    "2026-05-30T09:00:01Z",
    '"2026-05-30T09:00:01Z" is more than 90 days ahead; allowed: at the latest 2026-05-30T09:00:00.000Z',
    "tocsin:mutes[0].expires",
  ],
  [
    ["tocsin:mutes", 0, "when"],
    {},
    "an empty when would mute everything; allowed: a when that names what is muted",
    "tocsin:mutes[0].when",
  ],
  [["tocsin:mutes", 0, "highestSeverity"], "SEVERE", `"SEVERE" is not allowed; allowed: ${SEVERITIES}`, "tocsin:mutes[0].highestSeverity"],
  [["tocsin:mutes", 0, "owner"], undefined, "missing; allowed: who answers for it, not empty", "tocsin:mutes[0].owner"],
  [["tocsin:storm"], "20", '"20" is not allowed; allowed: a group of over, within'],
  [
    ["tocsin:storms"],
    {},
    "no such setting; did you mean storm? allowed: organization, alerts, channels, routes, runbooks, securityGroupGuard, incidentResponse, approvals, mutes, storm",
  ],
];

describe("wrong settings", () => {
  for (const [path, value, message, at = path.join(".")] of WRONG) {
    it(`are named: ${path.join(".")} = ${JSON.stringify(value)?.slice(0, 60)}`, () => {
      assert.deepEqual(faults([path, value]), [`${at}: ${message}`]);
    });
  }

  it("are named all at once, also what ties them together, below one heading", () => {
    const config = fullWith(
      [["tocsin:alerts", "sources", 0, "severities", 1], "SEVERE"],
      [["tocsin:channels", "Mail Room"], { kind: "email", from: "x", to: ["soc@example.com"] }],
      [["tocsin:routes", 0, "to", 0], "nowhere"],
      [["tocsin:routes", 1, "to"], []],
    );
    assert.throws(() => parseSettings("prod", config), {
      name: "SettingsError",
      message: [
        "Settings of stack prod are wrong:",
        `  tocsin:alerts.sources[0].severities[1]: "SEVERE" is not allowed; allowed: ${SEVERITIES}`,
        `  tocsin:channels["Mail Room"].from: "x" is not allowed; allowed: ${EMAIL}`,
        "  tocsin:routes[1].to: an empty list is not allowed; allowed: a list of channel names",
        '  tocsin:routes[0].to[0]: "nowhere" is not allowed; allowed: soc-mail, soc-slack, pager, Mail Room (the names in tocsin:channels)',
        '  tocsin:channels["Mail Room"]: "Mail Room" is not allowed as a name; allowed: up to 40 lower-case letters, digits and -, the first one a letter',
      ].join("\n"),
    });
  });

  it("are named section by section when there is nothing at all", () => {
    assert.throws(
      () => parseSettings("dev", {}),
      (error: Error) => {
        assert.equal(error.message.split("\n").length, 6);
        assert.match(error.message, /tocsin:alerts: missing; allowed: a group of sources, remind, wait, writeBack, forget/);
        return true;
      },
    );
  });

  it("never show a secret that was pasted where its name belongs", () => {
    for (const secret of ["xoxb-1234567890-abcdef", "https://hooks.slack.com/services/T000/B000/abcdef"]) {
      const [fault] = faults([["tocsin:channels", "soc-slack", "secretName"], secret]);
      assert.equal(
        fault,
        `tocsin:channels.soc-slack.secretName: "${secret.slice(0, 4)}…" (a credential) is not allowed; allowed: ${SECRET}`,
      );
    }
  });

  it("stay short in the message, however long they are", () => {
    const [fault = ""] = faults([["aws:region"], "x".repeat(10_000)]);
    assert.ok(fault.length < 200, fault);
  });
});
