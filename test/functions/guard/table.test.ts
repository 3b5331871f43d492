import assert from "node:assert/strict";
import fc from "fast-check";
import { packed, unpacked } from "../../../functions/guard/packed";
import { changeId, isChangeId } from "../../../functions/guard/record";
import { ACCOUNT, GuardBench, opening, REGION } from "../../support/guard";

const PLACE = { accountId: ACCOUNT, region: REGION, groupId: "sg-1" };

describe("what the guard remembers", () => {
  it("gives each event of each account and Region an id that people can type", () => {
    const ids = new Set<string>();
    for (let number = 0; number < 5000; number++) ids.add(changeId({ accountId: ACCOUNT, region: REGION, eventId: String(number) }));
    ids.add(changeId({ accountId: ACCOUNT, region: "us-east-1", eventId: "0" }));
    ids.add(changeId({ accountId: "333333333333", region: REGION, eventId: "0" }));
    assert.equal(ids.size, 5002);
    assert.ok([...ids].every(isChangeId));
  });

  it("keeps a group of a thousand rules with long descriptions within what an item may hold", () => {
    const rules = fc.sample(fc.tuple(fc.ipV4(), fc.nat(65_535), fc.string({ minLength: 255, maxLength: 255 })), 1000);
    const list = rules.map(([address, port, description], index) => ({
      ...opening(`${address}/32`, port, { description }),
      id: `sgr-${index}`,
    }));
    const text = packed(list);
    assert.deepEqual(unpacked(text), list);
    assert.ok(text.length < 400_000, `${text.length} bytes`);
  });

  it("lets what was read last win, in whatever order it is written", async () => {
    const { table } = new GuardBench();
    const seen = (minute: number) => ({
      rules: [{ ...opening("10.0.0.0/8", minute), id: "sgr-1" }],
      seenAt: `2026-03-01T09:0${minute}:00.000Z`,
    });
    await Promise.all([3, 1, 4, 2].map((minute) => table.remember(PLACE, seen(minute))));
    assert.equal((await table.group(PLACE))?.rules[0]?.fromPort, 4);
    await table.remember(PLACE, seen(0));
    assert.equal((await table.group(PLACE))?.rules[0]?.fromPort, 4);
  });

  it("knows the groups of an account and Region, what is accepted in them, and which changes of them are open", async () => {
    const bench = new GuardBench();
    bench.ec2.group("sg-1");
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", opening("0.0.0.0/0")));
    await bench.table.acceptTraffic({ ...PLACE, groupId: "sg-2" }, ["any"], bench.now);
    const { groups, open, accepted } = await bench.table.place(ACCOUNT, REGION, bench.now);
    assert.deepEqual([...groups.keys()], ["sg-1"]);
    assert.deepEqual([...(accepted.get("sg-2") ?? [])], ["any"]);
    assert.deepEqual([...open], [["sg-1", [id]]]);
  });

  it("loses nothing that several accept at the same time", async () => {
    const { table, now } = new GuardBench();
    await Promise.all(["a", "b", "c"].map((traffic) => table.acceptTraffic(PLACE, [traffic], now)));
    assert.deepEqual([...(await table.acceptedTraffic(PLACE, now))].sort(), ["a", "b", "c"]);
  });

  it("lets one of several decide", async () => {
    const bench = new GuardBench();
    bench.ec2.group("sg-1");
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", opening("0.0.0.0/0")));
    await bench.table.updateStatus(id, ["told"], "asked", { token: "secret" });
    const presses = await Promise.all(
      ["U1", "U2"].map((decidedBy) => bench.table.updateStatus(id, ["asked"], "acting", { decidedBy }, ["token"])),
    );
    assert.deepEqual(
      presses.map(({ accepted }) => accepted),
      [true, false],
    );
    assert.equal(presses[0]?.before?.token, "secret");
    assert.deepEqual([(await bench.record(id)).decidedBy, (await bench.record(id)).token], ["U1", undefined]);
  });

  it("knows a press that it saw before", async () => {
    const { table } = new GuardBench();
    assert.deepEqual(
      [await table.firstPress("digest", 1), await table.firstPress("digest", 1), await table.firstPress("other", 1)],
      [true, false, true],
    );
  });
});
