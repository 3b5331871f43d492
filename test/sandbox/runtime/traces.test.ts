import assert from "node:assert/strict";
import { Ids } from "../../../sandbox/runtime/ids";
import { Traces } from "../../../sandbox/runtime/traces";

const make = (): Traces => new Traces(new Ids(), () => 0);
const EVENTS = ["11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"] as const;

describe("traces", () => {
  it("lead every call of a chain back to its cause and events", () => {
    const traces = make();
    const timer = traces.child(traces.child(traces.begin("timer")));
    assert.equal(traces.originOf(timer).cause, "timer");
    const event = traces.child(traces.begin("event", [EVENTS[0]]));
    assert.deepEqual(traces.originOf(`${event};Lineage=1:a:0`), { cause: "event", eventIds: [EVENTS[0]] });
  });

  it("take a call that carries none for one by an event", () => {
    assert.deepEqual(make().originOf(undefined), { cause: "event", eventIds: [] });
  });

  it("join the chains of a batch, and tell the messages of a batch apart by the ids they name", () => {
    const traces = make();
    traces.entry(EVENTS[0]);
    traces.entry(EVENTS[1]);
    traces.entry("33333333-3333-4333-8333-333333333333", EVENTS[1]);
    const batch = traces.join(EVENTS.map((id) => traces.begin("event", [id])));
    assert.deepEqual(traces.originOf(batch).eventIds, EVENTS);
    assert.deepEqual(traces.entriesOf(batch, `{"id":"33333333-3333-4333-8333-333333333333"}`), [EVENTS[1]]);
    assert.deepEqual(traces.entriesOf(batch, "no id at all"), EVENTS);
  });

  it("keep the chain of a batch whose messages all share it", () => {
    const traces = make();
    const chain = traces.begin("timer");
    assert.equal(traces.join([chain, traces.child(chain)]).split(";")[0], chain.split(";")[0]);
  });
});
