import assert from "node:assert/strict";
import type { DeliveryEntry } from "../../../sandbox/replay/report";
import { OPEN_PORT_ID } from "../../../sandbox/tour/findings";
import { findingsAlerts } from "../../../sandbox/tour/findings-alerts";
import type { Outcome } from "../../../sandbox/tour/scene";

const mail = (
  episode: string,
  origin: string,
  severity: string,
  accountName: string,
  change: Partial<DeliveryEntry> = {},
): DeliveryEntry => ({
  at: "2026-03-01T09:00:00.000Z",
  cause: "event",
  channel: "soc-mail",
  kind: "email",
  reason: "new",
  episode,
  findingIds: [origin === "securityhub" ? OPEN_PORT_ID : episode],
  origin,
  severity,
  accountId: "",
  accountName,
  region: "eu-west-1",
  resource: "",
  title: "",
  payload: {},
  ...change,
});

const outcome = (deliveries: DeliveryEntry[], decision?: "notify" | "quiet", closed: string[] = []): Outcome => ({
  events: decision === undefined ? [] : ["a", "b", "c"].map((id) => ({ line: 1, id, matched: [], decision, reason: "", episode: null })),
  deliveries,
  deadLetters: [],
  changes: [],
  presses: [],
  closed: closed.map((episode) => ({ kind: "closed", episode })),
});

const port = mail("port-1", "securityhub", "CRITICAL", "payments");
const ssh = mail("ssh-1", "guardduty", "HIGH", "web");
const cve = mail("cve-1", "inspector", "CRITICAL", "data");
const first = outcome([port, ssh, cve], "notify");
const later = { reason: "reminder", cause: "timer", at: "2026-03-06T10:00:00.000Z" } as const;
const reminders = [
  { ...port, ...later },
  { ...cve, ...later },
];
const again = { ...port, reason: "reopened", episode: "port-2" };

describe("The tour's scenes about findings", () => {
  const scenes = findingsAlerts({ remind: { CRITICAL: "5d" } });
  const judged = (index: number, came: Outcome): boolean => {
    const checks = scenes[index]?.judge(came, index === 0 ? [] : [first]) ?? [];
    return checks.length > 0 && checks.every(({ kept }) => kept);
  };

  it("pass when everything came as it should", () => {
    assert.ok(judged(0, first));
    assert.ok(judged(1, outcome([], "quiet")));
    assert.ok(judged(2, outcome(reminders)));
    assert.ok(judged(3, outcome([again], undefined, ["port-1"])));
  });

  it("fail when a mail is missing, doubled, or does not name the account", () => {
    assert.ok(!judged(0, outcome([port, ssh], "notify")));
    assert.ok(!judged(0, outcome([port, ssh, cve, cve], "notify")));
    assert.ok(!judged(0, outcome([port, ssh, { ...cve, accountName: "555555555555" }], "notify")));
  });

  it("fail when a repetition is mailed", () => {
    assert.ok(!judged(1, outcome([port], "quiet")));
  });

  it("fail when a reminder is missing, early, late, or goes to somebody else's finding", () => {
    assert.ok(!judged(2, outcome([])));
    assert.ok(!judged(2, outcome(reminders.slice(1))));
    assert.ok(!judged(2, outcome(reminders.map((reminder) => ({ ...reminder, at: "2026-03-06T08:59:59.000Z" })))));
    assert.ok(!judged(2, outcome(reminders.map((reminder) => ({ ...reminder, at: "2026-03-06T10:00:01.000Z" })))));
    assert.ok(!judged(2, outcome([...reminders, { ...ssh, ...later }])));
  });

  it("fail when the episode was not closed, or its return was not told as a new one", () => {
    assert.ok(!judged(3, outcome([again])));
    assert.ok(!judged(3, outcome([], undefined, ["port-1"])));
    assert.ok(!judged(3, outcome([{ ...again, episode: "port-1" }], undefined, ["port-1"])));
  });

  it("wait as long as the settings say", () => {
    const advance = findingsAlerts({ remind: { CRITICAL: "1w" } })[2]?.steps[0]?.line.advance;
    assert.equal(advance, `${(7 * 24 - 12 + 1) * 60}m`);
  });
});
