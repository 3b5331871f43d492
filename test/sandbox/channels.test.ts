import assert from "node:assert/strict";
import type { DeliveryEntry } from "../../sandbox/replay/report";
import { fixture } from "../functions/normalize/support";
import { type Played, replay, type Step } from "../support/replay";
import { faultsOf } from "../support/slack";

const CONFIG = `
config:
  aws:region: eu-west-1
  tocsin:organization:
    managementAccountId: "111111111111"
    securityAccountId: "222222222222"
    regions: [eu-west-1]
    forwarding: { via: stackset, organizationalUnitIds: [r-root] }
  tocsin:alerts:
    sources: [{ origin: guardduty, severities: [CRITICAL, HIGH, MEDIUM] }]
  tocsin:channels:
    mail: { kind: email, from: tocsin@example.com, to: [soc@example.com] }
    bot: { kind: slack, channel: C0123456789, secretName: tocsin/slack }
    hook: { kind: slack, webhookSecretName: tocsin/slack-hook }
    teams: { kind: teams, webhookSecretName: tocsin/teams }
    siem: { kind: webhook, webhookSecretName: tocsin/siem, signingSecretName: tocsin/siem-key, allowedHosts: [siem.example.com] }
    pager:
      kind: sns
      subscriptions: [{ protocol: sms, endpoint: "+447700900123" }, { protocol: https, endpoint: "https://events.example.com/tocsin" }]
  tocsin:routes:
    - { when: { severities: [CRITICAL] }, to: [mail, bot, hook, teams, siem, pager] }
    - { when: { severities: [HIGH] }, to: [mail, bot, hook] }
    - { to: [mail] }
  tocsin:mutes:
    - { when: { accounts: [lab] }, reason: penetration test, owner: alice@example.com, expires: "2026-03-02T09:00:00Z", highestSeverity: HIGH }
`;

/** A GuardDuty finding of its own in an account. */
function threat(account: string, name: string, changes: Readonly<Record<string, unknown>> = {}): Step["line"] {
  const event = fixture("guardduty-ssh-brute-force-target") as { detail: Record<string, unknown> };
  const { account: _account, id: _id, time: _time, ...rest } = event as typeof event & Record<string, unknown>;
  const arn = `arn:aws:guardduty:eu-west-1:333333333333:detector/12abc34d567e8fa901bc2d34e56789f0/finding/${name}`;
  return { account, region: "eu-west-1", event: { ...rest, detail: { ...event.detail, accountId: undefined, id: name, arn, ...changes } } };
}

const severe = { severity: 9.2, accountId: "333333333333" };
const grave = { severity: 8, accountId: "333333333333" };
const archived = {
  service: { ...(fixture("guardduty-ssh-brute-force-target") as { detail: { service: object } }).detail.service, archived: true },
};

const STEPS: readonly Step[] = [
  { name: "an attack", line: threat("payments", "a1", severe) },
  { name: "its end", line: threat("payments", "a1", { ...severe, ...archived, updatedAt: "2026-03-01T09:30:00.000Z" }) },
  { line: { fault: { service: "slack", error: "service_unavailable", status: 503, for: "60m" } } },
  { name: "while Slack is down", line: threat("payments", "b2", grave) },
  { line: { advance: "3h" } },
  { line: { fault: { service: "slack", error: "ratelimited", status: 429, times: 3 } } },
  { name: "while Slack is busy", line: threat("payments", "c3", grave) },
  { name: "muted", line: threat("lab", "d4", { severity: 8, accountId: "666666666666" }) },
  { name: "muted, but worse", line: threat("lab", "e5", { severity: 9.2, accountId: "666666666666" }) },
  { line: { at: "2026-03-02T10:30:00Z" } },
  {
    line: {
      aws: {
        account: "security",
        region: "eu-west-1",
        service: "secretsmanager",
        operation: "PutSecretValue",
        input: { SecretId: "tocsin/slack-hook", SecretString: "https://hooks.slack.com.evil.example/services/T0/B0/x" },
      },
    },
  },
  { line: { advance: "10m" } },
  { name: "with a URL that nobody allowed", line: threat("payments", "f6", grave) },
  { line: { advance: "4h" } },
];

