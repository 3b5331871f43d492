import assert from "node:assert/strict";
import fc from "fast-check";
import type { Alert } from "../../../functions/alert";
import { type Finding, type Severity, severityRank } from "../../../functions/finding";
import { aGuardDutyFinding } from "../../support/findings";
import { Hub, reminders } from "../../support/timed";
import { alertSettings, DAY, START, TriageBench } from "../../support/triage";

class Crash extends Error {}

const MINUTE = 60_000;
/** Minutes in which things happen; after that everything only settles. */
const BUSY = 150;
/** When the mute ends. */
const MUTED_UNTIL = START + 100 * MINUTE;
const HIGHEST = "HIGH";

/** A message in the intake queue: it comes back until a worker has finished with it. */
interface Message {
  readonly eventId: string;
  readonly finding: Finding;
  /** Minute from which it is visible. */
  readonly from: number;
}

/** A message that a channel took. */
interface Acceptance {
  readonly alert: Alert;
  readonly channel: string;
}

/** A message that the workflow has still to hand to a channel. */
interface Delivery extends Acceptance {
  readonly minute: number;
}

/** What happens to a problem. */
interface Change {
  readonly minute: number;
  readonly problem: string;
  readonly severity: Severity;
  readonly over: boolean;
  readonly copies: number;
  /** Minutes by which its event is late. */
  readonly late: number;
}

/** What happens to the problems, in the order of their minutes: they come, change and go. */
const histories = fc.uniqueArray(
  fc.record<Change>({
    minute: fc.nat(BUSY - 20),
    problem: fc.constantFrom("a", "b"),
    severity: fc.constantFrom<Severity>("MEDIUM", "HIGH", "CRITICAL"),
    over: fc.boolean(),
    copies: fc.integer({ min: 1, max: 3 }),
    late: fc.constantFrom(0, 0, 0, 1, 15),
  }),
  { minLength: 1, maxLength: 10, selector: ({ problem, minute }) => `${problem} ${minute}` },
);

class Life {
  readonly bench: TriageBench;
  readonly accepted: Acceptance[] = [];
  /** What was told, when. */
  readonly tellings: { readonly alert: Alert; readonly at: number }[] = [];
  crashes = 0;
  dying = true;
  private deliveries: Delivery[] = [];

  constructor(
    private readonly scheduler: fc.Scheduler,
    private readonly dice: fc.Stream<number>,
    isMuted: boolean,
  ) {
    this.bench = new TriageBench(alertSettings({ remind: {} }), { channels: ["slack"], routed: false });
    if (isMuted) {
      this.bench.mutes = [
        { when: {}, expires: new Date(MUTED_UNTIL).toISOString(), highestSeverity: HIGHEST, owner: "alice", reason: "test" },
      ];
    }
    this.bench.tell = async (alert) => {
      await this.moment();
      this.tellings.push({ alert, at: this.bench.now });
      const hear = alert.reason === "resolved" ? ["slack"].filter((name) => name in alert.told) : ["slack", "mail"];
      // A workflow may take almost five minutes, differently long for each channel.
      this.deliveries.push(...hear.map((channel) => ({ alert, channel, minute: this.minute + (this.roll() % 5) })));
      this.mayDie();
    };
  }

  get minute(): number {
    return (this.bench.now - START) / MINUTE;
  }

  /** Workers work at the same time, each request being a moment at which another may go first, and at which this one may die. */
  async together(work: readonly Promise<unknown>[]): Promise<void> {
    await this.scheduler.waitFor(Promise.all(work));
  }

  /** The messages that the queue shows are worked on; answers those that come back. */
  async queue(messages: readonly Message[]): Promise<readonly Message[]> {
    const again: Message[] = messages.filter(({ from }) => from > this.minute);
    this.bench.table.before = () => this.moment();
    await this.together(
      messages
        .filter(({ from }) => from <= this.minute)
        .map((message) =>
          this.bench
            .arrives(message.finding, message.eventId)
            .catch(() => void again.push({ ...message, from: this.minute + 1 + (this.roll() % 3) })),
        ),
    );
    return again;
  }

  async remind(): Promise<void> {
    this.bench.table.before = () => this.moment();
    await this.together([reminders(this.bench, new Hub([])).catch(() => undefined)]);
  }

  async deliver(): Promise<void> {
    this.bench.table.before = () => undefined;
    const due = this.deliveries.filter(({ minute }) => minute <= this.minute);
    this.deliveries = this.deliveries.filter(({ minute }) => minute > this.minute);
    for (const { alert, channel } of due) {
      this.accepted.push({ alert, channel });
      await this.bench.delivered(alert, channel).catch(() => undefined);
    }
  }

  private async moment(): Promise<void> {
    await this.scheduler.schedule(Promise.resolve());
    this.mayDie();
  }

  private mayDie(): void {
    if (this.dying && this.crashes < 4 && this.roll() === 0) {
      this.crashes++;
      throw new Crash();
    }
  }

  private roll(): number {
    return this.dice.next().value ?? 1;
  }
}

