import assert from "node:assert/strict";
import type { AccountInfo } from "../../../functions/alert";
import { type DigestReport, sendDigests } from "../../../functions/digest/run";
import type { DigestRoute } from "../../../functions/digest/subscriptions";
import type { EpisodeRecord } from "../../../functions/episodes/record";
import type { Mail } from "../../../functions/mail/render";
import { parseLogLine } from "../../../sandbox/replay/log-lines";
import { anAccount } from "../../support/findings";
import { ago, anEndedEpisode, anEpisode, DAY, HOUR, NOW } from "./support";

const WEB = anAccount({ id: "444444444444", name: "web" });

/** Digests over episodes in memory. */
class Bench {
  records: EpisodeRecord[] = [anEpisode(), anEpisode({ accountId: WEB.id, severity: "HIGH" })];
  now = NOW;
  routes: DigestRoute[] = [{ to: ["soc-mail", "soc-slack"], digest: "daily" }];
  readonly mails: [channel: string, Mail][] = [];
  readonly logged: Record<string, unknown>[] = [];
  readonly remembered = new Map<string, number>();
  scans = 0;
  /** Episodes of the first page of a scan. */
  page = 1;
  /** Ids of the accounts that the table was asked for. */
  readonly asked: string[] = [];
  /** May throw instead of sending. */
  refuse: (channel: string) => void = () => undefined;

  run(): Promise<DigestReport> {
    const bench = this;
    return sendDigests({
      routes: this.routes,
      isEmail: (channel) => channel.endsWith("-mail"),
      mutes: [],
      table: {
        lastSent: async (key) => this.remembered.get(key),
        sent: async (key, at) => void this.remembered.set(key, at),
        accounts: async (ids) => {
          this.asked.push(...ids);
          return new Map<string, AccountInfo>([anAccount(), WEB].map((account) => [account.id, account]));
        },
        async *episodes(since) {
          bench.scans++;
          const asked = bench.records.filter(({ status, closedThrough = "" }) => status === "open" || Date.parse(closedThrough) >= since);
          yield asked.slice(0, bench.page);
          yield asked.slice(bench.page);
        },
      },
      send: async (channel, mail) => {
        this.refuse(channel);
        this.mails.push([channel, mail]);
        return `message-${this.mails.length}`;
      },
      now: () => this.now,
      log: (entry) => void this.logged.push(entry),
    });
  }

  get subjects(): string[] {
    return this.mails.map(([channel, { subject }]) => `${channel}: ${subject}`);
  }
}

describe("a run of the digests", () => {
  let bench: Bench;
  beforeEach(() => {
    bench = new Bench();
  });

  it("sends each e-mail channel what belongs to its route, and reads the table once", async () => {
    bench.routes = [
      { when: { accounts: ["web"] }, to: ["web-mail"], digest: "weekly" },
      { to: ["soc-mail", "audit-mail"], digest: "daily" },
    ];
    assert.deepEqual(await bench.run(), { sent: 3, early: 0 });
    assert.deepEqual(bench.subjects, [
      "web-mail: tocsin digest: 1 open, 1 new, 0 resolved · findings in web",
      "soc-mail: tocsin digest: 1 open (1 critical), 1 new, 0 resolved · all other findings",
      "audit-mail: tocsin digest: 1 open (1 critical), 1 new, 0 resolved · all other findings",
    ]);
    assert.equal(bench.scans, 1);
  });

  it("asks for the accounts of its episodes, each once, whether the table knows it or not", async () => {
    const unknown = anEpisode({ accountId: "999999999999" });
    bench.records = [anEpisode(), unknown, anEpisode({ accountId: WEB.id }), unknown, anEpisode()];
    await bench.run();
    assert.deepEqual(bench.asked, ["333333333333", "999999999999", WEB.id]);
  });

  it("sends a digest once a day, however often it runs, and does not read the table for nothing", async () => {
    await bench.run();
    bench.now += HOUR;
    assert.deepEqual(await bench.run(), { sent: 0, early: 1 });
    assert.deepEqual([bench.mails.length, bench.scans], [1, 1]);
    bench.now = NOW + DAY;
    assert.deepEqual(await bench.run(), { sent: 1, early: 0 });
  });

  it("tells of what happened since the last digest, also when that was longer ago than usual", async () => {
    await bench.run();
    bench.now = NOW + 3 * DAY;
    bench.records = [anEndedEpisode(new Date(NOW + HOUR).toISOString()), anEndedEpisode(ago(HOUR))];
    await bench.run();
    assert.equal(bench.subjects[1], "soc-mail: tocsin digest: 0 open, 0 new, 1 resolved · all findings");
  });

  it("sends the others when one cannot be sent, fails, and sends that one alone when it is run again", async () => {
    bench.routes = [{ to: ["soc-mail", "web-mail"], digest: "daily" }];
    bench.refuse = (channel) => {
      if (channel === "soc-mail") throw new Error("SES is down");
    };
    await assert.rejects(bench.run(), /1 of 2 digests could not be sent: soc-mail: Error: SES is down/);
    bench.refuse = () => undefined;
    bench.now += 60_000;
    assert.deepEqual(await bench.run(), { sent: 1, early: 1 });
    assert.deepEqual(
      bench.mails.map(([channel]) => channel),
      ["web-mail", "soc-mail"],
    );
  });

  it("logs each delivery as the other channels do, so that a report can join it", async () => {
    await bench.run();
    const line = parseLogLine(JSON.stringify(bench.logged[0]));
    assert.ok(line?.kind === "delivery");
    assert.deepEqual(
      [line.channel, line.messageId, line.reason, line.episode, line.findingIds, line.title],
      ["soc-mail", "message-1", "digest", null, [], bench.mails[0]?.[1].subject],
    );
  });

  it("counts a hundred thousand open episodes in seconds, and keeps few of them", async () => {
    bench.records = Array.from({ length: 100_000 }, (_, index) =>
      anEpisode({ accountId: String(300_000_000_000 + (index % 5_000)), firstSeen: ago(index * 60_000) }),
    );
    const start = performance.now();
    await bench.run();
    assert.match(bench.subjects[0] ?? "", /100,000 open \(100,000 critical\)/);
    assert.ok(performance.now() - start < 10_000, `${performance.now() - start} ms`);
  });
});
