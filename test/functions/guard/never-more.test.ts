import assert from "node:assert/strict";
import fc from "fast-check";
import { stateOf } from "../../../functions/security-groups/put-back";
import { type Rule, sameTraffic } from "../../../functions/security-groups/rule";
import type { Made } from "../../support/ec2";
import { GuardBench, idOf, opening } from "../../support/guard";

/** Numbers pick one of what is there. */
interface Opens {
  readonly kind: "add" | "modify";
  readonly range: string;
  readonly port: number;
  readonly pick: number;
  /** Whether the event tells the rules' ids. */
  readonly named: boolean;
}

interface Acts {
  readonly kind: "remove" | "deliver" | "put-back" | "undo";
  readonly pick: number;
  /** At which request the function dies, before or after it was answered; 0: it does not. */
  readonly crash: number;
  /** At which request somebody else changes the group; 0: nobody does. */
  readonly meddle: number;
}

/** What may happen to a group, and to the functions that look after it. */
type Happening = Opens | Acts;

const opens = (happening: Happening): happening is Opens => happening.kind === "add" || happening.kind === "modify";

const range = fc.constantFrom("0.0.0.0/0", "::/0", "10.0.0.0/8", "198.51.100.7/32");
const port = fc.constantFrom(22, 443);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom("add" as const, "modify" as const), range, port, pick: fc.nat(50), named: fc.boolean() }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "remove" as const,
        "deliver" as const,
        "deliver" as const,
        "put-back" as const,
        "put-back" as const,
        "undo" as const,
      ),
      pick: fc.nat(50),
      crash: fc.nat(16),
      meddle: fc.nat(16),
    }),
  },
);

/** Lets happenings happen to one group. What EC2 refuses its users is no happening. */
class Story {
  readonly bench = new GuardBench();
  /** Events that were not delivered yet, and those that were: a queue may deliver each again, in any order. */
  readonly events: Record<string, unknown>[] = [];
  /** The rules that calls added, or wrote over, by the change's id. */
  readonly opened = new Map<string, readonly Rule[]>();
  /** Changes whose events do not tell the rules' ids. CloudTrail told none before 2021; whether somebody added the same rule again since cannot be told by them. */
  readonly unnamed = new Set<string>();
  private people = 0;

  constructor(before: readonly (readonly [string, number])[]) {
    const rules = new Map(before.map(([r, p]) => [`${r} ${p}`, opening(r, p)]));
    this.bench.ec2.group("sg-1", { rules: [...rules.values()].map((rule, index) => ({ ...rule, id: `sgr-old-${index}` })) });
  }

  get rules(): readonly (Rule & { readonly id: string })[] {
    return this.bench.ec2.groups.get("sg-1")?.rules ?? [];
  }

  async let(happening: Happening): Promise<void> {
    const { bench } = this;
    bench.now += 60_000;
    if (opens(happening)) {
      this.made(happening);
      return;
    }
    const { kind, pick } = happening;
    if (kind === "remove") {
      const rule = this.rules[pick % Math.max(this.rules.length, 1)];
      if (rule !== undefined) this.note(bench.ec2.revoke("bob", "sg-1", rule.id), true);
      return;
    }
    const event = this.events[pick % Math.max(this.events.length, 1)];
    if (event === undefined) return;
    this.disturb(happening.crash, happening.meddle);
    const told = bench.executions.get(idOf(event));
    const acts = {
      deliver: () => bench.arrives(event, 1 + (pick % 4)),
      "put-back": () => (told?.touchable ? bench.putBack(idOf(event)) : Promise.resolve()),
      undo: () => bench.undo(idOf(event)),
    };
    await acts[kind]().catch(() => undefined);
    this.disturb(0, 0);
  }

  /** Delivers and finishes everything, without further accidents. */
  async settle(): Promise<void> {
    for (const event of this.events) {
      await this.bench.arrives(event);
      await this.bench.workflow(idOf(event));
    }
  }

  private made({ kind, range, port, pick, named }: Opens): void {
    const { ec2 } = this.bench;
    const rule = this.rules[pick % Math.max(this.rules.length, 1)];
    try {
      if (kind === "add") this.note(ec2.authorize("alice", "sg-1", opening(range, port)), named);
      else if (rule !== undefined) this.note(ec2.modify("alice", "sg-1", [rule.id, opening(range, port)]), true);
    } catch {
      // EC2 refused it: no such rule, or a duplicate.
    }
  }

  private note(made: Made, named: boolean): void {
    const event = this.bench.eventOf(made);
    if (!named) {
      const [rule] = made.added;
      const detail = event.detail as Record<string, unknown>;
      detail.responseElements = { _return: true };
      detail.requestParameters = {
        groupId: "sg-1",
        ipProtocol: "tcp",
        fromPort: rule?.fromPort,
        toPort: rule?.toPort,
        cidrIp: rule?.peer.kind === "range" && rule.peer.range,
      };
    }
    if (!named) this.unnamed.add(idOf(event));
    this.events.push(event);
    this.opened.set(idOf(event), [...made.added, ...made.modified]);
  }

