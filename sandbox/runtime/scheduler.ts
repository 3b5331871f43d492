import { ServiceError } from "../types";
import { parseArn } from "./arn";
import type { Core } from "./core";
import type { EventBuses } from "./event-bridge/buses";
import type { Graph, Recorded } from "./graph";
import type { AsynchronousInvocations } from "./lambda/asynchronous";
import type { Functions } from "./lambda/functions";
import { scheduleExpression } from "./schedule-expression";
import { textAttributes } from "./sqs/message";
import type { Queues } from "./sqs/queues";
import type { Machines } from "./step-functions/machines";

/** What schedules can start. */
export interface Startable {
  readonly functions: Functions;
  readonly asynchronous: AsynchronousInvocations;
  readonly machines: Machines;
  readonly queues: Queues;
  readonly buses: EventBuses;
}

interface Schedule {
  readonly name: string;
  readonly shortName: string;
  readonly next: (after: number) => number | undefined;
  readonly fire: (scheduled: number) => Promise<void>;
}

/** The part of a schedule's name by which replays call it: what follows the last `-`. */
export const shortNameOf = (name: string): string => name.slice(name.lastIndexOf("-") + 1);

/** EventBridge Scheduler, and rules that fire by time. */
export class Scheduler {
  readonly #schedules: Schedule[] = [];

  constructor(
    private readonly core: Core,
    private readonly start: Startable,
  ) {}

  get shortNames(): readonly string[] {
    return this.#schedules.map(({ shortName }) => shortName);
  }

