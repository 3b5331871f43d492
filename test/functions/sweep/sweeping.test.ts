import assert from "node:assert/strict";
import { ec2Error } from "../../support/ec2";
import { guardSettings, opening } from "../../support/guard";
import { SweepBench } from "./bench";

const WORLD = "0.0.0.0/0";

/** A place that was swept before: `sg-1` lets in what is approved. */
async function known(bench = new SweepBench()): Promise<SweepBench> {
  bench.ec2.group("sg-1", { name: "web-servers" });
  bench.ec2.authorize("terraform", "sg-1", opening("10.1.0.0/16"), opening(WORLD, 443));
  await bench.sweep();
  bench.hourPasses();
  bench.requests();
  return bench;
}

describe("the hourly sweep of an account and Region", () => {
  it("finds what no event told of, and tells it once for as long as it stands", async () => {
    const bench = await known();
    bench.ec2.authorize("mallory", "sg-1", opening(WORLD));
    await bench.sweep();
    const [found] = bench.found;
    assert.equal(bench.found.length, 1);
    const record = await bench.record(String(found?.change));
    assert.equal(record.found, "sweep");
    assert.equal(record.actor, undefined);
    assert.equal(record.judged, `lets in TCP 22 (SSH) to ${WORLD}`);
    assert.equal(record.severity, "CRITICAL");
    assert.equal(record.groupName, "web-servers");
    assert.deepEqual(bench.starts, [record.id]);
    for (let hour = 0; hour < 5; hour++) {
      bench.hourPasses();
      await bench.sweep();
    }
    assert.equal(bench.found.length, 1);
    assert.equal(bench.executions.size, 1);
  });

  it("never touches what it finds, whatever the mode is", async () => {
    for (const mode of ["alert", "approve", "revert"] as const) {
      const bench = await known(new SweepBench(guardSettings({ mode })));
      bench.ec2.authorize("mallory", "sg-1", opening(WORLD));
      const made = bench.ec2.made.length;
      await bench.sweep();
      const [input] = [...bench.executions.values()];
      assert.equal(input?.mode, "alert");
      assert.equal(input?.touchable, false);
      assert.equal(bench.ec2.made.length, made);
    }
  });

  it("leaves it to the event to tell who it was, if the event is only late", async () => {
    const bench = await known();
    const event = bench.eventOf(bench.ec2.authorize("alice", "sg-1", opening(WORLD)));
    await bench.look();
    await bench.arrives(event);
    await bench.lookAgain();
    assert.deepEqual(bench.found, []);
    assert.equal(bench.executions.size, 1);
  });

  it("leaves what was opened between its looks to its event, and else to the next sweep", async () => {
    const bench = await known();
    bench.ec2.authorize("mallory", "sg-1", opening(WORLD));
    await bench.look();
    bench.ec2.authorize("alice", "sg-1", opening(WORLD, 3389));
    await bench.lookAgain();
    assert.deepEqual(
      bench.found.map(({ judged }) => judged),
      [`lets in TCP 22 (SSH) to ${WORLD}`],
    );
    bench.hourPasses();
    await bench.sweep();
    assert.deepEqual(
      bench.found.map(({ judged }) => judged),
      [`lets in TCP 22 (SSH) to ${WORLD}`, `lets in TCP 3389 (RDP) to ${WORLD}`],
    );
  });

  it("does not tell again what an event told of, nor what somebody approved", async () => {
    const bench = await known(new SweepBench(guardSettings({ mode: "approve" })));
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", opening(WORLD)));
    await bench.sweep();
    await bench.table.updateStatus(id, ["told"], "asked", { token: "t" });
    await bench.sweep();
    await bench.table.updateStatus(id, ["asked"], "acting");
    await bench.keep(id, "U0123456789");
    bench.hourPasses();
    await bench.sweep();
    assert.deepEqual(bench.found, []);
    assert.deepEqual(bench.open(), ["0.0.0.0/0 22", "0.0.0.0/0 443", "10.1.0.0/16 22"]);
  });

  it("does not tell what was put back between its looks", async () => {
    const bench = await known();
    bench.ec2.authorize("mallory", "sg-1", opening(WORLD));
    await bench.look();
    bench.ec2.revoke("bob", "sg-1", bench.ec2.groups.get("sg-1")?.rules.at(-1)?.id ?? "");
    await bench.lookAgain();
    assert.deepEqual(bench.found, []);
  });

  it("tells again what was closed and then opened again", async () => {
    const bench = await known();
    for (const round of [1, 2]) {
      const { added } = bench.ec2.authorize("mallory", "sg-1", opening(WORLD));
      await bench.sweep();
      assert.equal(bench.found.length, round);
      bench.ec2.revoke("mallory", "sg-1", added[0]?.id ?? "");
      bench.hourPasses();
      await bench.sweep();
    }
    assert.equal(new Set(bench.found.map(({ change }) => change)).size, 2);
  });

  it("closes the changes of which nothing is left, and has that told", async () => {
    const bench = await known(new SweepBench(guardSettings({ mode: "alert" })));
    const made = bench.ec2.authorize("alice", "sg-1", opening(WORLD));
    const id = await bench.happens(made);
    bench.hourPasses();
    await bench.sweep();
    assert.equal((await bench.record(id)).status, "told");
    bench.ec2.revoke("alice", "sg-1", made.added[0]?.id ?? "");
    await bench.sweep();
    assert.equal((await bench.record(id)).status, "closed");
    assert.equal(bench.executions.get(`${id}-closed`)?.mode, "closed");
  });

  it("does not take a change for closed because a page of the list missed its rule", async () => {
    const bench = await known(new SweepBench(guardSettings({ mode: "alert" })));
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", opening(WORLD)));
    const group = bench.ec2.groups.get("sg-1");
    const whole = group?.rules ?? [];
    let asked = 0;
    bench.ec2.before = (operation) => {
      if (operation === "DescribeSecurityGroupRules" && group) group.rules = ++asked === 1 ? whole.slice(0, -1) : whole;
    };
    await bench.look();
    assert.equal((await bench.record(id)).status, "told");
  });

  it("forgets groups that were deleted, and closes their changes", async () => {
    const bench = await known(new SweepBench(guardSettings({ mode: "alert" })));
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", opening(WORLD)));
    bench.ec2.groups.delete("sg-1");
    bench.hourPasses();
    await bench.sweep();
    const memory = await bench.table.place("444444444444", "eu-west-1", bench.now);
    assert.deepEqual([...memory.groups, ...memory.open], []);
    assert.equal((await bench.record(id)).status, "closed");
  });

  it("remembers all groups, so that a rule that is written over can be given its former contents", async () => {
    const bench = await known();
    const [rule] = bench.ec2.groups.get("sg-1")?.rules ?? [];
    const id = await bench.happens(bench.ec2.modify("mallory", "sg-1", [rule?.id ?? "", opening(WORLD)]));
    await bench.workflow(id);
    assert.deepEqual(bench.open(), ["0.0.0.0/0 443", "10.1.0.0/16 22"]);
  });

  it("finds what was there before an event made the guard remember the group", async () => {
    const bench = await known();
    bench.ec2.authorize("mallory", "sg-1", opening(WORLD, 3389));
    await bench.happens(bench.ec2.authorize("alice", "sg-1", opening("10.9.0.0/16", 8080)));
    bench.hourPasses();
    await bench.sweep();
    assert.deepEqual(
      bench.found.map(({ judged }) => judged),
      [`lets in TCP 3389 (RDP) to ${WORLD}`],
    );
  });

  it("leaves groups alone that a tag on them or their VPC exempts", async () => {
    const bench = new SweepBench(guardSettings({ exemptTag: "tocsin:exempt" }));
    bench.ec2.vpcTags.set("vpc-1", {}).set("vpc-2", { "tocsin:exempt": "" });
    bench.ec2.group("sg-1", { tags: { "tocsin:exempt": "yes" } });
    bench.ec2.group("sg-2", { vpcId: "vpc-2" });
    bench.ec2.group("sg-3");
    for (const id of ["sg-1", "sg-2", "sg-3"]) bench.ec2.authorize("alice", id, opening(WORLD));
    await bench.sweep();
    assert.deepEqual(
      bench.found.map(({ groupId }) => groupId),
      ["sg-3"],
    );
  });

  it("resolves prefix lists, and tells of a list that it cannot read", async () => {
    const bench = new SweepBench();
    bench.ec2.prefixLists.set("pl-office", ["203.0.113.0/25"]).set("pl-world", ["0.0.0.0/1", "128.0.0.0/1"]);
    for (const list of ["pl-office", "pl-world", "pl-secret"]) {
      bench.ec2.group(`sg-${list}`);
      bench.ec2.authorize("alice", `sg-${list}`, opening("", 22, { peer: { kind: "prefix-list", id: list } }));
    }
    await bench.sweep();
    const records = await Promise.all(bench.found.map(({ change }) => bench.record(String(change))));
    assert.deepEqual(records.map(({ groupId, severity, unread }) => [groupId, severity, unread !== undefined]).sort(), [
      ["sg-pl-secret", "HIGH", true],
      ["sg-pl-world", "CRITICAL", false],
    ]);
  });

  it("of a place where nothing changed reads its rules and asks the table once, and writes nothing", async () => {
    const bench = await known();
    bench.ec2.group("sg-2");
    await bench.sweep();
    assert.deepEqual(bench.requests(), { ec2: ["DescribeSecurityGroupRules"], table: ["Query"] });
    assert.deepEqual(bench.queue, []);
  });

  it("reads page by page", async () => {
    const bench = new SweepBench();
    bench.ec2.page = 2;
    bench.ec2.group("sg-1");
    for (let port = 1; port <= 5; port++) bench.ec2.authorize("alice", "sg-1", opening(WORLD, port));
    await bench.sweep();
    assert.equal((await bench.record(String(bench.found[0]?.change))).offending.length, 5);
  });

  it("tells of hundreds of groups on its first run, each once, even if it is interrupted and tried again", async () => {
    const bench = new SweepBench();
    for (let index = 0; index < 300; index++) {
      bench.ec2.group(`sg-${index}`);
      bench.ec2.authorize("somebody", `sg-${index}`, opening(WORLD));
    }
    await bench.look();
    const second = bench.queue[0]?.place;
    assert.ok(second);
    bench.now += 300_000;
    let left = 100;
    bench.start = () => {
      if (left-- === 0) throw new Error("Step Functions is down");
    };
    await assert.rejects(bench.sweeping.run(second), /is down/);
    assert.ok(await bench.sweeping.run(second));
    const changes = new Set(bench.found.map(({ change }) => change));
    assert.equal(changes.size, 300);
    assert.equal(bench.found.length, 300);
    assert.deepEqual(new Set(bench.executions.keys()), changes);
  });

  it("assumes the member's role under a name that says what for", async () => {
    const bench = await known();
    assert.deepEqual(new Set(bench.sessions), new Set(["sweep"]));
  });
});