async function live(life: Life, history: readonly Change[]): Promise<void> {
  let queue: readonly Message[] = history.flatMap(({ minute, problem, severity, over, copies, late }, index) =>
    Array<Message>(copies).fill({
      eventId: `event-${index}`,
      from: minute + late,
      finding: aGuardDutyFinding({
        id: problem,
        problem,
        severity,
        state: over ? "inactive" : "active",
        updatedAt: new Date(START + minute * MINUTE).toISOString(),
      }),
    }),
  );
  for (let minute = 0; minute < BUSY || queue.length > 0; minute++) {
    assert.ok(minute < 2 * BUSY, "the queue does not drain");
    life.dying = minute < BUSY;
    life.bench.now = START + minute * MINUTE;
    queue = await life.queue(queue);
    await life.deliver();
    if (minute % 60 === 0) await life.remind();
  }
  life.dying = false;
  // Never longer than a workflow may take, and through every full hour.
  for (const end = life.bench.now + 2 * DAY; life.bench.now < end; life.bench.now += (life.minute % 5 === 0 ? 5 : 1) * MINUTE) {
    await life.deliver();
    if (life.minute % 60 === 0) await life.remind();
  }
}

/** How many messages of an episode a channel took after it had heard of its end. */
function lateTellings(accepted: readonly Acceptance[], what: string): number {
  const [channel, episode] = what.split(" ");
  const own = accepted.filter(({ alert, channel: to }) => alert.episode === episode && to === channel).map(({ alert }) => alert.reason);
  return own.slice(own.indexOf("resolved")).filter((reason) => reason !== "resolved").length;
}

/**
 * Whether a problem came back while its end may still have been on its way, or after a worker died telling of it: then people hear that it is back (or, muted, nothing)
 * instead.
 */
function isTooFast(history: readonly Change[], problem: string, crashes: number): boolean {
  const own = history.filter((change) => change.problem === problem).sort((a, b) => a.minute - b.minute);
  const returns = own.filter(({ over }, index) => !over && own[index - 1]?.over === true);
  const isSpaced = own.every(({ minute }, index) => index === 0 || minute - (own[index - 1]?.minute ?? 0) > 25);
  return returns.length > 0 && (crashes > 0 || !isSpaced);
}

describe("the whole life of problems, under duplicated, late and concurrent events and dying workers", () => {
  it("has each channel hear of each telling, and of the end, at least once and at most 1 + crashes times; a mute delays, and loses nothing", () =>
    fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        histories,
        fc.boolean(),
        fc.infiniteStream(fc.nat(19)),
        async (scheduler, history, isMuted, dice) => {
          const life = new Life(scheduler, dice, isMuted);
          await live(life, history);
          const { accepted, tellings, crashes } = life;
          const heard = Map.groupBy(accepted, ({ alert: { episode, reason, finding }, channel }) =>
            [channel, episode, reason, reason === "escalated" ? finding.severity : ""].join(" "),
          );
          for (const [what, times] of heard) {
            // A message that a channel takes after the end has to be taken back again.
            const afterEnd = what.endsWith("resolved ") ? lateTellings(accepted, what) : 0;
            assert.ok(
              times.length <= 1 + crashes + afterEnd,
              `${what}: ${times.length} deliveries, ${crashes} crashes, ${afterEnd} after the end`,
            );
          }
          for (const problem of new Set(history.map((one) => one.problem))) {
            const last = history.filter((one) => one.problem === problem).reduce((a, b) => (b.minute > a.minute ? b : a));
            const own = accepted
              .filter(({ alert, channel }) => alert.finding.problem === problem && channel === "slack")
              .map(({ alert }) => alert);
            const latest = Math.max(0, ...own.map(({ number }) => number));
            const reasons = own.filter(({ number }) => number === latest).map(({ reason }) => reason);
            if (last.over) {
              assert.ok(
                own.length === 0 || reasons.includes("resolved") || isTooFast(history, problem, crashes),
                `nobody heard that ${problem} is over`,
              );
            } else {
              assert.ok(reasons.length > 0 && !reasons.includes("resolved"), `nobody heard of ${problem}, which is there`);
            }
          }
          for (const { alert } of tellings.filter((telling) => telling.alert.waited !== undefined)) {
            assert.ok(
              alert.finding.facts.length > 0,
              `${alert.reason} of ${alert.finding.problem} was told after a mute without what happened`,
            );
          }
          for (const [episode, ofIt] of Map.groupBy(own(accepted), ({ episode }) => episode)) {
            const ends = ofIt.filter(({ reason }) => reason === "resolved").length;
            assert.ok(ends === 0 || ofIt.length > ends, `the end of ${episode} was told to somebody who had not heard of it`);
          }
          for (const { alert, at } of tellings.filter((telling) => isMuted && telling.at < MUTED_UNTIL)) {
            const { reason, finding } = alert;
            const isGraver = severityRank(finding.severity) > severityRank(HIGHEST);
            const milder = history.filter(
              ({ problem, severity }) => problem === finding.problem && severityRank(severity) < severityRank(finding.severity),
            );
            assert.ok(
              reason === "resolved" || isGraver || milder.length > 0,
              `${reason} ${finding.severity} was told at minute ${(at - START) / MINUTE}, although it is muted`,
            );
          }
        },
      ),
      { numRuns: 300 },
    )).timeout(60_000);
});

const own = (accepted: readonly Acceptance[]): Alert[] => accepted.filter(({ channel }) => channel === "slack").map(({ alert }) => alert);
