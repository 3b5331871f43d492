import assert from "node:assert/strict";
import { itemBytes } from "../../../bench/item-size";
import type { Alert } from "../../../functions/alert";
import type { Finding } from "../../../functions/finding";
import { messageContent } from "../../../functions/message/content";
import type { Mute } from "../../../functions/mutes/mutes";
import { aGuardDutyFinding, anAccount, aResource } from "../../support/findings";
import { Hub, reminders } from "../../support/timed";
import { alertSettings, DAY, HOUR, START, TriageBench } from "../../support/triage";

const at = (milliseconds: number): string => new Date(milliseconds).toISOString();

const aMute = (overrides: Partial<Mute> = {}): Mute => ({
  when: {},
  expires: at(START + 2 * DAY),
  owner: "alice@example.com",
  reason: "penetration test",
  ...overrides,
});

/** Somebody guesses passwords of an instance in the account lab, at a moment. As it comes out of JSON: nothing in it is undefined. */
const guessing = (time = START, overrides: Partial<Finding> = {}): Finding =>
  JSON.parse(JSON.stringify(aGuardDutyFinding({ accountId: "666666666666", updatedAt: at(time), ...overrides })));

/** Security Hub has no copy of GuardDuty's findings. */
const NO_COPY = new Hub([]);

async function hourly(bench: TriageBench, until: number, hub = NO_COPY): Promise<void> {
  while (bench.now < until) {
    bench.now += HOUR;
    const told = bench.told.length;
    await reminders(bench, hub);
    for (const alert of bench.told.slice(told)) await bench.delivered(alert);
  }
}

const why = (bench: TriageBench, alert: Alert | undefined): string => {
  assert.ok(alert, "nothing was told");
  const content = messageContent({ alert, account: anAccount(), now: at(bench.now) });
  return `${content.why.word}. ${content.why.sentence}`;
};

/** Bytes of the record, which the table in memory holds as the SDK takes it. */
function recordBytes(bench: TriageBench): number {
  const [item] = [...bench.table.items.values()].filter(({ status }) => status !== undefined);
  const sent = Object.entries(item ?? {}).map(([name, { B, ...value }]) => [name, B ? { B: Buffer.from(B).toString("base64") } : value]);
  return itemBytes(Object.fromEntries(sent));
}

const waiting = (): TriageBench => new TriageBench(alertSettings({ wait: { HIGH: "1d" } }));

function muted(...mutes: readonly Mute[]): TriageBench {
  const bench = new TriageBench();
  bench.mutes = mutes;
  return bench;
}

describe("the first message after a wait", () => {
  it("says everything that the event said, although nobody else knows it any more", async () => {
    const bench = waiting();
    const finding = guessing();
    assert.equal(await bench.arrives(finding), "waiting");
    await hourly(bench, START + DAY);
    assert.deepEqual(bench.told[0]?.finding, finding);
    assert.equal(why(bench, bench.told[0]), "New. It has stayed unresolved for 1 day.");
  });

  it("says what the newest event said", async () => {
    const bench = waiting();
    await bench.arrives(guessing());
    bench.now += HOUR;
    const newest = guessing(bench.now, { count: 215, description: "Now from two addresses." });
    await bench.arrives(newest);
    await bench.arrives(guessing(START + 1, { description: "An old one that was late." }));
    await hourly(bench, START + DAY);
    assert.deepEqual(bench.told[0]?.finding, newest);
    assert.equal(why(bench, bench.told[0]), "New. It has stayed unresolved for 1 day.");
  });

  it("says it also when the first attempt to tell got lost, and a repeat came in between", async () => {
    const bench = waiting();
    await bench.arrives(guessing());
    bench.now = START + DAY;
    await reminders(bench, NO_COPY);
    bench.told.length = 0;
    await bench.arrives(guessing(bench.now, { count: 300 }));
    await hourly(bench, START + DAY + HOUR);
    assert.deepEqual(bench.told[0]?.finding, guessing(START + DAY, { count: 300 }));
    assert.equal(why(bench, bench.told[0]), "New. It has stayed unresolved for 25 hours.");
  });

  it("says since when, where an event that need not wait is told first", async () => {
    const bench = waiting();
    await bench.arrives(guessing());
    bench.now += 3 * HOUR;
    assert.equal(await bench.arrives(guessing(bench.now, { severity: "CRITICAL" })), "new!");
    assert.equal(why(bench, bench.told[0]), "New. It has stayed unresolved for 3 hours.");
  });

  it("is the only one: reminders say when people were last told", async () => {
    const bench = waiting();
    await bench.arrives(guessing());
    await hourly(bench, START + 16 * DAY);
    assert.deepEqual(
      bench.told.map((alert) => [alert.reason, alert.waited?.since]),
      [
        ["new", at(START)],
        ["reminder", undefined],
      ],
    );
  });

  it("says nothing of an episode before: what comes back waits anew", async () => {
    const bench = waiting();
    await bench.arrives(guessing());
    await hourly(bench, START + DAY);
    await bench.arrives(guessing(bench.now, { state: "inactive" }));
    bench.now += DAY;
    const back = guessing(bench.now, { count: 999 });
    assert.equal(await bench.arrives(back), "waiting");
    await hourly(bench, bench.now + DAY);
    assert.deepEqual(bench.told.at(-1)?.finding, back);
    assert.equal(
      why(bench, bench.told.at(-1)),
      "Reopened. It was resolved or archived, and now it is back. It has stayed unresolved for 1 day.",
    );
  });

  it("is all that it is kept for: a repeat of what was told costs no more than before", async () => {
    const bench = waiting();
    await bench.arrives(guessing());
    const kept = recordBytes(bench);
    assert.ok(kept > 1024 && kept <= 3 * 1024, `${kept} bytes while it waits`);
    await hourly(bench, START + DAY);
    assert.ok(recordBytes(bench) <= 1024);
    bench.mutes = [aMute({ expires: at(START + 9 * DAY) })];
    bench.now += HOUR;
    await bench.arrives(guessing(bench.now));
    const told = recordBytes(bench);
    assert.ok(told <= 1024, `${told} bytes once it was told`);
  });

  it("is not kept for what others told, or what is over", async () => {
    for (const end of [{ workflow: "NOTIFIED" }, { state: "inactive" }] as const) {
      const bench = waiting();
      await bench.arrives(guessing());
      bench.now += HOUR;
      await bench.arrives(guessing(bench.now, { fromSecurityHub: true, ...end }));
      assert.ok(recordBytes(bench) <= 1024, JSON.stringify(end));
    }
  });
});

