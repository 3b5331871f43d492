import assert from "node:assert/strict";
import { sameTraffic } from "../../../functions/security-groups/rule";
import { ec2Error } from "../../support/ec2";
import { ACCOUNT, GuardBench, guardSettings, idOf, opening, REGION } from "../../support/guard";

const WORLD = opening("0.0.0.0/0");
const OFFICE = opening("203.0.113.0/24", 22, { description: "the office" });
const PLACE = { accountId: ACCOUNT, region: REGION, groupId: "sg-1" };
const DAY = 86_400_000;

describe("the guard that acts", () => {
  let bench: GuardBench;
  const fresh = (settings = guardSettings()): GuardBench => {
    bench = new GuardBench(settings);
    bench.ec2.group("sg-1");
    return bench;
  };
  beforeEach(() => void fresh());
  /** Calls of tocsin's that changed the group. */
  const made = () => bench.ec2.made.filter(({ by }) => by === "tocsin");
  const changes = () => bench.logged.filter(({ kind }) => kind === "change");

  it("revokes exactly what was opened, by its id, in one call that is logged with its undo", async () => {
    bench.ec2.authorize("bob", "sg-1", OFFICE);
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD, opening("::/0"), opening("10.1.0.0/16")));
    const answer = await bench.workflow(id);
    assert.deepEqual(answer, { status: "put-back", done: "revoked TCP 22 (SSH) to 0.0.0.0/0 and ::/0", untouched: [] });
    assert.deepEqual(bench.open(), ["10.1.0.0/16 22", "203.0.113.0/24 22"]);
    assert.equal(made().length, 1);
    const [{ at: _at, ...change } = { at: "" }] = changes();
    assert.deepEqual(change, {
      kind: "change",
      id,
      accountId: ACCOUNT,
      region: REGION,
      service: "ec2",
      operation: "RevokeSecurityGroupIngress",
      input: { GroupId: "sg-1", SecurityGroupRuleIds: ["sgr-2", "sgr-3"] },
      by: "arn:aws:iam::444444444444:role/tocsin-security-groups",
      undo: id,
      undoes: null,
    });
  });

  it("gives a rule that was written over its former contents, description and all", async () => {
    await bench.happens(bench.ec2.authorize("bob", "sg-1", OFFICE));
    const id = await bench.happens(bench.ec2.modify("alice", "sg-1", ["sgr-1", WORLD]));
    const answer = await bench.workflow(id);
    assert.equal(answer?.done, "changed sgr-1 from TCP 22 (SSH) to 0.0.0.0/0 back to TCP 22 (SSH) to 203.0.113.0/24");
    assert.deepEqual(bench.ec2.groups.get("sg-1")?.rules, [{ ...OFFICE, id: "sgr-1" }]);
  });

  it("puts the same rule back once more when it is widened again, as it knows what it made of it", async () => {
    await bench.happens(bench.ec2.authorize("bob", "sg-1", OFFICE));
    await bench.workflow(await bench.happens(bench.ec2.modify("alice", "sg-1", ["sgr-1", WORLD])));
    await bench.workflow(await bench.happens(bench.ec2.modify("alice", "sg-1", ["sgr-1", WORLD])));
    assert.deepEqual(bench.open(), ["203.0.113.0/24 22"]);
  });

  it("leaves what is opened a third time within an hour, and the second time is told as such", async () => {
    for (let time = 1; time <= 4; time++) {
      const id = await bench.happens(bench.ec2.authorize("terraform", "sg-1", WORLD));
      await bench.workflow(id);
      assert.equal(bench.executions.get(id)?.repeated, Math.min(time, 3));
      assert.equal(bench.open().length, time < 3 ? 0 : 1);
      if (time === 3) {
        assert.equal((await bench.putBack(id)).refused, "it was made again and again");
        bench.ec2.revoke("bob", "sg-1", String(bench.ec2.groups.get("sg-1")?.rules[0]?.id));
      }
    }
    assert.equal(made().length, 2);
  });

  const untouched: readonly [string, () => void | Promise<void>, string][] = [
    ["was taken away meanwhile", () => void bench.ec2.revoke("bob", "sg-1", "sgr-1"), "it is gone already"],
    ["was changed meanwhile", () => void bench.ec2.modify("bob", "sg-1", ["sgr-1", OFFICE]), "it was changed again since"],
    [
      "was taken away and added anew by somebody else",
      () => {
        bench.ec2.revoke("bob", "sg-1", "sgr-1");
        bench.ec2.authorize("bob", "sg-1", WORLD);
      },
      "it is gone already",
    ],
    [
      "became exempt meanwhile",
      () => {
        const group = bench.ec2.groups.get("sg-1");
        if (group) group.tags = { "tocsin:exempt": "" };
      },
      "the group has the tag tocsin:exempt",
    ],
    [
      "was approved meanwhile",
      () => bench.table.acceptTraffic(PLACE, ["ingress|tcp|22|22|range|0.0.0.0/0"], bench.now),
      "it was approved since",
    ],
  ];
  for (const [what, happens, why] of untouched) {
    it(`leaves alone what ${what}, and says so`, async () => {
      fresh(guardSettings({ exemptTag: "tocsin:exempt" }));
      const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
      await happens();
      const answer = await bench.putBack(id);
      assert.deepEqual(answer, { status: "not-touched", done: "", untouched: [{ what: "TCP 22 (SSH) to 0.0.0.0/0", why }] });
      assert.equal(made().length, 0);
    });
  }

  it("takes a rule that the event names by its contents only by the id that it had then", async () => {
    const event = bench.eventOf(bench.ec2.authorize("alice", "sg-1", WORLD));
    const detail = event.detail as Record<string, unknown>;
    detail.responseElements = { _return: true };
    detail.requestParameters = { groupId: "sg-1", cidrIp: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 22, toPort: 22 };
    await bench.arrives(event);
    bench.ec2.revoke("bob", "sg-1", "sgr-1");
    bench.ec2.authorize("bob", "sg-1", WORLD);
    assert.equal((await bench.putBack(idOf(event))).status, "not-touched");
    assert.deepEqual(bench.open(), ["0.0.0.0/0 22"]);
  });

  it("does not give a rule its former contents where these would open what is closed now, and nobody approved", async () => {
    await bench.happens(bench.ec2.authorize("bob", "sg-1", opening("0.0.0.0/0", 3389)));
    const id = await bench.happens(bench.ec2.modify("alice", "sg-1", ["sgr-1", WORLD]));
    const { untouched, status } = await bench.putBack(id);
    assert.deepEqual([status, untouched[0]?.why], ["not-touched", "what it was before is not approved either"]);
  });

  it("says what EC2 refused, and can be asked again", async () => {
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
    bench.ec2.before = (operation) => {
      if (operation.startsWith("Revoke")) throw ec2Error("UnauthorizedOperation", 403);
    };
    const { status, untouched } = await bench.putBack(id);
    assert.deepEqual([status, untouched[0]?.why], ["failed", "EC2 refused: UnauthorizedOperation"]);
    bench.ec2.before = () => undefined;
    assert.equal((await bench.putBack(id)).status, "put-back");
  });

  it("is safe to repeat", async () => {
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
    const first = await bench.putBack(id);
    assert.deepEqual(await bench.putBack(id), first);
    assert.equal(made().length, 1);
  });

  it("knows after a crash what it did, so that it can be undone", async () => {
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
    bench.ec2.after = (operation) => {
      if (operation.startsWith("Revoke")) throw new Error("socket hang up");
    };
    await assert.rejects(bench.putBack(id), /socket hang up/);
    bench.ec2.after = () => undefined;
    assert.equal((await bench.putBack(id)).done, "revoked TCP 22 (SSH) to 0.0.0.0/0");
    assert.equal(changes().length, 1);
    await bench.undo(id);
    assert.deepEqual(bench.open(), ["0.0.0.0/0 22"]);
  });

  it("does not take for its own what somebody else took away while EC2 was asked", async () => {
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
    bench.ec2.before = (operation) => {
      if (operation.startsWith("Revoke") && bench.open().length > 0) bench.ec2.revoke("bob", "sg-1", "sgr-1");
    };
    assert.equal((await bench.putBack(id)).status, "not-touched");
    assert.match((await bench.undo(id)).refused ?? "", /changed nothing/);
  });

  it("waits until EC2 shows what was done", async () => {
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
    const group = bench.ec2.groups.get("sg-1");
    const stale = [...(group?.rules ?? [])];
    let looks = 0;
    bench.ec2.after = (operation) => {
      if (operation.startsWith("Revoke") && group) group.rules = stale;
    };
    bench.paused = () => {
      if (++looks === 3 && group) group.rules = [];
    };
    assert.equal((await bench.putBack(id)).status, "put-back");
    assert.equal((await bench.record(id)).after, "");
    assert.equal(looks, 3);
  });

  describe("approving", () => {
    it("leaves what somebody approved, for good", async () => {
      const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
      assert.deepEqual(await bench.keep(id, "U1"), { status: "kept", done: "approved TCP 22 (SSH) to 0.0.0.0/0", untouched: [] });
      assert.equal((await bench.record(id)).decidedBy, "U1");
      assert.equal((await bench.putBack(id)).refused, "it was approved");
      assert.deepEqual([...(await bench.table.acceptedTraffic(PLACE, bench.now))], ["ingress|tcp|22|22|range|0.0.0.0/0"]);
    });

    it("takes silence for no approval", async () => {
      const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
      await bench.table.updateStatus(id, ["told"], "asked", { token: "secret" });
      assert.equal((await bench.keep(id)).status, "told");
      assert.equal((await bench.record(id)).token, undefined);
      assert.equal((await bench.table.acceptedTraffic(PLACE, bench.now)).size, 0);
    });

    it("is of the rule that is there: once that is gone, opening it again is judged again", async () => {
      const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
      await bench.keep(id, "U1");
      bench.now += DAY;
      await bench.happens(bench.ec2.revoke("alice", "sg-1", "sgr-1"));
      bench.now += DAY;
      const again = bench.eventOf(bench.ec2.authorize("mallory", "sg-1", WORLD));
      assert.equal(await bench.arrives(again), "new!");
    });
  });

  describe("undoing", () => {
    const putBack = async (): Promise<string> => {
      await bench.happens(bench.ec2.authorize("bob", "sg-1", OFFICE));
      const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD, opening("::/0", 3389, { description: "for now" })));
      await bench.workflow(id);
      return id;
    };

    it("gives the group exactly the rules that it had, and names the change that it undoes", async () => {
      const id = await putBack();
      const answer = await bench.undo(id, "U7");
      assert.deepEqual(answer, { status: "undone", done: "opened TCP 3389 (RDP) to ::/0; TCP 22 (SSH) to 0.0.0.0/0 again", untouched: [] });
      assert.deepEqual(bench.open(), ["0.0.0.0/0 22", "203.0.113.0/24 22", "::/0 3389"]);
      assert.equal(bench.ec2.groups.get("sg-1")?.rules.find(({ fromPort }) => fromPort === 3389)?.description, "for now");
      const last = changes().at(-1);
      assert.deepEqual([last?.id, last?.undo, last?.undoes, last?.operation], [`${id}-undo`, null, id, "AuthorizeSecurityGroupIngress"]);
      assert.equal((await bench.record(id)).undoneBy, "U7");
    });

    it("gives a rule that was written over back what it was made into", async () => {
      await bench.happens(bench.ec2.authorize("bob", "sg-1", OFFICE));
      const id = await bench.happens(bench.ec2.modify("alice", "sg-1", ["sgr-1", WORLD]));
      await bench.workflow(id);
      assert.equal((await bench.undo(id)).status, "undone");
      assert.deepEqual(bench.open(), ["0.0.0.0/0 22"]);
    });

    it("is not put back again: not by its own event, nor by a copy of the first one, nor by a later task", async () => {
      const event = bench.eventOf(bench.ec2.authorize("alice", "sg-1", WORLD));
      await bench.arrives(event);
      const id = idOf(event);
      await bench.workflow(id);
      await bench.undo(id);
      const own = bench.ec2.made.at(-1);
      if (own === undefined) throw new Error("nothing was done");
      assert.equal(await bench.arrives(bench.eventOf(own)), "filtered");
      assert.equal(await bench.arrives({ ...event, id: "late" }), "duplicate");
      assert.equal((await bench.workflow(id))?.refused, "putting it back was undone");
      assert.deepEqual(bench.open(), ["0.0.0.0/0 22"]);
      assert.deepEqual([...(await bench.table.acceptedTraffic(PLACE, bench.now))], ["ingress|tcp|22|22|range|0.0.0.0/0"]);
    });

    const refusals: readonly [string, (id: string) => unknown, RegExp][] = [
      ["after 30 days", () => (bench.now += 31 * DAY), /it could be undone until 2026-03-31T/],
      ["a second time", (id) => bench.undo(id, "U7"), /it was undone already by U7/],
      [
        "when a rule was added since",
        () => bench.ec2.authorize("bob", "sg-1", opening("10.0.0.0/8", 5432)),
        /changed since: it has TCP 5432 \(PostgreSQL\) to 10\.0\.0\.0\/8/,
      ],
      ["when a rule was taken away since", () => bench.ec2.revoke("bob", "sg-1", "sgr-1"), /changed since: 1 rule is gone/],
      ["when somebody opened it again", () => bench.ec2.authorize("bob", "sg-1", WORLD), /changed since: it has TCP 22/],
      ["when the group is gone", () => bench.ec2.groups.clear(), /not there any more|1 rule is gone/],
    ];
    for (const [when, happens, why] of refusals) {
      it(`is refused ${when}, with the reason, and changes nothing`, async () => {
        const id = await putBack();
        await happens(id);
        const before = made().length;
        const rules = bench.open();
        const { refused = "" } = await bench.undo(id);
        assert.match(refused, why);
        assert.equal(made().length, before);
        assert.deepEqual(bench.open(), rules);
      });
    }

    it("is refused where nothing was done, and where there is no such change", async () => {
      const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
      assert.equal((await bench.undo(id)).refused, "tocsin changed nothing that could be undone");
      assert.deepEqual(await bench.undo("aaaaaaaaaaaa"), {
        status: "unknown",
        done: "",
        untouched: [],
        refused: "there is no such change",
      });
    });

    it("is of that rule only: once it is closed again, whoever opens it anew is put back", async () => {
      const id = await putBack();
      await bench.undo(id);
      bench.now += 16 * 60_000;
      const world = (bench.ec2.groups.get("sg-1")?.rules ?? []).filter((rule) => sameTraffic(rule, WORLD));
      assert.equal(world.length, 1);
      await bench.arrives(bench.eventOf(bench.ec2.revoke("alice", "sg-1", ...world.flatMap((rule) => rule.id ?? []))));
      assert.notEqual(await bench.arrives(bench.eventOf(bench.ec2.authorize("mallory", "sg-1", WORLD))), "filtered");
    });

    it("accepts nothing where it was refused", async () => {
      const id = await putBack();
      bench.ec2.before = (operation) => {
        if (operation.startsWith("Authorize")) throw ec2Error("RulesPerSecurityGroupLimitExceeded");
      };
      assert.equal((await bench.undo(id)).refused, "EC2 refused: RulesPerSecurityGroupLimitExceeded");
      assert.equal((await bench.table.acceptedTraffic(PLACE, bench.now)).size, 0);
      bench.ec2.before = () => undefined;
      assert.equal((await bench.undo(id)).status, "undone");
    });

    it("does the rest after a crash", async () => {
      const id = await putBack();
      bench.ec2.after = (operation) => {
        if (operation.startsWith("Authorize")) throw new Error("socket hang up");
      };
      await assert.rejects(bench.undo(id), /socket hang up/);
      bench.ec2.after = () => undefined;
      assert.equal((await bench.undo(id)).status, "undone");
      assert.deepEqual(bench.open(), ["0.0.0.0/0 22", "203.0.113.0/24 22", "::/0 3389"]);
    });
  });
});