  deploy(graph: Graph): void {
    for (const recorded of graph.of("aws:scheduler/schedule")) {
      if (recorded.get("state") !== "DISABLED") {
        this.#schedules.push(this.#read(recorded));
      }
      this.start.queues.markDeadLetter(recorded.optionalText("target.deadLetterConfig.arn"));
    }
    const began = this.core.clock.now();
    for (const rule of this.start.buses.rules) {
      if (rule.scheduleExpression !== undefined && rule.enabled) {
        this.#schedules.push({
          name: rule.name,
          shortName: shortNameOf(rule.name),
          next: scheduleExpression(rule.scheduleExpression, began),
          fire: async (scheduled) => {
            const { account = "", region = "" } = parseArn(rule.arn) ?? {};
            const event = scheduledEvent({ source: "aws.events", id: this.core.ids.uuid(), account, region, arn: rule.arn, scheduled });
            this.start.buses.fire(rule, { ...event, detail: {} }, { trace: this.core.traces.begin("timer"), forwarded: false });
          },
        });
      }
    }
    for (const schedule of this.#schedules) {
      this.#arm(schedule, began);
    }
  }

  /** Runs a schedule now, by its short name or its name. */
  async run(name: string): Promise<void> {
    const schedule = this.#schedules.find((one) => one.shortName === name || one.name === name);
    if (schedule === undefined) {
      throw new ServiceError(
        "ResourceNotFoundException",
        `no schedule is called "${name}"; there are: ${this.shortNames.join(", ") || "none"}`,
        404,
      );
    }
    await schedule.fire(this.core.clock.now());
  }

  /** Sets the timer for the next firing; it is held, so that only `advanceTo` fires it. */
  #arm(schedule: Schedule, after: number): void {
    const time = schedule.next(after);
    if (time !== undefined) {
      const fire = (): void => {
        this.#arm(schedule, time);
        this.core.clock.work(() => schedule.fire(time));
      };
      this.core.clock.at(time, fire, { held: true });
    }
  }

  #read(recorded: Recorded): Schedule {
    const name = recorded.text("name");
    const target = parseArn(recorded.text("target.arn"));
    if (target?.service !== "lambda" && target?.service !== "states") {
      throw new Error(
        `${recorded.resource.urn}: the sandbox's schedules start functions and state machines, not ${recorded.text("target.arn")}`,
      );
    }
    return {
      name,
      shortName: shortNameOf(name),
      next: scheduleExpression(
        recorded.text("scheduleExpression"),
        this.core.clock.now(),
        recorded.optionalText("scheduleExpressionTimezone"),
      ),
      fire: (scheduled) => this.#fire(recorded, scheduled),
    };
  }

  async #fire(recorded: Recorded, scheduled: number): Promise<void> {
    const { permissions, metrics, traces } = this.core;
    const { functions, asynchronous, machines } = this.start;
    const target = recorded.text("target.arn");
    const role = recorded.text("target.roleArn");
    const trace = traces.begin("timer");
    const input = this.#input(recorded, scheduled);
    const isFunction = parseArn(target)?.service === "lambda";
    const action = isFunction ? "lambda:InvokeFunction" : "states:StartExecution";
    metrics.put({ namespace: "AWS/Scheduler", name: "InvocationAttemptCount", dimensions: { ScheduleGroup: "default" } }, 1);
    const found = isFunction ? functions.find(target) : undefined;
    if (!(await permissions.allows({ principal: role, action, resource: target }))) {
      await this.#toDeadLetters(
        recorded,
        input,
        trace,
        "AccessDeniedException",
        `${role} is not authorized to perform ${action} on ${target}`,
      );
    } else if (isFunction ? found === undefined : !machines.has(target)) {
      await this.#toDeadLetters(recorded, input, trace, "ResourceNotFoundException", `${target} does not exist`);
    } else if (found !== undefined) {
      asynchronous.invoke(found, input, trace);
    } else {
      machines.start(target, input, trace);
    }
  }

  #input(recorded: Recorded, scheduled: number): string {
    const given = recorded.optionalText("target.input");
    const arn = recorded.text("arn");
    const { account, region } = recorded.place;
    const id = this.core.ids.uuid();
    const attributes: Readonly<Record<string, string>> = {
      "aws.scheduler.schedule-arn": arn,
      "aws.scheduler.scheduled-time": `${new Date(scheduled).toISOString().slice(0, 19)}Z`,
      "aws.scheduler.execution-id": id,
      "aws.scheduler.attempt-number": "1",
    };
    return given === undefined
      ? JSON.stringify({ ...scheduledEvent({ source: "aws.scheduler", id, account, region, arn, scheduled }), detail: "{}" })
      : given.replace(/<(aws\.scheduler\.[a-z-]+)>/g, (whole, attribute: string) => attributes[attribute] ?? whole);
  }

  async #toDeadLetters(recorded: Recorded, body: string, trace: string, code: string, message: string): Promise<void> {
    const { permissions, metrics } = this.core;
    const role = recorded.text("target.roleArn");
    const queue = this.start.queues.byArn(recorded.optionalText("target.deadLetterConfig.arn") ?? "");
    metrics.put({ namespace: "AWS/Scheduler", name: "TargetErrorCount", dimensions: { ScheduleGroup: "default" } }, 1);
    if (queue === undefined || !(await permissions.allows({ principal: role, action: "sqs:SendMessage", resource: queue.settings.arn }))) {
      metrics.put({ namespace: "AWS/Scheduler", name: "InvocationDroppedCount", dimensions: { ScheduleGroup: "default" } }, 1);
      return;
    }
    metrics.put({ namespace: "AWS/Scheduler", name: "InvocationsSentToDeadLetterCount", dimensions: { ScheduleGroup: "default" } }, 1);
    const attributes = {
      SCHEDULE_ARN: recorded.text("arn"),
      TARGET_ARN: recorded.text("target.arn"),
      ERROR_CODE: code,
      ERROR_MESSAGE: message,
    };
    this.start.queues.count(Buffer.byteLength(body));
    this.start.queues.send(queue, { body, attributes: textAttributes(attributes), sender: "scheduler.amazonaws.com", trace });
  }
}

interface ScheduledFacts {
  readonly source: string;
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly arn: string;
  readonly scheduled: number;
}

const scheduledEvent = ({ source, id, account, region, arn, scheduled }: ScheduledFacts) =>
  ({
    version: "0",
    id,
    "detail-type": "Scheduled Event",
    source,
    account,
    time: `${new Date(scheduled).toISOString().slice(0, 19)}Z`,
    region,
    resources: [arn],
  }) as const;
