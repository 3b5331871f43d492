import type { BusEvent } from "../../types";
import { parseArn } from "../arn";
import type { Core } from "../core";
import type { Graph } from "../graph";
import type { AsynchronousInvocations } from "../lambda/asynchronous";
import type { Functions } from "../lambda/functions";
import { textAttributes } from "../sqs/message";
import type { Queues } from "../sqs/queues";
import type { Machines } from "../step-functions/machines";
import type { EventBuses, Travelling } from "./buses";
import type { Rule, Target } from "./rules";
import { targetInput } from "./target-input";

const SERVICE = "events.amazonaws.com";

/** Why a target did not take an event. */
class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** What targets can be. */
export interface Destinations {
  readonly queues: Queues;
  readonly functions: Functions;
  readonly asynchronous: AsynchronousInvocations;
  readonly machines: Machines;
  readonly buses: () => EventBuses;
}

/** Sends events to the targets of rules, and what they refuse to the targets' dead-letter queues. */
export class Targets {
  readonly #topicPolicies = new Map<string, unknown>();

  constructor(
    private readonly core: Core,
    private readonly to: Destinations,
  ) {}

  deploy(graph: Graph, rules: readonly Rule[]): void {
    for (const { targets } of rules) {
      for (const { deadLetterArn } of targets) {
        this.to.queues.markDeadLetter(deadLetterArn);
      }
    }
    for (const recorded of graph.of("aws:sns/topicPolicy")) {
      this.#topicPolicies.set(recorded.text("arn"), recorded.json("policy"));
    }
  }

  async deliver(rule: Rule, target: Target, event: BusEvent, travelling: Travelling): Promise<void> {
    try {
      await this.#send(rule, target, event, travelling);
      this.#count("Invocations", rule);
    } catch (error) {
      if (!(error instanceof Refused)) {
        throw error;
      }
      this.#count("FailedInvocations", rule);
      await this.#toDeadLetters(rule, target, event, travelling, error);
    }
  }

  async #send(rule: Rule, target: Target, event: BusEvent, travelling: Travelling): Promise<void> {
    const service = parseArn(target.arn)?.service;
    const facts = { ruleArn: rule.arn, ruleName: rule.name, ingestionTime: new Date(this.core.clock.now()).toISOString() };
    const input = (): string => targetInput(target.input, event, facts);
    switch (service) {
      case "sqs":
        return this.#toQueue(rule, target, input(), travelling.trace);
      case "lambda": {
        const found = this.to.functions.find(target.arn);
        this.#mustExist(found !== undefined, target);
        await this.#mayAct(rule, target, "lambda:InvokeFunction", this.to.functions.policyOf(target.arn));
        return found === undefined ? undefined : this.to.asynchronous.invoke(found, input(), travelling.trace);
      }
      case "states":
        this.#mustExist(this.to.machines.has(target.arn), target);
        await this.#mayAct(rule, target, "states:StartExecution", undefined, true);
        this.to.machines.start(target.arn, input(), travelling.trace);
        return;
      case "events":
        return this.#toBus(rule, target, event, travelling);
      case "sns":
        await this.#mayAct(rule, target, "sns:Publish", this.#topicPolicies.get(target.arn));
        await this.core.cloud.call(parseArn(target.arn) ?? this.core.home, "sns", "Publish", { TopicArn: target.arn, Message: input() });
        return;
      // A log group keeps the event, and nothing comes of it.
      default:
        return;
    }
  }

  async #toQueue(rule: Rule, target: Target, body: string, trace: string): Promise<void> {
    const queue = this.to.queues.byArn(target.arn);
    this.#mustExist(queue !== undefined, target);
    await this.#mayAct(rule, target, "sqs:SendMessage", this.to.queues.policyOf(target.arn));
    if (queue !== undefined) {
      this.to.queues.count(Buffer.byteLength(body));
      this.to.queues.send(queue, { body, sender: SERVICE, trace });
    }
  }

  /** To another bus: its role must be allowed to put events there, and in another account that bus's policy must agree. The event stays as it is. */
  async #toBus(rule: Rule, target: Target, event: BusEvent, travelling: Travelling): Promise<void> {
    if (travelling.forwarded) {
      return;
    }
    const buses = this.to.buses();
    this.#mustExist(buses.exists(target.arn), target);
    await this.#mayAct(rule, target, "events:PutEvents", buses.policyOf(target.arn), true, {
      "events:source": event.source,
      "events:detail-type": event["detail-type"],
      "events:eventBusInvocation": "true",
    });
    buses.bill(event);
    buses.route(target.arn, event, { ...travelling, forwarded: true });
  }

  #mustExist(exists: boolean, target: Target): void {
    if (!exists) {
      throw new Refused("RESOURCE_NOT_FOUND", `The target ${target.arn} does not exist.`);
    }
  }

  /** By the target's role where it has one, else by the resource's policy. */
  async #mayAct(
    rule: Rule,
    target: Target,
    action: string,
    resourcePolicy: unknown,
    needsRole = false,
    context: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const { permissions } = this.core;
    const allowed =
      target.roleArn !== undefined
        ? await permissions.allows({
            principal: target.roleArn,
            action,
            resource: target.arn,
            context,
            ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
          })
        : !needsRole && (await permissions.allowsService(SERVICE, action, target.arn, rule.arn, resourcePolicy));
    if (!allowed) {
      if (target.roleArn === undefined && needsRole) {
        permissions.refused({ principal: rule.arn, action, resource: target.arn });
      }
      throw new Refused("NO_PERMISSIONS", `The rule ${rule.name} is not authorized to perform ${action} on ${target.arn}.`);
    }
  }

  async #toDeadLetters(rule: Rule, target: Target, event: BusEvent, travelling: Travelling, refused: Refused): Promise<void> {
    const queue = target.deadLetterArn === undefined ? undefined : this.to.queues.byArn(target.deadLetterArn);
    const allowed =
      queue !== undefined &&
      (await this.core.permissions.allowsService(
        SERVICE,
        "sqs:SendMessage",
        queue.settings.arn,
        rule.arn,
        this.to.queues.policyOf(queue.settings.arn),
      ));
    if (queue === undefined || !allowed) {
      this.#count("InvocationsFailedToBeSentToDlq", rule);
      return;
    }
    this.#count("InvocationsSentToDlq", rule);
    const body = JSON.stringify(event);
    this.to.queues.count(Buffer.byteLength(body));
    this.to.queues.send(queue, {
      body,
      sender: SERVICE,
      trace: travelling.trace,
      attributes: textAttributes({ RULE_ARN: rule.arn, TARGET_ARN: target.arn, ERROR_CODE: refused.code, ERROR_MESSAGE: refused.message }),
    });
  }

  #count(name: string, rule: Rule): void {
    const bus = rule.busArn.split("/")[1] ?? "default";
    const dimensions: Record<string, string> = bus === "default" ? { RuleName: rule.name } : { EventBusName: bus, RuleName: rule.name };
    this.core.metrics.put({ place: parseArn(rule.arn), namespace: "AWS/Events", name, dimensions }, 1);
  }
}