describe("the first message after a mute", () => {
  it("says everything that the event said, who muted it and until when", async () => {
    const bench = muted(aMute());
    const finding = guessing();
    await bench.arrives(finding);
    await hourly(bench, START + 2 * DAY);
    assert.deepEqual(bench.told[0]?.finding, finding);
    assert.equal(why(bench, bench.told[0]), "New. Muted by alice@example.com until 3 March 2026, 09:00 UTC, and still unresolved.");
  });

  it("says so as well where the next event tells it", async () => {
    const bench = muted(aMute());
    await bench.arrives(guessing());
    bench.now += 2 * DAY + 1;
    assert.equal(await bench.arrives(guessing(bench.now)), "new!");
    assert.equal(why(bench, bench.told[0]), "New. Muted by alice@example.com until 3 March 2026, 09:00 UTC, and still unresolved.");
  });

  it("names the last one who muted it", async () => {
    const bench = muted(aMute());
    await bench.arrives(guessing());
    bench.mutes = [aMute({ owner: "bob|ops", expires: at(START + 3 * DAY) })];
    await hourly(bench, START + 3 * DAY);
    assert.equal(why(bench, bench.told[0]), "New. Muted by bob|ops until 4 March 2026, 09:00 UTC, and still unresolved.");
  });

  it("says that the mute does not hold any more where it was taken back", async () => {
    const bench = muted(aMute({ expires: at(START + 60 * DAY) }));
    await bench.arrives(guessing());
    bench.mutes = [];
    await hourly(bench, START + DAY);
    assert.equal(
      why(bench, bench.told[0]),
      "New. Muted by alice@example.com until 30 April 2026, 09:00 UTC, which no longer holds for it. Still unresolved.",
    );
  });

  it("says the same of what came back", async () => {
    const bench = muted();
    await bench.arrivesAndIsDelivered(guessing());
    await bench.arrives(guessing(START + 1, { state: "inactive" }));
    bench.mutes = [aMute()];
    bench.now += HOUR;
    assert.equal(await bench.arrives(guessing(bench.now)), "muted");
    await hourly(bench, START + 2 * DAY);
    assert.equal(
      why(bench, bench.told.at(-1)),
      "Reopened. It was resolved or archived, and now it is back. Muted by alice@example.com until 3 March 2026, 09:00 UTC, and still unresolved.",
    );
  });

  it("does not name a mute that was not about this", async () => {
    const bench = new TriageBench(alertSettings({ wait: { HIGH: "1d" } }));
    bench.mutes = [aMute({ when: { reasons: ["reopened"] }, expires: at(START + HOUR) })];
    assert.equal(await bench.arrives(guessing()), "waiting");
    await hourly(bench, START + DAY);
    assert.equal(why(bench, bench.told[0]), "New. It has stayed unresolved for 1 day.");
  });
});

describe("a mute by tags", () => {
  const elsewhere = aMute({ when: { tags: { nosuch: "tag" } }, expires: at(START + 60 * DAY), owner: "bob@example.com" });

  it("keeps nothing back that does not carry them: neither what another mute kept back before, nor its reminders", async () => {
    const bench = muted(aMute({ when: { accounts: ["666666666666"] }, expires: at(START + 11 * HOUR) }), elsewhere);
    assert.equal(await bench.arrives(guessing()), "muted");
    await hourly(bench, START + 10 * HOUR);
    assert.equal(bench.told.length, 0);
    await hourly(bench, START + 12 * HOUR);
    assert.deepEqual(
      bench.told.map(({ reason }) => reason),
      ["new"],
    );
    await hourly(bench, START + 16 * DAY);
    assert.deepEqual(
      bench.told.map(({ reason }) => reason),
      ["new", "reminder"],
    );
  });

  it("keeps back what carries them, and what nobody was told of, until it ends", async () => {
    const bench = muted(aMute({ when: { tags: { stage: "test" } } }));
    assert.equal(await bench.arrives(guessing(START, { resources: [aResource({ tags: { stage: "test" } })] })), "muted");
    await hourly(bench, START + 47 * HOUR);
    assert.equal(bench.told.length, 0);
    await hourly(bench, START + 48 * HOUR);
    assert.equal(bench.told.length, 1);
  });

  it("that is new keeps back what is still waiting and carries them", async () => {
    const bench = waiting();
    await bench.arrives(guessing(START, { resources: [aResource({ tags: { stage: "test" } })] }));
    bench.mutes = [aMute({ when: { tags: { stage: "test" } } })];
    await hourly(bench, START + 47 * HOUR);
    assert.equal(bench.told.length, 0);
    await hourly(bench, START + 48 * HOUR);
    assert.equal(why(bench, bench.told[0]), "New. Muted by alice@example.com until 3 March 2026, 09:00 UTC, and still unresolved.");
  });
});
