/** Configuration of a small stack: mail alone. */
export const CONFIG: Readonly<Record<string, unknown>> = {
  "aws:region": "eu-west-1",
  "tocsin:organization": {
    managementAccountId: "111111111111",
    securityAccountId: "222222222222",
    regions: ["eu-west-1", "us-east-1"],
    forwarding: { via: "stackset", organizationalUnitIds: ["r-root"] },
  },
  "tocsin:alerts": {
    sources: [
      { origin: "securityhub", standards: ["cis", "fsbp"], severities: ["CRITICAL", "HIGH"] },
      { origin: "guardduty", severities: ["CRITICAL", "HIGH", "MEDIUM"] },
      { origin: "inspector", severities: ["CRITICAL"] },
    ],
    remind: { CRITICAL: "5d", HIGH: "15d" },
    wait: { MEDIUM: "1d" },
  },
  "tocsin:channels": {
    "soc-mail": { kind: "email", from: "tocsin@example.com", to: ["soc@example.com"] },
    "patch-mail": { kind: "email", from: "tocsin@mail.example.com", to: ["patching@example.com", "soc@example.com"] },
  },
  "tocsin:routes": [{ when: { origins: ["inspector"] }, to: ["patch-mail"] }, { to: ["soc-mail"] }],
};

/** Time at which the mute below lasts. */
export const NOW = Date.parse("2026-03-01T09:00:00Z");

/** The same with every kind of channel and everything that the settings can ask for about telling. */
export const FULL_CONFIG: Readonly<Record<string, unknown>> = {
  ...CONFIG,
  "tocsin:channels": {
    ...(CONFIG["tocsin:channels"] as object),
    "soc-slack": { kind: "slack", channel: "C0123456789", secretName: "tocsin/slack" },
    "web-slack": { kind: "slack", webhookSecretName: "tocsin/web-slack" },
    pager: {
      kind: "sns",
      subscriptions: [
        { protocol: "sms", endpoint: "+447700900123" },
        { protocol: "email", endpoint: "oncall@example.com" },
        { protocol: "https", endpoint: "https://events.pagerduty.com/integration/0123456789abcdef0123456789abcdef/enqueue" },
        { protocol: "https", endpoint: "https://alerts.example.com/sns" },
      ],
    },
    phones: { kind: "sns", subscriptions: [{ protocol: "sms", endpoint: "+447700900456" }] },
    archive: { kind: "sns", subscriptions: [{ protocol: "sqs", endpoint: "arn:aws:sqs:eu-west-1:333333333333:findings" }] },
    teams: { kind: "teams", webhookSecretName: "tocsin/teams" },
    siem: {
      kind: "webhook",
      webhookSecretName: "tocsin/siem",
      signingSecretName: "tocsin/siem-signing",
      allowedHosts: ["siem.example.com"],
    },
  },
  "tocsin:routes": [
    { when: { reasons: ["resolved"] }, to: ["siem"], continue: true },
    { when: { severities: ["CRITICAL"] }, to: ["pager", "phones", "soc-slack"], continue: true },
    { when: { origins: ["inspector"] }, to: ["patch-mail"] },
    { to: ["soc-mail", "web-slack", "teams", "siem", "archive"], digest: "daily" },
  ],
  "tocsin:runbooks": [{ when: { origins: ["guardduty"] }, url: "https://wiki.example.com/guardduty" }],
  "tocsin:mutes": [
    { when: { accounts: ["lab"] }, reason: "penetration test", owner: "alice@example.com", expires: "2026-03-03T09:00:00Z" },
  ],
  "tocsin:storm": { over: 20, within: "10m" },
  "tocsin:securityGroupGuard": {
    mode: "approve",
    approvedRanges: ["10.0.0.0/8", "2001:db8::/32"],
    publicPorts: [80, 443],
    exemptTag: "tocsin:exempt",
    exemptOrganizationalUnits: ["Sandbox"],
    onTimeout: "undo",
  },
  "tocsin:approvals": {
    approvers: ["U0123456789", "U9876543210"],
    identities: { U9876543210: ["alice@example.com"] },
    signingSecretName: "tocsin/slack-signing",
  },
};
