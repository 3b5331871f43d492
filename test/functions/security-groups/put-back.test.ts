import assert from "node:assert/strict";
import fc from "fast-check";
import { planToPutBack, reversed, type Step, stateOf } from "../../../functions/security-groups/put-back";
import { type Rule, trafficOf } from "../../../functions/security-groups/rule";

const aRule = (id: string, range: string, port = 22, direction: Rule["direction"] = "ingress"): Rule & { readonly id: string } => ({
  id,
  direction,
  protocol: "tcp",
  fromPort: port,
  toPort: port,
  peer: { kind: "range", range },
});

/** What EC2 would make of a step. */
function applied(rules: readonly Rule[], step: Step): Rule[] {
  switch (step.kind) {
    case "revoke":
      return rules.filter(({ id }) => id !== step.rule.id);
    case "authorize":
      return rules.concat({ ...step.rule, id: `sgr-new-${trafficOf(step.rule)}` });
    case "modify":
      return rules.map((rule) => (rule.id === step.id ? { ...step.to, id: step.id } : rule));
  }
}

const allApplied = (rules: readonly Rule[], steps: readonly Step[]): Rule[] => steps.reduce<Rule[]>(applied, [...rules]);

describe("putting a change back", () => {
  const office = aRule("sgr-1", "203.0.113.0/24");
  const world = aRule("sgr-2", "0.0.0.0/0");

  it("revokes what was added, by its id, and nothing else", () => {
    const { steps, untouched } = planToPutBack([world], false, { former: [office], current: [office, world] });
    assert.deepEqual(steps, [{ kind: "revoke", rule: world }]);
    assert.deepEqual(untouched, []);
  });

  it("finds a rule that the event names by its contents only", () => {
    const { id: _, ...unnamed } = world;
    assert.deepEqual(planToPutBack([unnamed], false, { former: undefined, current: [office, world] }).steps, [
      { kind: "revoke", rule: world },
    ]);
  });

  it("gives a modified rule its former contents", () => {
    const widened = { ...office, peer: world.peer };
    assert.deepEqual(planToPutBack([widened], true, { former: [office], current: [widened] }).steps, [
      { kind: "modify", id: "sgr-1", from: widened, to: office },
    ]);
  });

  const refused: readonly [string, Rule, boolean, { former: Rule[] | undefined; current: Rule[] }][] = [
    ["it is gone already", world, false, { former: [office], current: [office] }],
    ["it was changed again since", world, false, { former: [], current: [aRule("sgr-2", "198.51.100.0/24")] }],
    ["it was there before this change", world, false, { former: [world], current: [world] }],
    ["only ingress is put back", aRule("sgr-3", "0.0.0.0/0", 22, "egress"), false, { former: [], current: [] }],
    ["what it was before is not known", world, true, { former: undefined, current: [world] }],
    ["what it was before is not known", world, true, { former: [office], current: [world] }],
    ["it was changed again since", world, true, { former: [aRule("sgr-2", "10.0.0.0/8")], current: [aRule("sgr-2", "192.0.2.0/24")] }],
  ];
  for (const [why, rule, modified, states] of refused) {
    it(`leaves a rule alone where ${why} (${modified ? "modified" : "added"})`, () => {
      const plan = planToPutBack([rule], modified, states);
      assert.deepEqual(plan.steps, []);
      assert.deepEqual(plan.untouched, [{ rule, why }]);
    });
  }

  const ranges = fc.constantFrom("0.0.0.0/0", "::/0", "10.0.0.0/8", "203.0.113.0/24", "198.51.100.7/32");
  const rules = fc.uniqueArray(fc.tuple(ranges, fc.constantFrom(22, 80, 443)), { maxLength: 8, selector: String });

  it("never touches a rule that was there before, and undoing it gives back the state right after the change", () => {
    fc.assert(
      fc.property(rules, fc.nat(8), fc.boolean(), (drawn, split, knows) => {
        const all = drawn.map(([range, port], index) => aRule(`sgr-${index}`, range, port));
        const former = all.slice(0, split);
        const added = all.slice(split);
        const { steps } = planToPutBack(added, false, { former: knows ? former : undefined, current: all });
        const after = allApplied(all, steps);
        assert.equal(stateOf(after), stateOf(former));
        assert.equal(stateOf(allApplied(after, reversed(steps))), stateOf(all));
      }),
    );
  });
});