describe("a place that cannot be swept", () => {
  it("is counted and left until the next sweep, if it refuses: no role, a Region that is not enabled, a policy in the way", async () => {
    for (const [where, name, status] of [
      ["role", "AccessDenied", 403],
      ["ec2", "AuthFailure", 401],
      ["ec2", "UnauthorizedOperation", 403],
    ] as const) {
      const bench = new SweepBench();
      const refuse = (): never => {
        throw ec2Error(name, status);
      };
      if (where === "role") bench.reach = refuse;
      else bench.ec2.before = refuse;
      assert.equal(await bench.look(), false);
      const [entry] = bench.logged;
      assert.equal(entry?.kind, "unswept");
      assert.equal(entry?.accountId, "444444444444");
      assert.equal(entry?.region, "eu-west-1");
      assert.match(String(entry?.error), new RegExp(name));
      assert.deepEqual(bench.stored.memory.requests, ["Query"]);
    }
  });

  it("is not counted while its account is new", async () => {
    const bench = new SweepBench();
    bench.reach = () => {
      throw ec2Error("AccessDenied", 403);
    };
    assert.equal(await bench.look({ isNew: true }), true);
    assert.equal(bench.logged[0]?.kind, "unswept");
  });

  it("is tried again if EC2, STS or the table is down or throttles", async () => {
    for (const break_ of [
      (bench: SweepBench) => {
        bench.ec2.before = () => {
          throw ec2Error("RequestLimitExceeded", 503);
        };
      },
      (bench: SweepBench) => {
        bench.reach = () => {
          throw ec2Error("Throttling", 400);
        };
      },
      (bench: SweepBench) => {
        bench.stored.memory.before = () => {
          throw ec2Error("AccessDeniedException", 400);
        };
      },
    ]) {
      const bench = new SweepBench();
      break_(bench);
      await assert.rejects(bench.look());
      assert.deepEqual(bench.logged, []);
    }
  });

  it("is left to the next sweep an hour later, however long the outage is", async () => {
    const bench = new SweepBench();
    const place = bench.place();
    bench.now += 3_600_001;
    assert.equal(await bench.sweeping.run(place), false);
    assert.deepEqual(bench.ec2.requests, []);
  });

  it("keeps what is remembered and open, if half of it cannot be read", async () => {
    const bench = await known(new SweepBench(guardSettings({ mode: "alert" })));
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", opening(WORLD)));
    bench.ec2.groups.get("sg-1")?.rules.pop();
    bench.ec2.before = (operation) => {
      if (operation === "DescribeSecurityGroups") throw ec2Error("UnauthorizedOperation", 403);
    };
    assert.equal(await bench.look(), false);
    assert.equal((await bench.record(id)).status, "told");
  });
});
