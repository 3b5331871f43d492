import assert from "node:assert/strict";
import type { ChangeEntry, DeliveryEntry, PressEntry } from "../../sandbox/replay/report";
import {
  advance,
  arrive,
  authorizes,
  ec2,
  idOf,
  looks,
  makesGroup,
  makesVpc,
  modifies,
  type Opening,
  open,
  opens,
  press,
  sweeps,
  toldOf,
  undoes,
} from "../support/developer";
import { type Played, replay, type Step } from "../support/replay";

const APPROVER = "U0123456789";
/** Who is called dana in AWS. */
const DANA = "U0000000002";
const STRANGER = "U0999999999";

const settings = (guard: string): string => `
config:
  aws:region: eu-west-1
  tocsin:organization:
    managementAccountId: "111111111111"
    securityAccountId: "222222222222"
    regions: [eu-west-1]
    forwarding: { via: stackset, organizationalUnitIds: [r-root] }
  tocsin:alerts:
    sources: [{ origin: guardduty, severities: [CRITICAL] }]
  tocsin:channels:
    soc-mail: { kind: email, from: tocsin@example.com, to: [soc@example.com] }
    soc-slack: { kind: slack, channel: C0123456789, secretName: tocsin/slack }
  tocsin:routes: [{ to: [soc-mail, soc-slack] }]
  tocsin:securityGroupGuard:
    approvedRanges: [10.0.0.0/8, "2001:db8::/32"]
    publicPorts: [443]
    exemptTag: tocsin:exempt
    exemptAccounts: [lab]
    ${guard}
  tocsin:approvals:
    approvers: [${APPROVER}, ${DANA}]
    identities: { ${DANA}: [dana] }
    signingSecretName: tocsin/slack-signing
    timeout: 30m
`;

const SSH = "0.0.0.0/0 22";

/** A group of its own for each scene, and what happens to it. */
const scene = (group: string, ...steps: readonly (Step | readonly Step[])[]): Step[] => [makesGroup(group), ...steps.flat()];

/** Calls about one group. */
function changesOf({ report }: Played, group: string): readonly ChangeEntry[] {
  const { GroupId } = report.answers[group] as { GroupId: string };
  return report.changes.filter(({ input }) => input.GroupId === GroupId);
}
const operations = (played: Played, group: string): string[] => changesOf(played, group).map(({ operation }) => operation);

/** Everything that people were told of a group, oldest first. */
function toldOfGroup({ report }: Played, group: string): readonly DeliveryEntry[] {
  const { GroupId } = report.answers[group] as { GroupId: string };
  return report.deliveries.filter(({ resource }) => resource?.endsWith(GroupId));
}
const reasons = (told: readonly DeliveryEntry[]): string[] => told.map(({ kind, reason }) => `${kind} ${reason}`).sort();

/** The words of a message. */
const words = ({ payload }: Pick<DeliveryEntry, "payload">): string => {
  const texts: string[] = [];
  JSON.stringify(payload, (key, value) => {
    if ((key === "text" || key === "user_id") && typeof value === "string") texts.push(value);
    return value;
  });
  return texts.join("");
};
const slack = (told: readonly DeliveryEntry[], reason: string): string =>
  told
    .filter((delivery) => delivery.kind === "slack" && delivery.reason === reason)
    .map(words)
    .join("\n");

const ruleIds = ({ report }: Played, as: string): string[] =>
  (report.answers[as] as { SecurityGroupRules: { SecurityGroupRuleId: string }[] }).SecurityGroupRules.map(
    ({ SecurityGroupRuleId }) => SecurityGroupRuleId,
  );
const openAt = ({ report }: Played, as: string): string[] => open(report.answers[as]);

const inShort = ({ button, user, accepted, reason }: PressEntry): string => `${user} ${button}: ${accepted ? "yes" : "no"}, ${reason}`;

/** Whatever is played: nothing is refused, nothing lost, and whatever was done can be undone. */
function holdsAlways(played: () => Played): void {
  it("lacks no permission, and loses nothing", () => {
    const { denied, deadLetters } = played().report;
    assert.deepEqual({ denied, deadLetters }, { denied: [], deadLetters: [] });
  });

  it("says of each call that it made how to undo it, or what it undid", () => {
    for (const change of played().report.changes) {
      assert.ok(change.undo !== null || change.undoes !== null, JSON.stringify(change));
      assert.match(change.by, /^arn:aws:iam::444444444444:role\/tocsin-security-groups$/);
    }
  });

  it("answers none of its own calls with another one", () => {
    const { changes, executions } = played().report;
    const guards = executions.filter(({ machine, path }) => machine === "tocsin-guard" && path.includes("PutBack"));
    assert.equal(changes.filter(({ undoes }) => undoes === null).length, guards.length);
  });
}