  private disturb(crash: number, meddle: number): void {
    const { bench } = this;
    let requests = 0;
    const before = (): void => {
      requests++;
      if (requests === meddle) this.meddle();
      if (requests === crash && crash % 2 === 0) throw new Error("crashed before");
    };
    bench.ec2.before = before;
    bench.stored.memory.before = before;
    bench.ec2.after = () => {
      if (requests === crash && crash % 2 === 1) throw new Error("crashed after");
    };
  }

  /** Somebody else takes a rule away and adds the same one again, or another: the ids change. */
  private meddle(): void {
    const { ec2 } = this.bench;
    const [first] = this.rules;
    if (first === undefined) return;
    const { id, ...rule } = first;
    const who = `bob-${++this.people}`;
    ec2.revoke(who, "sg-1", id);
    if (this.people % 2 === 0) ec2.authorize(who, "sg-1", rule);
  }
}

const story = fc.tuple(fc.array(fc.tuple(range, port), { maxLength: 3 }), fc.array(happening, { maxLength: 40 }));

describe("the guard, whatever happens", function () {
  this.timeout(60_000);

  it("never revokes a rule that the event did not add, nor writes over one that it did not write over", async () => {
    await fc.assert(
      fc.asyncProperty(story, async ([before, happenings]) => {
        const told = new Story(before);
        for (const one of happenings) await told.let(one);
        await told.settle();
        const byTocsin = told.bench.ec2.made.filter(({ by }) => by === "tocsin");
        for (const { id = "", ...rule } of byTocsin.flatMap(({ revoked, modified }) => [...revoked, ...modified])) {
          const owners = [...told.opened.values()].filter((rules) => rules.some((one) => one.id === id));
          const alike = [...told.opened].some(
            ([change, rules]) => told.unnamed.has(change) && rules.some((one) => sameTraffic(one, { ...rule })),
          );
          assert.ok(owners.length > 0 || alike, `no event added ${id}`);
        }
        for (const { id: change, undoes, input } of told.bench.logged.filter(({ kind }) => kind === "change")) {
          if (undoes !== null || told.unnamed.has(String(change))) continue;
          const { SecurityGroupRuleIds = [], SecurityGroupRules = [] } = input as {
            readonly SecurityGroupRuleIds?: readonly string[];
            readonly SecurityGroupRules?: readonly { readonly SecurityGroupRuleId: string }[];
          };
          const own = told.opened.get(String(change))?.map(({ id }) => id);
          for (const id of [...SecurityGroupRuleIds, ...SecurityGroupRules.map((rule) => rule.SecurityGroupRuleId)]) {
            assert.ok(own?.includes(id), `the event of ${change} did not add ${id}`);
          }
        }
      }),
      { numRuns: 1500 },
    );
  });

  it("leaves nothing open that nobody approved, where it could act in peace", async () => {
    const opened = fc.uniqueArray(fc.tuple(range, port, fc.boolean()), { selector: ([r, p]) => `${r} ${p}`, minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(opened, async (rules) => {
        const told = new Story([]);
        for (const [r, p, named] of rules) await told.let({ kind: "add", range: r, port: p, pick: 0, named });
        await told.settle();
        const approved = rules.filter(([r, p]) => p === 443 || r === "10.0.0.0/8");
        assert.deepEqual(told.bench.open(), approved.map(([r, p]) => `${r} ${p}`).sort());
      }),
    );
  });

  it("restores by an undo exactly what was there before tocsin's change, and leaves it from then on", async () => {
    const rules = fc.uniqueArray(fc.tuple(range, port), { selector: ([r, p]) => `${r} ${p}`, minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(rules, rules, fc.boolean(), async (before, opened, modifies) => {
        const told = new Story(before);
        const { bench } = told;
        // Known from an event, as it would be from a sweep.
        const [rule] = told.rules;
        await bench.table.remember(
          { accountId: "444444444444", region: "eu-west-1", groupId: "sg-1" },
          { rules: told.rules, seenAt: "2026-02-28T00:00:00.000Z" },
        );
        for (const [r, p] of opened) {
          await told.let({ kind: modifies && rule !== undefined ? "modify" : "add", range: r, port: p, pick: 0, named: true });
          const event = told.events.at(-1);
          if (event === undefined) continue;
          const state = stateOf(told.rules);
          await bench.arrives(event);
          const answer = await bench.workflow(idOf(event));
          if (answer?.status !== "put-back") continue;
          assert.notEqual(stateOf(told.rules), state);
          assert.equal((await bench.undo(idOf(event))).refused, undefined);
          assert.equal(stateOf(told.rules), state);
          await bench.arrives({ ...event, id: "again" });
          await bench.workflow(idOf(event));
          assert.equal(stateOf(told.rules), state);
        }
      }),
    );
  });
});
