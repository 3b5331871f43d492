/** Configuration of a small stack. */
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
