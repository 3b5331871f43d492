import assert from "node:assert/strict";
import { NotAFinding } from "../../../functions/normalize/not-a-finding";
import { ec2Error } from "../../support/ec2";
import { ACCOUNT, GuardBench, guardSettings, idOf, OWN_ROLE, opening, REGION } from "../../support/guard";

const WORLD = opening("0.0.0.0/0");
const OFFICE = opening("203.0.113.0/24");
const PLACE = { accountId: ACCOUNT, region: REGION, groupId: "sg-1" };

describe("the guard of security groups", () => {
  let bench: GuardBench;
  const fresh = (settings = guardSettings()): GuardBench => {
    bench = new GuardBench(settings);
    bench.ec2.group("sg-1");
    return bench;
  };
  beforeEach(() => void fresh());

  it("writes down who opened what, in which group and what is behind it, and starts the workflow by the change's id", async () => {
    bench.ec2.interfaces.set("sg-1", [
      { NetworkInterfaceId: "eni-1", Attachment: { InstanceId: "i-1" } },
      { NetworkInterfaceId: "eni-2", Description: "ELB app/shop-front/50dc6c495c0c9188" },
      { NetworkInterfaceId: "eni-3", Description: "RDSNetworkInterface", RequesterId: "amazon-rds" },
    ]);
    const id = await bench.happens(bench.ec2.authorize("alice@example.com", "sg-1", WORLD, opening("::/0"), OFFICE));
    const record = await bench.record(id);
    assert.equal(record.judged, "opens TCP 22 (SSH) to 0.0.0.0/0 and ::/0");
    assert.equal(record.severity, "CRITICAL");
    assert.equal(record.actor?.name, "alice@example.com");
    assert.deepEqual(
      record.offending.map((rule) => rule.id),
      ["sgr-1", "sgr-2"],
    );
    assert.deepEqual(record.protects, {
      instances: ["shop (i-1)"],
      loadBalancers: ["shop-front"],
      databases: ["RDSNetworkInterface (eni-3)"],
      others: [],
    });
    assert.equal(record.status, "told");
    assert.deepEqual([...bench.executions], [[id, { changeId: id, mode: "revert", repeated: 1, touchable: true }]]);
    assert.equal(bench.logged.findLast(({ kind }) => kind === "decision")?.episode, record.episode);
  });

  it("keeps quiet about what is approved, narrower or taken away, and remembers the group", async () => {
    assert.equal(await bench.arrives(bench.eventOf(bench.ec2.authorize("bob", "sg-1", OFFICE))), "filtered");
    assert.equal(await bench.arrives(bench.eventOf(bench.ec2.modify("bob", "sg-1", ["sgr-1", opening("203.0.113.7/32")]))), "filtered");
    assert.equal(await bench.arrives(bench.eventOf(bench.ec2.revoke("bob", "sg-1", "sgr-1"))), "filtered");
    assert.equal(bench.executions.size, 0);
    assert.deepEqual((await bench.table.group(PLACE))?.rules, []);
  });

  it("does not take offence at a rule that was made narrower, though still not approved: putting that back would open more", async () => {
    const first = bench.eventOf(bench.ec2.authorize("bob", "sg-1", WORLD));
    await bench.arrives(first);
    assert.equal(await bench.arrives(bench.eventOf(bench.ec2.modify("bob", "sg-1", ["sgr-1", opening("198.51.100.0/24")]))), "filtered");
  });

  it("tells of a rule that was widened, with what it was before", async () => {
    await bench.arrives(bench.eventOf(bench.ec2.authorize("bob", "sg-1", OFFICE)));
    const id = await bench.happens(bench.ec2.modify("mallory", "sg-1", ["sgr-1", WORLD]));
    const { judged, before, modified } = await bench.record(id);
    assert.equal(judged, "changes sgr-1 to TCP 22 (SSH) to 0.0.0.0/0 (before: TCP 22 (SSH) to 203.0.113.0/24)");
    assert.deepEqual([before?.[0]?.peer, modified], [OFFICE.peer, true]);
  });

  it("knows what a rule was before although another change of that moment was looked at first", async () => {
    await bench.arrives(bench.eventOf(bench.ec2.authorize("bob", "sg-1", OFFICE)));
    const widened = bench.eventOf(bench.ec2.modify("mallory", "sg-1", ["sgr-1", WORLD]));
    await bench.arrives(bench.eventOf(bench.ec2.authorize("mallory", "sg-1", opening("::/0"))));
    await bench.arrives(widened);
    assert.deepEqual((await bench.record(idOf(widened))).before?.[0]?.peer, OFFICE.peer);
  });

  it("takes a widening of an egress rule for what it is", async () => {
    bench.ec2.group("sg-1", { rules: [{ ...OFFICE, direction: "egress", id: "sgr-e" }] });
    assert.equal(await bench.arrives(bench.eventOf(bench.ec2.modify("bob", "sg-1", ["sgr-e", WORLD]))), "filtered");
  });

  it("answers its own calls, and those that AWS refused, with silence", async () => {
    const own = bench.eventOf(bench.ec2.authorize("tocsin", "sg-1", WORLD));
    assert.equal(JSON.stringify(own).includes(OWN_ROLE), true);
    assert.equal(await bench.arrives(own), "filtered");
    const refused = bench.eventOf(bench.ec2.authorize("bob", "sg-1", opening("::/0")));
    (refused.detail as Record<string, unknown>).errorCode = "Client.UnauthorizedOperation";
    assert.equal(await bench.arrives(refused), "filtered");
    assert.equal(bench.executions.size, 0);
  });

  it("is not fooled by a role of the same name in another account", async () => {
    const event = bench.eventOf(bench.ec2.authorize("bob", "sg-1", WORLD));
    const identity = (event.detail as { userIdentity: Record<string, unknown> }).userIdentity;
    identity.sessionContext = { sessionIssuer: { type: "Role", arn: "arn:aws:iam::999999999999:role/tocsin-security-groups" } };
    assert.equal(await bench.arrives(event), "new!");
  });

  it("refuses what is no change of a security group", async () => {
    await assert.rejects(bench.arrives({ detail: { eventName: "RunInstances" } }), NotAFinding);
  });

  const exemptions: readonly [string, Parameters<typeof guardSettings>[0], (bench: GuardBench) => void][] = [
    ["the group's tag", { exemptTag: "tocsin:exempt" }, (b) => b.ec2.group("sg-1", { tags: { "tocsin:exempt": "no" } })],
    ["its VPC's tag", { exemptTag: "tocsin:exempt" }, (b) => b.ec2.vpcTags.set("vpc-1", { "tocsin:exempt": "" })],
    ["its account's id", { exemptAccounts: [ACCOUNT] }, () => undefined],
    ["its account's name", { exemptAccounts: ["web"] }, (b) => b.accounts.set(ACCOUNT, { id: ACCOUNT, name: "web" })],
    [
      "its organizational unit",
      { exemptOrganizationalUnits: ["Lab"] },
      (b) => b.accounts.set(ACCOUNT, { id: ACCOUNT, path: ["Lab"], organizationalUnitIds: ["r-root", "ou-root-lab"] }),
    ],
  ];
  for (const [what, settings, prepare] of exemptions) {
    it(`leaves alone what is exempt by ${what}, and writes down why`, async () => {
      fresh(guardSettings(settings));
      prepare(bench);
      const event = bench.eventOf(bench.ec2.authorize("alice", "sg-1", WORLD));
      assert.equal(await bench.arrives(event), "filtered");
      assert.match((await bench.record(idOf(event))).exempt ?? "", /exempt/);
      assert.equal(bench.executions.size, 0);
      assert.match((await bench.putBack(idOf(event))).refused ?? "", /exempt/);
    });
  }

  it("tells, and touches nothing, where nobody knows whether the account is exempt", async () => {
    fresh(guardSettings({ exemptOrganizationalUnits: ["Lab"] }));
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
    const { unread, touchable, status } = await bench.record(id);
    assert.deepEqual([unread, touchable, status], ["whether its account is exempt is not known yet", false, "told"]);
  });

  const unreadable: readonly [string, (bench: GuardBench) => void, RegExp][] = [
    [
      "the role in the member",
      (b) => {
        b.reach = () => {
          throw ec2Error("AccessDenied", 403);
        };
      },
      /role of the guard in account 444444444444 cannot be used/,
    ],
    ["the group", (b) => refuse(b, "DescribeSecurityGroups"), /could not be read/],
    ["the rules", (b) => refuse(b, "DescribeSecurityGroupRules"), /could not be read/],
    ["the VPC", (b) => refuse(b, "DescribeVpcs"), /could not be read/],
    ["a group that is gone", (b) => b.ec2.groups.clear(), /not there any more/],
  ];
  const refuse = ({ ec2 }: GuardBench, refused: string): void => {
    ec2.before = (operation) => {
      if (operation === refused) throw ec2Error("UnauthorizedOperation", 403);
    };
  };
  for (const [what, prepare, why] of unreadable) {
    it(`tells at once, and touches nothing, where ${what} cannot be read`, async () => {
      fresh(guardSettings({ exemptTag: "tocsin:exempt" }));
      const event = bench.eventOf(bench.ec2.authorize("alice", "sg-1", WORLD));
      prepare(bench);
      assert.equal(await bench.arrives(event), "new!");
      const { unread = "", touchable, severity } = await bench.record(idOf(event));
      assert.match(unread, why);
      assert.deepEqual([touchable, severity], [false, "CRITICAL"]);
      assert.notEqual((await bench.putBack(idOf(event))).refused, undefined);
    });
  }

  it("waits for an outage to pass, but not for long", async () => {
    const event = bench.eventOf(bench.ec2.authorize("alice", "sg-1", WORLD));
    bench.ec2.before = () => {
      throw ec2Error("ServiceUnavailable", 503);
    };
    await assert.rejects(bench.arrives(event, 1), /ServiceUnavailable/);
    await assert.rejects(bench.arrives(event, 2), /ServiceUnavailable/);
    assert.equal(await bench.arrives(event, 3), "new!");
    assert.equal((await bench.record(idOf(event))).touchable, false);
  });

  it("judges prefix lists by their ranges, and tells of those that cannot be read", async () => {
    const named = (id: string) => opening("", 22, { peer: { kind: "prefix-list", id } });
    bench.ec2.prefixLists.set("pl-office", ["203.0.113.0/24"]).set("pl-world", ["0.0.0.0/0"]);
    assert.equal(await bench.arrives(bench.eventOf(bench.ec2.authorize("bob", "sg-1", named("pl-office")))), "filtered");
    assert.equal(await bench.arrives(bench.eventOf(bench.ec2.authorize("bob", "sg-1", named("pl-world")))), "new!");
    const unread = await bench.happens(bench.ec2.authorize("bob", "sg-1", named("pl-gone")));
    assert.deepEqual(
      [(await bench.record(unread)).unread, (await bench.record(unread)).touchable],
      ["the ranges of prefix list pl-gone could not be read", false],
    );
  });

  it("tells only once of two copies of an event", async () => {
    const event = bench.eventOf(bench.ec2.authorize("alice", "sg-1", WORLD));
    assert.equal(await bench.arrives(event), "new!");
    assert.equal(await bench.arrives({ ...event, id: "another-envelope" }), "duplicate");
    assert.equal(await bench.arrives(event), "new!");
    assert.equal(bench.executions.size, 1);
    assert.equal((await bench.record(idOf(event))).repeated, 1);
  });

  for (const crash of ["UpdateItem", "Query", "GetItem"]) {
    it(`loses nothing and tells nothing twice when an attempt dies at any ${crash}`, async () => {
      for (let dies = 1; dies <= 12; dies++) {
        fresh();
        const event = bench.eventOf(bench.ec2.authorize("alice", "sg-1", WORLD));
        let requests = 0;
        bench.stored.memory.before = (operation) => {
          if (operation === crash && ++requests === dies) throw new Error("crashed");
        };
        await bench.arrives(event).catch(() => undefined);
        bench.stored.memory.before = () => undefined;
        await bench.arrives(event);
        assert.deepEqual([...bench.executions.keys()], [idOf(event)]);
        assert.equal((await bench.record(idOf(event))).repeated, 1);
        assert.equal((await bench.table.group(PLACE))?.rules.length, 1);
      }
    });
  }

  it("counts the same change again within an hour of the last one, whatever its rules' ids are", async () => {
    const repeated: number[] = [];
    for (const minutes of [0, 30, 50, 50, 120]) {
      bench.now += minutes * 60_000;
      const made = bench.ec2.authorize("terraform", "sg-1", WORLD);
      const id = await bench.happens(made);
      repeated.push((await bench.record(id)).repeated);
      bench.ec2.revoke("tocsin", "sg-1", String(made.added[0]?.id));
    }
    assert.deepEqual(repeated, [1, 2, 3, 3, 1]);
  });

  it("closes a change whose rules somebody took away, and has that told", async () => {
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
    await bench.arrives(bench.eventOf(bench.ec2.revoke("alice", "sg-1", "sgr-1")));
    assert.equal((await bench.record(id)).status, "closed");
    assert.deepEqual(bench.executions.get(`${id}-closed`), { changeId: id, mode: "closed", repeated: 1, touchable: false });
    assert.deepEqual(await bench.table.openChanges(PLACE), []);
  });

  it("forgets a group that was deleted, and closes its changes", async () => {
    const id = await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
    bench.ec2.groups.delete("sg-1");
    await bench.happens({
      by: "alice",
      operation: "DeleteSecurityGroup",
      groupId: "sg-1",
      added: [],
      revoked: [],
      modified: [],
      input: {},
    });
    assert.equal((await bench.record(id)).status, "closed");
    assert.equal(await bench.table.group(PLACE), undefined);
  });

  it("tells of every change, also harmless ones, where the settings say so, and asks for nothing", async () => {
    fresh(guardSettings({ tell: "all" }));
    const event = bench.eventOf(bench.ec2.authorize("bob", "sg-1", OFFICE));
    assert.equal(await bench.arrives(event), "new!");
    assert.deepEqual(bench.executions.get(idOf(event)), { changeId: idOf(event), mode: "alert", repeated: 1, touchable: false });
    const { severity, judged } = await bench.record(idOf(event));
    assert.deepEqual([severity, judged], ["INFORMATIONAL", "opens TCP 22 (SSH) to 203.0.113.0/24"]);
  });

  it("reads groups with more rules than fit on a page", async () => {
    bench.ec2.page = 2;
    bench.ec2.authorize("bob", "sg-1", ...[1, 2, 3, 4, 5].map((port) => opening("10.0.0.0/8", port)));
    await bench.happens(bench.ec2.authorize("alice", "sg-1", WORLD));
    assert.equal((await bench.table.group(PLACE))?.rules.length, 6);
  });
});
