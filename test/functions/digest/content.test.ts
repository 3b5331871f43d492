import assert from "node:assert/strict";
import { SEVERITIES } from "../../../functions/finding";
import { ago, aMute, anEndedEpisode, anEpisode, anUntoldEpisode, aSubscription, DAY, digestOf, HOUR } from "./support";

const WEB = { id: "444444444444", name: "web", path: ["Production", "Shop"] };
const LAB = { id: "666666666666", name: "lab", path: ["Sandboxes"] };

/** Says in both parts what is expected, whatever the line breaks. */
function bothSay({ page, text }: ReturnType<typeof digestOf>, ...expected: readonly string[]): void {
  const parts = { html: page.text.replace(/\s+/g, " "), text: text.replace(/\s+/g, " ") };
  for (const [part, content] of Object.entries(parts)) {
    for (const words of expected) {
      assert.ok(content.toLowerCase().includes(words.toLowerCase()), `the ${part} part does not say "${words}":\n${content}`);
    }
  }
}

const listed = ({ content }: ReturnType<typeof digestOf>, index: number) => content.lists[index]?.list;

describe("a digest", () => {
  it("says in its subject how much is open, new and resolved, and of which findings", () => {
    const { subject } = digestOf([
      anEpisode(),
      anEpisode({ severity: "HIGH", lastDelivery: ago(5 * DAY), firstSeen: ago(9 * DAY) }),
      anEndedEpisode(ago(HOUR)),
    ]);
    assert.equal(subject, "tocsin digest: 2 open (1 critical), 1 new, 1 resolved · all findings");
  });

  it("counts what is open by severity, the gravest first, with a bar for each", () => {
    const severities = ["HIGH", "CRITICAL", "HIGH", "LOW", "HIGH", "HIGH"] as const;
    const digest = digestOf(severities.map((severity) => anEpisode({ severity })));
    assert.deepEqual(digest.content.severities, [
      { severity: "CRITICAL", count: 1 },
      { severity: "HIGH", count: 4 },
      { severity: "LOW", count: 1 },
    ]);
    bothSay(digest, "6 open findings", "Open by severity");
    const bars = digest.page.elements.filter(({ name, attributes }) => name === "td" && attributes.style?.includes("height:14px"));
    assert.deepEqual(
      bars.map(({ attributes }) => attributes.width),
      ["25%", "75%", "100%", "25%", "75%"],
    );
    assert.match(digest.text, /^ {2}CRITICAL {6}#{10} 1$/m);
    assert.match(digest.text, /^ {2}HIGH {10}#{40} 4$/m);
    assert.ok(!digest.page.elements.some(({ name }) => name === "img"));
  });

  it("counts by account, the most first, by name and organizational unit, and the bare id where nobody knows the name", () => {
    const digest = digestOf(
      [
        anEpisode(),
        ...Array.from({ length: 3 }, () => anEpisode({ accountId: WEB.id, severity: "HIGH" })),
        anEpisode({ accountId: "777777777777" }),
        anEpisode({ accountId: "777777777777", severity: "LOW" }),
      ],
      { accounts: [WEB] },
    );
    assert.deepEqual(
      digest.content.accounts.rows.map(({ name, id, path, open }) => [name, id, path, open]),
      [
        ["web", WEB.id, "Production › Shop", 3],
        ["777777777777", undefined, "", 2],
        ["payments", "333333333333", "Production", 1],
      ],
    );
    bothSay(digest, "Production › Shop · 3 high", "1 critical, 1 low");
  });

  it("shows fifteen accounts and says how many more there are", () => {
    const digest = digestOf(Array.from({ length: 40 }, (_, index) => anEpisode({ accountId: String(100_000_000_000 + index) })));
    assert.deepEqual([digest.content.accounts.rows.length, digest.content.accounts.more], [15, 25]);
    bothSay(digest, "and 25 more accounts");
  });

  it("lists what people were first told of since the last digest, the gravest first", () => {
    const digest = digestOf([
      anEpisode({ severity: "HIGH", title: "told today" }),
      anEpisode({ title: "told before the last digest", lastDelivery: ago(25 * HOUR), firstSeen: ago(3 * DAY) }),
      anEpisode({
        title: "reminded today",
        firstSeen: ago(9 * DAY),
        claim: { telling: "telling", by: "run", until: ago(HOUR), reason: "reminder" },
      }),
      anEpisode({
        title: "new and escalated today",
        firstSeen: ago(9 * HOUR),
        claim: { telling: "telling", by: "event", until: ago(HOUR), reason: "escalated" },
      }),
      anEpisode({
        title: "back today",
        severity: "MEDIUM",
        firstSeen: ago(90 * DAY),
        lastDelivery: "2026-03-02T05:06:00.000Z",
        claim: { telling: "telling", by: "event", until: ago(HOUR), reason: "reopened" },
      }),
      anEpisode({
        title: "told by others today, in an episode before by us",
        severity: "LOW",
        lastDelivery: ago(50 * DAY),
        claim: { telling: "elsewhere", by: "elsewhere", until: ago(2 * HOUR), reason: "new" },
        deliveredTelling: "elsewhere",
      }),
      anEpisode({ title: "claimed, not told yet", deliveredTelling: undefined, firstSeen: ago(HOUR) }),
      anUntoldEpisode({ title: "waits" }),
    ]);
    assert.deepEqual(
      listed(digest, 0)?.rows.map(({ title }) => title),
      ["new and escalated today", "told today", "back today", "told by others today, in an episode before by us"],
    );
    bothSay(digest, "New (4)", "back, told 2 March 2026, 05:06 UTC", "Not told yet: 2 open findings that wait or are muted");
  });

  it("lists what ended since the last digest, but not what nobody knew of or somebody suppressed", () => {
    const digest = digestOf([
      anEndedEpisode("2026-03-02T06:00:00.000Z", { title: "fixed" }),
      anEndedEpisode(ago(25 * HOUR), { title: "fixed before" }),
      anEndedEpisode(ago(HOUR), { title: "never told", toldBefore: false }),
      anEndedEpisode(ago(HOUR), { title: "suppressed", suppressed: true }),
    ]);
    assert.deepEqual(
      listed(digest, 1)?.rows.map(({ title }) => title),
      ["fixed"],
    );
    assert.equal(digest.content.open, 0);
    bothSay(digest, "Nothing is open any more", "Resolved (1)", "resolved 2 March 2026, 06:00 UTC");
  });

  it("lists the ten that are open the longest, with age, account, place and a link to the console", () => {
    const digest = digestOf(
      Array.from({ length: 30 }, (_, index) =>
        anEpisode({ title: `finding ${index}`, accountId: WEB.id, firstSeen: ago((index + 1) * DAY), lastDelivery: ago(3 * DAY) }),
      ).toReversed(),
      { accounts: [WEB] },
    );
    const rows = listed(digest, 2)?.rows ?? [];
    assert.deepEqual(
      rows.map(({ title, when }) => [title, when]),
      Array.from({ length: 10 }, (_, index) => [`finding ${29 - index}`, `for ${30 - index} days`]),
    );
    bothSay(digest, "finding 29 web · eu-west-1 · sg-1 · for 30 days");
    const links = digest.page.elements.filter(({ name }) => name === "a").map(({ attributes }) => attributes.href);
    assert.ok(links.length === 10 && links.every((href) => href?.startsWith("https://eu-west-1.console.aws.amazon.com/securityhub/")));
    assert.ok(digest.text.includes(`    ${links[0]}\n`));
  });

  it("says which mutes cover what, which end before the next digest, and which are over", () => {
    const soon = "2026-03-02T16:00:00Z";
    const digest = digestOf(
      [
        anEpisode({ accountId: LAB.id, severity: "LOW" }),
        anUntoldEpisode({ accountId: LAB.id, severity: "CRITICAL", muted: "CRITICAL" }),
        anEpisode({ accountId: WEB.id }),
        anEpisode(),
      ],
      {
        accounts: [LAB, WEB],
        mutes: [
          aMute({ highestSeverity: "MEDIUM" }),
          aMute({ when: { accounts: ["web"] }, reason: "migration", owner: "bob@example.com", expires: "2026-02-27T07:00:00Z" }),
          aMute({ when: { organizationalUnits: ["Shop"] }, reason: "load test", expires: soon }),
          aMute({ when: { accounts: ["data"] }, reason: "of another team" }),
        ],
      },
    );
    assert.deepEqual(
      digest.content.mutes.rows.map(({ reason, owner, state }) => [reason, owner, state]),
      [
        ["migration", "bob@example.com", "expired"],
        ["load test", "alice@example.com", "expires soon"],
        ["penetration test", "alice@example.com", "lasts"],
      ],
    );
    // In lab the mild one by its mute, and the grave one, which was muted when it came; in web by the load test.
    assert.equal(digest.content.muted, 3);
    bothSay(
      digest,
      "findings in web; expired 27 February 2026, 07:00 UTC: no longer in force, take it out of the settings (it would cover 1 finding here)",
      "findings below Shop; until 2 March 2026, 16:00 UTC, in 9 hours; covers 1 finding here",
      "findings in lab, up to medium; until 20 March 2026, 09:00 UTC, in 18 days; covers 1 finding here",
    );
  });

  it("comes, short, when nothing is open and nothing happened", () => {
    const digest = digestOf([], { subscription: aSubscription({ period: "weekly", route: { to: ["soc-mail"], digest: "weekly" } }) });
    assert.equal(digest.subject, "tocsin digest: nothing open · all findings");
    bothSay(digest, "Nothing is open, and nothing happened", "a digest that stays out would look like a fault");
    assert.ok(digest.text.split("\n").length < 20);
    assert.ok(!/Open by|New \(|Mutes/i.test(digest.page.text));
  });

  it("names the route: what it asks for, and that other routes took their part before", () => {
    const cases: readonly [number, object, string][] = [
      [0, {}, "all findings"],
      [2, {}, "all other findings"],
      [1, { severities: ["CRITICAL", "HIGH"], origins: ["guardduty", "inspector"] }, "critical or high GuardDuty or Inspector findings"],
      [0, { accounts: ["web"], organizationalUnits: ["Shop"], tags: { team: "web" } }, "findings in web, below Shop, tagged team=web"],
      [0, { reasons: ["new", "resolved"] }, "findings that are new or resolved"],
    ];
    for (const [index, when, words] of cases) {
      const subscription = aSubscription({ index, route: { when, to: ["soc-mail"] } });
      assert.equal(digestOf([], { subscription }).content.route, words);
    }
  });

  it("stays below what mail programs show, with a note, whole numbers and what is missing, when everything is long", () => {
    const long = (index: number): string => `${index} <&"> ${"ü&".repeat(600)}`;
    const records = Array.from({ length: 60 }, (_, index) =>
      anEpisode({
        title: long(index),
        accountId: String(100_000_000_000 + index),
        severity: SEVERITIES[index % 5],
        region: long(index),
        resource: { id: long(index), type: "x", name: long(index) },
        ids: [`arn:${"&".repeat(250)}`],
      }),
    );
    const accounts = records.map(({ accountId }) => ({ id: accountId, name: long(1), path: [long(2), long(3)] }));
    const mutes = Array.from({ length: 50 }, () => aMute({ when: { severities: SEVERITIES }, reason: long(0), owner: long(1) }));
    const digest = digestOf(records, { accounts, mutes });
    assert.ok(Buffer.byteLength(digest.html) <= 90_000, `${Buffer.byteLength(digest.html)} bytes`);
    assert.match(digest.page.text, /60 open findings[\s\S]*Cut here/);
    const [, missing] = /and (\d+) more findings/.exec(digest.page.text) ?? [];
    assert.ok(Number(missing) > 45, "those that were cut are counted");
  });
});
