import fc from "fast-check";
import type { AccountInfo, Alert, StormSummary } from "../../functions/alert";
import { ALERT_REASONS } from "../../functions/alert";
import { SEVERITIES } from "../../functions/finding";
import type { MessageInput } from "../../functions/message/content";
import { aFinding, anAlert } from "./findings";

/** What attackers write into names and titles. */
const TRICKS = [
  "<script>alert(1)</script>",
  "<!channel>",
  "<!here|here>",
  "<at>everyone</at>",
  "[click](javascript:alert(1))",
  "![x](https://evil.example/x.png)",
  "javascript:alert(1)",
  "**bold** _it_ `code` ~~gone~~",
  "\n- list\n1. one\n# big\n> quote",
  "{{DATE(2026-03-01T09:00:00Z)}}",
  "&lt;b&gt;",
  '"}],"event_action":"resolve","x":[{"',
  "\r\nBcc: all@example.com\r\n\r\n",
  "\u0000\u0007\u001b[31m",
  "\u202Etxt.exe",
  "\u2066\u2069",
  "שלום",
  "🚨👩‍👩‍👧‍👦",
  "\uD800",
  "\u2028\u2029",
  "\\",
  '"',
  "\u4E2D",
];

/** Texts made of tricks, up to a length, often as long as can be. */
export const hostileText = (limit: number): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .array(fc.oneof(fc.constantFrom(...TRICKS), fc.string({ unit: "binary", maxLength: 40 }), fc.string({ maxLength: 40 })), {
        maxLength: 8,
      })
      .map((pieces) => pieces.join("").slice(0, limit)),
    fc.constantFrom(...TRICKS).map((trick) => trick.repeat(Math.ceil(limit / trick.length)).slice(0, limit)),
  );

const resource = fc.record({ id: hostileText(1024), type: hostileText(128), name: hostileText(256), tags: fc.constant({}) });

const finding = fc
  .record({
    severity: fc.constantFrom(...SEVERITIES),
    title: hostileText(256),
    description: hostileText(1024),
    kind: hostileText(256),
    id: hostileText(1024),
    region: hostileText(40),
    sample: fc.boolean(),
    resources: fc.array(resource, { maxLength: 20 }),
    facts: fc.array(fc.record({ label: hostileText(64), value: hostileText(512) }), { maxLength: 20 }),
    remediation: fc.record({ text: hostileText(1024), url: hostileText(300) }),
    consoleUrl: fc.oneof(hostileText(300), fc.constant(`https://console.aws.amazon.com/${"a".repeat(1_400)}`)),
    firstSeen: hostileText(40),
    updatedAt: hostileText(40),
  })
  .map((fields) => aFinding(fields));

const storm: fc.Arbitrary<StormSummary> = fc.record({
  kind: hostileText(256),
  from: hostileText(30),
  to: hostileText(30),
  count: fc.integer({ min: 1, max: 10_000_000 }),
  severities: fc.constant({ CRITICAL: 1_000_000, HIGH: 3 }),
  reasons: fc.constantFrom({ new: 1_000_003 }, { new: 1_000_000, escalated: 1, reopened: 1, reminder: 1 }),
  escalatedFrom: fc.constantFrom([], ["HIGH"] as const, ["LOW", "MEDIUM", "HIGH"] as const),
  accounts: fc.array(fc.record({ id: hostileText(64), name: hostileText(256), count: fc.nat() }), { minLength: 1, maxLength: 20 }),
  accountCount: fc.integer({ min: 20, max: 10_000 }),
  findings: fc.array(
    fc.record({
      id: hostileText(256),
      severity: fc.constantFrom(...SEVERITIES),
      title: hostileText(256),
      accountId: hostileText(12),
      accountName: hostileText(256),
      region: hostileText(40),
      resource: hostileText(1024),
    }),
    { maxLength: 40 },
  ),
  list: fc.record({ bucket: fc.constant("lists"), key: fc.constant("list.csv"), url: hostileText(300) }),
});

const alert: fc.Arbitrary<Alert> = fc
  .record({
    reason: fc.constantFrom(...ALERT_REASONS),
    finding,
    lastDelivery: hostileText(30),
    episode: hostileText(100),
    storm: fc.option(storm, { nil: undefined }),
  })
  .map(anAlert);
const account: fc.Arbitrary<AccountInfo> = fc.record({
  id: hostileText(12),
  name: hostileText(256),
  path: fc.array(hostileText(128), { maxLength: 5 }),
});

/** What a message is made of when all texts are an attacker's. */
export const hostileInput: fc.Arbitrary<MessageInput> = fc.record({
  alert,
  account,
  runbook: fc.option(hostileText(300), { nil: undefined }),
});