describe("the guard of security groups", function () {
  this.timeout(240_000);

  describe("that puts back", () => {
    /** Forty changes by one deployment. */
    const burst: readonly Opening[] = [...Array(40).keys()].map((index) => ({
      as: `burst${index}`,
      group: "crowded",
      who: "deployment",
      rules: [`0.0.0.0/0 ${3000 + index}`],
    }));
    const again = (times: number): Step[] =>
      [...Array(times).keys()].flatMap((index) => opens({ as: `stubborn${index}`, group: "contested", who: "stubborn", rules: [SSH] }));
    const refused = (times: object): Step => ({
      line: { fault: { service: "ec2", operation: "DescribeSecurityGroups", error: "UnauthorizedOperation", status: 403, ...times } },
    });

    let played: Played;
    before(async () => {
      played = await replay(
        [
          makesVpc("vpc"),
          ...scene(
            "mixed",
            opens({ as: "alice", group: "mixed", rules: [SSH, "10.1.0.0/16 22", "::/0 22", "0.0.0.0/0 443"] }),
            looks("mixedAfter", "mixed"),
          ),
          ...scene(
            "written",
            opens({ as: "narrow", group: "written", rules: ["10.1.0.0/16 22"] }),
            modifies({ as: "bob", group: "written" }, "narrow", SSH),
            looks("writtenAfter", "written"),
          ),
          ...scene(
            "halved",
            opens({ as: "carol", group: "halved", rules: ["0.0.0.0/1 22", "128.0.0.0/1 22"] }),
            looks("halvedAfter", "halved"),
          ),
          ...scene("pressed", opens({ as: "dave", group: "pressed", rules: [SSH] }), press("undo", APPROVER)),
          ...scene("commanded", opens({ as: "erin", group: "commanded", rules: [SSH, "0.0.0.0/0 3389"] }), [
            undoes(idOf("erin"), "undone"),
            undoes(idOf("erin"), "undoneTwice"),
          ]),
          ...scene("moved", opens({ as: "frank", group: "moved", rules: [SSH] }), [
            authorizes({ as: "meanwhile", group: "moved", rules: ["10.2.0.0/16 22"] }),
            undoes(idOf("frank"), "movedOn"),
            looks("movedAfter", "moved"),
          ]),
          ...scene("contested", again(3), looks("contestedAfter", "contested")),
          makesGroup("spared", { tag: "tocsin:exempt" }),
          ...opens({ as: "grace", group: "spared", rules: [SSH] }),
          makesVpc("sparedVpc", "tocsin:exempt"),
          makesGroup("sparedByVpc", { vpc: "sparedVpc" }),
          ...opens({ as: "heidi", group: "sparedByVpc", rules: [SSH] }),
          makesVpc("labVpc", undefined, "lab"),
          makesGroup("sparedByAccount", { vpc: "labVpc", account: "lab" }),
          ...opens({ as: "ivan", group: "sparedByAccount", rules: [SSH], account: "lab" }),
          ...scene("hidden", [
            authorizes({ as: "judy", group: "hidden", rules: [SSH] }),
            refused({ for: "15m" }),
            arrive("judy", [toldOf({ as: "judy", group: "hidden", rules: [SSH] })]),
            refused({ times: 0 }),
          ]),
          ...scene("missed", authorizes({ as: "nobodyTold", group: "missed", rules: ["0.0.0.0/0 3389"] })),
          sweeps,
          ...scene("crowded", burst.map(authorizes), arrive("burst", burst.map(toldOf))),
          advance("20m"),
          arrive("again", [toldOf({ as: "dave", group: "pressed", rules: [SSH] })]),
          sweeps,
          advance("2h"),
          looks("pressedAfter", "pressed"),
          looks("commandedAfter", "commanded"),
          looks("hiddenAfter", "hidden"),
          looks("missedAfter", "missed"),
          looks("crowdedAfter", "crowded"),
        ],
        settings("mode: revert"),
      );
    });

    holdsAlways(() => played);

    it("takes back exactly those rules of a call that nobody approved, in IPv4 and IPv6, by their ids", () => {
      const [world, , worldToo] = ruleIds(played, "alice");
      assert.deepEqual(
        changesOf(played, "mixed").map(({ operation, input }) => [operation, input.SecurityGroupRuleIds]),
        [["RevokeSecurityGroupIngress", [world, worldToo]]],
      );
      assert.deepEqual(openAt(played, "mixedAfter"), ["0.0.0.0/0 443", "10.1.0.0/16 22"]);
    });

    it("tells at once who opened what, where, and what was done about it", () => {
      const told = toldOfGroup(played, "mixed");
      assert.deepEqual(reasons(told), ["email new", "slack new"]);
      assert.equal(told[0]?.title, "alice opens TCP 22 (SSH) to 0.0.0.0/0 and ::/0 in mixed");
      const said = slack(told, "new");
      for (const words of ["Put back by tocsin.", "web · 444444444444", "eu-west-1", "with a second factor", "203.0.113.77 with aws-cli"]) {
        assert.ok(said.includes(words), `${words}: ${said}`);
      }
    });

    it("gives a rule that was written over its former contents", () => {
      assert.equal(played.outcome("narrow"), "quiet/filtered");
      assert.equal(played.outcome("bob"), "notify/new");
      assert.deepEqual(operations(played, "written"), ["ModifySecurityGroupRules"]);
      assert.deepEqual(openAt(played, "writtenAfter"), ["10.1.0.0/16 22"]);
    });

    it("takes two halves of the world for the world", () => {
      assert.deepEqual(openAt(played, "halvedAfter"), []);
      assert.deepEqual(
        toldOfGroup(played, "halved").map(({ severity }) => severity),
        ["CRITICAL", "CRITICAL"],
      );
    });

    it("restores by a press what it took back, and tells the channel who decided", () => {
      assert.deepEqual(operations(played, "pressed"), ["RevokeSecurityGroupIngress", "AuthorizeSecurityGroupIngress"]);
      assert.deepEqual(played.report.presses.map(inShort), [`${APPROVER} undo: yes, undo`]);
      assert.match(slack(toldOfGroup(played, "pressed"), "resolved"), new RegExp(`Undone by ${APPROVER}`));
    });

    it("restores by a command what it took back, and tells the channel as well", () => {
      const { undone } = played.report.answers as { undone: { status: string; refused?: string } };
      assert.deepEqual([undone.status, undone.refused], ["undone", undefined]);
      assert.deepEqual(openAt(played, "commandedAfter"), ["0.0.0.0/0 22", "0.0.0.0/0 3389"]);
      assert.match(slack(toldOfGroup(played, "commanded"), "resolved"), /Undone by .*open again/);
    });

    it("undoes once", () => {
      const { undoneTwice } = played.report.answers as { undoneTwice: { refused?: string } };
      assert.match(String(undoneTwice.refused), /it was undone already/);
      assert.equal(operations(played, "commanded").length, 2);
    });

    it("refuses to undo where the group has changed since, says how, and touches nothing", () => {
      const { movedOn } = played.report.answers as { movedOn: { refused?: string } };
      assert.equal(movedOn.refused, "the group has changed since: it has TCP 22 (SSH) to 10.2.0.0/16");
      assert.deepEqual(openAt(played, "movedAfter"), ["10.2.0.0/16 22"]);
    });

    it("leaves alone what was undone: another copy of the event, and the sweeps of hours", () => {
      assert.equal(played.outcome("again"), "quiet/duplicate");
      assert.deepEqual(openAt(played, "pressedAfter"), [SSH]);
      assert.deepEqual(reasons(toldOfGroup(played, "pressed")), ["email new", "slack new", "slack resolved"]);
    });

    it("puts back the same change once more, and then leaves it to people", () => {
      assert.deepEqual(operations(played, "contested"), ["RevokeSecurityGroupIngress", "RevokeSecurityGroupIngress"]);
      assert.deepEqual(openAt(played, "contestedAfter"), [SSH]);
      const told = toldOfGroup(played, "contested");
      assert.deepEqual(
        told.filter(({ kind }) => kind === "slack").map(({ reason }) => reason),
        ["new", "escalated", "escalated"],
      );
      assert.match(slack(told, "escalated"), /for the second time within an hour[\s\S]*third time within an hour that this was opened/);
    });

    for (const [what, group, name] of [
      ["with a tag", "spared", "grace"],
      ["in a VPC with a tag", "sparedByVpc", "heidi"],
      ["in an account that is exempt", "sparedByAccount", "ivan"],
    ] as const) {
      it(`leaves alone, and tells nobody of, a group ${what}`, () => {
        assert.equal(played.outcome(name), "quiet/filtered");
        assert.deepEqual([operations(played, group), toldOfGroup(played, group)], [[], []]);
      });
    }

    it("tells of what it could not check, and does not touch it", () => {
      assert.equal(played.outcome("judy"), "notify/new");
      assert.match(slack(toldOfGroup(played, "hidden"), "new"), /Not touched: the group could not be read/);
      assert.deepEqual(openAt(played, "hiddenAfter"), [SSH]);
    });

    it("finds by its sweep what no event told of, tells of it once, and does not touch it", () => {
      const told = toldOfGroup(played, "missed");
      assert.deepEqual(reasons(told), ["email new", "slack new"]);
      assert.equal(told[0]?.title, "Found open: TCP 3389 (RDP) to 0.0.0.0/0 in missed");
      assert.deepEqual(openAt(played, "missedAfter"), ["0.0.0.0/0 3389"]);
    });

    it("puts back a burst of forty changes, and tells of it in a dozen messages", () => {
      assert.deepEqual(openAt(played, "crowdedAfter"), []);
      const ids = new Set(burst.map(({ as }) => idOf(as)));
      const told = played.report.deliveries.filter(({ findingIds }) => findingIds.some((id) => ids.has(id)));
      for (const kind of ["email", "slack"]) {
        const messages = told.filter((delivery) => delivery.kind === kind);
        assert.ok(messages.length <= 12, `${messages.length} by ${kind}`);
        assert.equal(new Set(messages.flatMap(({ findingIds }) => findingIds)).size, 40, "each of them is in one");
      }
    });
  });

  describe("that asks", () => {
    const hello = { signature: "bad" };
    let played: Played;
    before(async () => {
      played = await replay(
        [
          makesVpc("vpc"),
          ...scene("wanted", opens({ as: "alice", group: "wanted", rules: [SSH] }), [
            press("approve", APPROVER, hello),
            press("approve", APPROVER, { age: "6m" }),
            press("approve", STRANGER),
            looks("wantedBefore", "wanted"),
            press("approve", APPROVER, { times: 2 }),
            { line: { press: { replay: true } } },
            press("undo", APPROVER),
          ]),
          ...scene("unwanted", opens({ as: "dana", group: "unwanted", rules: [SSH, "10.1.0.0/16 22"] }), [
            looks("unwantedBefore", "unwanted"),
            press("approve", DANA),
            press("undo", APPROVER),
            looks("unwantedAfter", "unwanted"),
            press("undo", STRANGER),
          ]),
          ...scene("unanswered", opens({ as: "bob", group: "unanswered", rules: [SSH] }), [advance("31m"), press("approve", APPROVER)]),
          sweeps,
          advance("2h"),
          looks("wantedAfter", "wanted"),
          looks("unansweredAfter", "unanswered"),
        ],
        settings("mode: approve"),
      );
    });

    holdsAlways(() => played);

    it("changes nothing before somebody has decided", () => {
      assert.deepEqual(openAt(played, "wantedBefore"), [SSH]);
      assert.deepEqual(openAt(played, "unwantedBefore"), [SSH, "10.1.0.0/16 22"]);
    });

    it("takes one approver's own fresh press; refuses wrong signatures, old ones, strangers, second presses and replays, and logs each", () => {
      const line = (played.report.presses[0]?.line ?? 0) + 5;
      assert.deepEqual(played.report.presses.filter((one) => one.line <= line).map(inShort), [
        `${APPROVER} approve: no, wrong signature`,
        `${APPROVER} approve: no, old timestamp`,
        `${STRANGER} approve: no, not an approver`,
        `${APPROVER} approve: yes, keep`,
        `${APPROVER} approve: no, already decided`,
        `${APPROVER} approve: no, replayed`,
      ]);
    });

    it("leaves what was approved as it is, for the sweeps too, and says by whom", () => {
      assert.deepEqual(operations(played, "wanted"), []);
      assert.deepEqual(openAt(played, "wantedAfter"), [SSH]);
      const told = toldOfGroup(played, "wanted");
      assert.deepEqual(reasons(told), ["email new", "slack new", "slack resolved"]);
      assert.match(slack(told, "resolved"), new RegExp(`Approved by ${APPROVER}`));
      const [update] = told.find(({ kind }) => kind === "slack")?.updates?.slice(-1) ?? [];
      assert.match(words({ payload: update ?? {} }), new RegExp(`Approved by ${APPROVER}`));
      assert.doesNotMatch(JSON.stringify(update), /tocsin-(approve|undo)/);
    });

    it("lets nobody decide about their own change", () => {
      const own = played.report.presses.filter(({ user }) => user === DANA);
      assert.deepEqual(own.map(inShort), [`${DANA} approve: no, own change`]);
      assert.match(String(own[0]?.answer), /You made this change yourself/);
    });

    it("takes back exactly what was not approved when an approver says so", () => {
      assert.deepEqual(openAt(played, "unwantedAfter"), ["10.1.0.0/16 22"]);
      assert.deepEqual(operations(played, "unwanted"), ["RevokeSecurityGroupIngress"]);
      assert.match(slack(toldOfGroup(played, "unwanted"), "resolved"), new RegExp(`Put back by tocsin, as decided by ${APPROVER}`));
    });

    it("leaves everything as it is when nobody answers, says so, and refuses a press after that", () => {
      assert.deepEqual(operations(played, "unanswered"), []);
      assert.deepEqual(openAt(played, "unansweredAfter"), [SSH]);
      assert.match(slack(toldOfGroup(played, "unanswered"), "escalated"), /Nobody decided in 30 minutes: nothing was changed\./);
      assert.equal(played.report.presses.map(inShort).at(-1), `${APPROVER} approve: no, expired`);
    });

    it("keeps the tokens of its workflows to itself", () => {
      const { deliveries, presses } = played.report;
      assert.doesNotMatch(JSON.stringify([deliveries, presses]), /"token"|taskToken/i);
    });
  });

  describe("that only tells", () => {
    let played: Played;
    before(async () => {
      played = await replay(
        [
          makesVpc("vpc"),
          ...scene("watched", [
            ec2("CreateSubnet", { VpcId: "{{vpc.Vpc.VpcId}}", CidrBlock: "10.0.1.0/24" }, "subnet"),
            ec2(
              "RunInstances",
              {
                ...{ ImageId: "ami-12345678", MinCount: 1, MaxCount: 1, SubnetId: "{{subnet.Subnet.SubnetId}}" },
                SecurityGroupIds: ["{{watched.GroupId}}"],
                TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Name", Value: "shop-1" }] }],
              },
              "server",
            ),
            ...opens({ as: "alice", group: "watched", rules: [SSH] }),
            undoes(idOf("alice"), "undone"),
            looks("watchedAfter", "watched"),
            ec2("RevokeSecurityGroupIngress", {
              GroupId: "{{watched.GroupId}}",
              SecurityGroupRuleIds: ["{{alice.SecurityGroupRules[0].SecurityGroupRuleId}}"],
            }),
            ...opens({ as: "bob", group: "watched", rules: ["10.1.0.0/16 22"] }),
          ]),
          advance("2h"),
        ],
        settings("mode: alert\n    tell: all"),
      );
    });

    holdsAlways(() => played);

    it("tells, and touches nothing", () => {
      assert.deepEqual(played.report.changes, []);
      assert.deepEqual(openAt(played, "watchedAfter"), [SSH]);
      assert.equal(played.outcome("alice"), "notify/new");
    });

    it("says what is behind the group", () => {
      assert.match(slack(played.deliveries("alice"), "new"), /Protects {2}1 instance \(shop-1 \(i-[0-9a-f]+\)\)/);
    });

    it("offers no undo, and refuses one", () => {
      assert.doesNotMatch(JSON.stringify(played.deliveries("alice")), /tocsin-undo/);
      const { undone } = played.report.answers as { undone: { refused?: string } };
      assert.equal(undone.refused, "tocsin changed nothing that could be undone");
    });

    it("says when what was open is closed", () => {
      assert.match(slack(played.deliveries("alice"), "resolved"), /Closed meanwhile: what it opened is gone/);
    });

    it("tells of harmless changes too where the settings say so", () => {
      assert.deepEqual(
        played.deliveries("bob").map(({ kind, severity }) => `${kind} ${severity}`),
        ["email INFORMATIONAL", "slack INFORMATIONAL"],
      );
    });
  });
});
