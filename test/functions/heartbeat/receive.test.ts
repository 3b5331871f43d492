import assert from "node:assert/strict";
import fc from "fast-check";
import { receiveHeartbeat } from "../../../functions/heartbeat/receive";
import { HeartbeatTable } from "../../../functions/heartbeat/table";
import { NotAFinding } from "../../../functions/normalize/not-a-finding";
import { MemoryTable } from "../../support/table";

const NOW = Date.parse("2026-03-02T09:00:00.000Z");

class Bench {
  readonly memory = new MemoryTable();
  readonly table = new HeartbeatTable(this.memory.client, "episodes");
  readonly logged: Record<string, unknown>[] = [];

  receive(event: unknown): Promise<void> {
    return receiveHeartbeat(event, { table: this.table, now: () => NOW, log: (entry) => void this.logged.push(entry) });
  }
}

const heartbeat = (overrides: Readonly<Record<string, unknown>> = {}) => ({
  version: "0",
  id: "beat-1",
  source: "tocsin.heartbeat",
  "detail-type": "tocsin heartbeat",
  account: "333333333333",
  region: "eu-west-1",
  time: "2026-03-02T08:59:00Z",
  detail: {},
  ...overrides,
});

describe("a sign of life", () => {
  it("is written down with one request, and nobody is told of it", async () => {
    const bench = new Bench();
    await bench.receive(heartbeat());
    assert.deepEqual(bench.memory.requests, ["UpdateItem"]);
    const { heartbeats } = await bench.table.members();
    assert.deepEqual([...heartbeats], [["333333333333#eu-west-1", "2026-03-02T08:59:00.000Z"]]);
    assert.deepEqual(bench.logged, [{ kind: "decision", event: "beat-1", decision: "quiet", reason: "heartbeat" }]);
  });

  it("counts for the account and Region of the envelope alone, whatever the sender writes into it", async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom("account", "accountId", "awsAccountId", "region"), fc.string()), async (detail) => {
        const bench = new Bench();
        const forged = heartbeat({ account: "666666666666", detail: { ...detail, account: "333333333333" }, resources: ["333333333333"] });
        await bench.receive(forged);
        assert.deepEqual([...bench.memory.items.keys()], ["heartbeat#666666666666#eu-west-1"]);
      }),
    );
  });

  it("is never younger than now, and an older one that comes late changes nothing", async () => {
    const bench = new Bench();
    await bench.receive(heartbeat({ time: "2099-01-01T00:00:00Z" }));
    await bench.receive(heartbeat({ time: "2026-03-01T08:00:00Z" }));
    const { heartbeats } = await bench.table.members();
    assert.equal(heartbeats.get("333333333333#eu-west-1"), "2026-03-02T09:00:00.000Z");
    assert.deepEqual(bench.memory.requests.slice(0, 2), ["UpdateItem", "UpdateItem"]);
  });

  it("without account or Region is dead-lettered at once", async () => {
    for (const broken of [{ account: undefined }, { account: "payments" }, { region: 7 }]) {
      await assert.rejects(new Bench().receive(heartbeat(broken)), NotAFinding);
    }
  });

  it("that the table does not take comes again", async () => {
    const bench = new Bench();
    bench.memory.before = () => {
      throw new Error("the table is down");
    };
    await assert.rejects(bench.receive(heartbeat()), /the table is down/);
  });
});