describe("channels", function () {
  this.timeout(180_000);
  let played: Played;
  before(async () => {
    played = await replay(STEPS, CONFIG);
  });

  const told = (name: string, reason = "new"): readonly DeliveryEntry[] =>
    played.deliveries(name).filter((delivery) => delivery.reason === reason);
  const channels = (deliveries: readonly DeliveryEntry[]): string[] => deliveries.map(({ channel }) => String(channel)).sort();
  const minutes = (delivery: DeliveryEntry | undefined): number =>
    (Date.parse(delivery?.at ?? "") - Date.parse("2026-03-01T09:00:00Z")) / 60_000;

  it("are told once each, of every kind, with the account's name", () => {
    const deliveries = told("an attack");
    assert.deepEqual(channels(deliveries), ["bot", "hook", "mail", "pager", "siem", "teams"]);
    assert.ok(deliveries.every(({ accountName, payload }) => accountName === "payments" && JSON.stringify(payload).includes("payments")));
    for (const { payload } of deliveries.filter(({ kind }) => kind === "slack")) {
      assert.equal(faultsOf(payload), "");
    }
  });

  it("hear that it is over where they can use it, and nobody gets a mail for that", () => {
    assert.deepEqual(channels(told("its end", "resolved")), ["bot", "hook", "pager", "siem", "teams"]);
    const [first, end] = played.deliveries("an attack").filter(({ channel }) => channel === "bot");
    assert.equal(first?.payload.thread_ts, undefined);
    assert.ok(end?.payload.thread_ts);
  });

  it("open and close the same incident in PagerDuty", () => {
    const incidents = played
      .deliveries("an attack")
      .filter(({ kind }) => kind === "sns")
      .map(({ payload }) => JSON.parse((JSON.parse(String(payload.Message)) as { https: string }).https) as Record<string, unknown>);
    assert.deepEqual(
      incidents.map(({ event_action: action }) => action),
      ["trigger", "resolve"],
    );
    assert.equal(new Set(incidents.map(({ dedup_key: key }) => key)).size, 1);
  });

  it("of kind webhook get signed requests: the receiver takes no other", () => {
    const [request] = told("an attack").filter(({ kind }) => kind === "webhook");
    assert.ok(request);
    const { headers, body } = request.payload as { headers: Record<string, string>; body: Record<string, unknown> };
    assert.match(headers["webhook-signature"] ?? "", /^v1,/);
    assert.deepEqual([body.type, body.reason], ["alert", "new"]);
  });

  it("wait for Slack for an hour while mail goes on, and Slack then hears of it once", () => {
    const [mail] = told("while Slack is down").filter(({ channel }) => channel === "mail");
    const slack = told("while Slack is down").filter(({ kind }) => kind === "slack");
    assert.ok(minutes(mail) < 2, `mail after ${minutes(mail)} minutes`);
    assert.deepEqual(channels(slack), ["bot", "hook"]);
    for (const delivery of slack) {
      assert.ok(minutes(delivery) >= 60 && minutes(delivery) <= 80, `Slack after ${minutes(delivery)} minutes`);
    }
  });

  it("wait as long as Slack asks for, and neither lose nor double anything", () => {
    assert.deepEqual(channels(told("while Slack is busy")), ["bot", "hook", "mail"]);
  });

  it("hear nothing of what is muted until the mute ends, and at once of what is graver than it may silence", () => {
    assert.equal(played.outcome("muted"), "quiet/muted");
    const [mail] = told("muted").filter(({ channel }) => channel === "mail");
    assert.ok(minutes(mail) >= 24 * 60 && minutes(mail) <= 25 * 60, `told after ${minutes(mail)} minutes`);
    assert.equal(played.outcome("muted, but worse"), "notify/new");
  });

  it("whose URL is not of an allowed host are never called; the message rests in the dead-letter queue, and the others are told", () => {
    assert.deepEqual(channels(told("with a URL that nobody allowed")), ["bot", "mail"]);
    assert.deepEqual(
      played.report.deadLetters.map(({ queue }) => queue),
      ["tocsin-undelivered-dlq"],
    );
    assert.ok(played.report.alarms.includes("tocsin-undelivered-dlq-not-empty"));
  });

  it("need no permission that their functions do not have", () => assert.deepEqual(played.report.denied, []));
});
