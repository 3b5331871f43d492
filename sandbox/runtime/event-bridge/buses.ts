import type { BusEvent, Place } from "../../types";
import { parseArn } from "../arn";
import type { Core } from "../core";
import type { Graph } from "../graph";
import { busArn, type Rule, readRules, type Target } from "./rules";

/** What EventBridge bills as one event. */
const CHUNK = 64 * 1024;

/** How an event came to a bus. */
export interface Travelling {
  readonly trace: string;
  /** Whether a rule of another bus sent it: such an event cannot be sent on to a third bus. */
  readonly forwarded: boolean;
}

/** Sends an event to a rule's target. Rejects with `Refused` when the target does not take it. */
export type Deliver = (rule: Rule, target: Target, event: BusEvent, travelling: Travelling) => Promise<void>;

/** All event buses of the Organization: default ones are there, others are recorded. */
export class EventBuses {
  readonly #custom = new Map<string, { readonly name: string }>();
  readonly #policies = new Map<string, unknown>();
  #rules: readonly Rule[] = [];
  /** Deliveries to one target happen in the order of the events. */
  readonly #lines = new Map<string, Promise<void>>();
  /** Events as EventBridge bills them: put by others than AWS services, or sent on from bus to bus. */
  billed = 0;

  constructor(
    private readonly core: Core,
    private readonly deliver: Deliver,
  ) {}

  get rules(): readonly Rule[] {
    return this.#rules;
  }

  /** Takes more buses and rules into operation. Answers the rules that are new. */
  deploy(graph: Graph): readonly Rule[] {
    for (const recorded of graph.of("aws:cloudwatch/eventBus")) {
      this.#custom.set(recorded.text("arn"), { name: recorded.text("name") });
    }
    for (const recorded of graph.of("aws:cloudwatch/eventBusPolicy")) {
      this.#policies.set(busArn(recorded.declaredPlace, recorded.optionalText("eventBusName")), recorded.json("policy"));
    }
    const rules = readRules(graph);
    this.#rules = [...this.#rules, ...rules];
    return rules;
  }

  /** Changes a rule, or removes it if there is nothing left of it. */
  change(arn: string, changed: (rule: Rule) => Rule | undefined): void {
    this.#rules = this.#rules.flatMap((rule) => (rule.arn === arn ? (changed(rule) ?? []) : rule));
  }

  exists(arn: string): boolean {
    return this.#custom.has(arn) || /:event-bus\/default$/.test(arn);
  }

  policyOf(arn: string): unknown {
    return this.#policies.get(arn);
  }

  /** The bus of a place that the members send to: the recorded one that is not a default bus; of several, the one that has a policy for others. */
  central(place: Place): string | undefined {
    const here = [...this.#custom.keys()].filter((arn) => {
      const { account, region } = parseArn(arn) ?? {};
      return account === place.account && region === place.region;
    });
    return here.find((arn) => this.#policies.has(arn)) ?? here[0];
  }

  /** Counts an event as EventBridge bills it. */
  bill(event: unknown): void {
    this.billed += Math.max(1, Math.ceil(Buffer.byteLength(JSON.stringify(event)) / CHUNK));
  }

  /** Puts an event on a bus: every rule that matches sends it to its targets. */
  route(arn: string, event: BusEvent, travelling: Travelling): void {
    for (const rule of this.#rules) {
      if (rule.busArn === arn && rule.enabled && rule.matches(event)) {
        this.core.tell.matched(this.core.traces.entryOf(event.id), rule.name);
        this.fire(rule, event, travelling);
      }
    }
  }

  /** Sends an event to all targets of a rule. */
  fire(rule: Rule, event: BusEvent, travelling: Travelling): void {
    const bus = parseArn(rule.busArn)?.resource.split("/")[1] ?? "default";
    const dimensions: Record<string, string> = bus === "default" ? { RuleName: rule.name } : { EventBusName: bus, RuleName: rule.name };
    this.core.metrics.put({ place: parseArn(rule.arn), namespace: "AWS/Events", name: "MatchedEvents", dimensions }, 1);
    for (const target of rule.targets) {
      const line = `${rule.arn} ${target.id}`;
      this.core.clock.work(() => {
        const delivered = (this.#lines.get(line) ?? Promise.resolve()).then(() => this.deliver(rule, target, event, travelling));
        this.#lines.set(
          line,
          delivered.catch(() => undefined),
        );
        return delivered;
      });
    }
  }
}
