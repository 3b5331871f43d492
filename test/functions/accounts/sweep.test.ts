import assert from "node:assert/strict";
import type { AccountRecord } from "../../../functions/accounts/record";
import { sweep } from "../../../functions/accounts/sweep";
import { AccountTable } from "../../../functions/accounts/table";
import { MemoryTable } from "../../support/table";

const NOW = Date.parse("2026-03-02T09:00:00.000Z");

/** An Organization of some accounts, with a table in memory. */
class Bench {
  readonly table = new MemoryTable();
  readonly accounts = new AccountTable(this.table.client, "episodes");
  readonly asked: string[] = [];
  readonly warnings: string[] = [];
  waited = 0;
  /** How many questions for tags there is time for. */
  time = Number.POSITIVE_INFINITY;
  tagsOf = async (id: string): Promise<Record<string, string>> => ({ team: `team-${id}` });

  /** Pages that Organizations answers before it fails. */
  pages = Number.POSITIVE_INFINITY;

  constructor(readonly ids: readonly string[]) {}

  run() {
    return sweep({
      list: () => this.#pages(),
      tagsOf: (id) => {
        this.asked.push(id);
        return this.tagsOf(id);
      },
      table: this.accounts,
      now: () => NOW,
      pause: async (milliseconds) => {
        this.waited += milliseconds;
      },
      hasTime: () => this.time-- > 0,
      log: ({ message }) => void this.warnings.push(String(message)),
    });
  }

  async *#pages(): AsyncGenerator<readonly AccountRecord[]> {
    for (let start = 0; start < this.ids.length; start += 20) {
      if (this.pages-- <= 0) throw new Error("TooManyRequestsException");
      yield this.ids
        .slice(start, start + 20)
        .map((id) => ({ id, name: `name-${id}`, path: [], organizationalUnitIds: ["r-root"], status: "ACTIVE" }));
    }
  }
}

const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));

describe("the sweep of accounts", () => {
  it("writes nothing of a list that broke off: whom it did not get to has not left the Organization", async () => {
    const bench = new Bench(ids(45));
    bench.pages = 2;
    await assert.rejects(bench.run(), /TooManyRequests/);
    assert.equal(bench.table.items.size, 0);
  });

  it("writes name, place, status and tags of every account", async () => {
    const bench = new Bench(ids(45));
    assert.deepEqual(await bench.run(), { accounts: 45, tagged: 45 });
    assert.deepEqual(await bench.accounts.read("100000000044"), {
      id: "100000000044",
      name: "name-100000000044",
      path: [],
      organizationalUnitIds: ["r-root"],
      tags: { team: "team-100000000044" },
    });
    assert.equal(bench.table.items.get("account#100000000044")?.swept?.S, "2026-03-02T09:00:00.000Z");
    assert.ok(bench.waited >= 45 * 100, "it paces itself");
  });

  it("writes all names first, and goes on with the tags where the last run had no time left", async () => {
    const bench = new Bench(ids(10));
    bench.time = 4;
    assert.deepEqual(await bench.run(), { accounts: 10, tagged: 4 });
    assert.equal([...bench.table.items.keys()].filter((key) => key.startsWith("account#")).length, 10);
    bench.time = 4;
    await bench.run();
    bench.time = 4;
    await bench.run();
    assert.deepEqual(bench.asked.slice(0, 12), [...bench.ids, ...bench.ids.slice(0, 2)]);
    bench.time = Number.POSITIVE_INFINITY;
    await bench.run();
    assert.deepEqual(bench.asked.slice(12), [...bench.ids.slice(2), ...bench.ids.slice(0, 2)]);
    await bench.run();
    assert.deepEqual(bench.asked.slice(22), bench.ids, "after a whole round from the beginning");
  });

  it("keeps known tags where Organizations does not tell them, and does not insist while it throttles", async () => {
    const bench = new Bench(ids(10));
    await bench.run();
    bench.tagsOf = (id) => (id.endsWith("0") ? Promise.resolve({}) : Promise.reject(new Error("TooManyRequestsException")));
    assert.deepEqual(await bench.run(), { accounts: 10, tagged: 1 });
    assert.equal(bench.asked.length, 10 + 4, "three failures in a row are enough");
    assert.equal(bench.warnings.length, 3);
    assert.deepEqual((await bench.accounts.read("100000000000"))?.tags, {});
    assert.deepEqual((await bench.accounts.read("100000000001"))?.tags, { team: "team-100000000001" });
    bench.tagsOf = async () => ({});
    await bench.run();
    assert.equal(bench.asked[14], "100000000001", "the next run goes on with the first that failed");
  });

  it("of nothing at all does nothing", async () => {
    assert.deepEqual(await new Bench([]).run(), { accounts: 0, tagged: 0 });
  });
});
