import { ServiceError } from "../types";
import { parseArn } from "./arn";
import type { Core } from "./core";
import type { EventBuses } from "./event-bridge/buses";
import type { Rule } from "./event-bridge/rules";
import type { Graph, Recorded } from "./graph";
import { scheduleExpression } from "./schedule-expression";
import { type Refusal, ScheduleTargets, type Startable } from "./schedule-targets";
import { textAttributes } from "./sqs/message";
import type { Queues } from "./sqs/queues";

/** What schedules start, and where what cannot be started goes. */
export interface SchedulerParts extends Startable {
  readonly queues: Queues;
  readonly buses: EventBuses;
}

interface Schedule {
  /** Whether it only puts an event on a bus. */
  readonly putsEvents: boolean;
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
  /** Schedules that put events at the same time do so together: the heartbeats of all members would otherwise be waited for one by one. */
  readonly #eventsAt = new Map<number, Schedule[]>();

  readonly #targets: ScheduleTargets;

  constructor(
    private readonly core: Core,
    private readonly start: SchedulerParts,
  ) {
    this.#targets = new ScheduleTargets(core, start);
  }

  get shortNames(): readonly string[] {
    return [...new Set(this.#schedules.map(({ shortName }) => shortName))];
  }

  /** @param rules those among which some may fire by time. */
  deploy(graph: Graph, rules: readonly Rule[]): void {
    const known = this.#schedules.length;
    for (const recorded of graph.of("aws:scheduler/schedule")) {
      if (recorded.get("state") !== "DISABLED") {
        this.#schedules.push(this.#read(recorded));
      }
      this.start.queues.markDeadLetter(recorded.optionalText("target.deadLetterConfig.arn"));
    }
    const began = this.core.clock.now();
    for (const rule of rules) {
      if (rule.scheduleExpression !== undefined && rule.enabled) {
        this.#schedules.push({
          putsEvents: false,
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
    for (const schedule of this.#schedules.slice(known)) {
      this.#arm(schedule, began);
    }
  }

  /** Runs the schedules with a short name or name now: first those that put events, as members do, and when all is quiet again those that may look at what came of it. */
  async run(name: string): Promise<void> {
    const schedules = this.#schedules.filter((one) => one.shortName === name || one.name === name);
    if (schedules.length === 0) {
      throw new ServiceError(
        "ResourceNotFoundException",
        `no schedule is called "${name}"; there are: ${this.shortNames.join(", ") || "none"}`,
        404,
      );
    }
    const { clock } = this.core;
    const [events, others] = [schedules.filter(({ putsEvents }) => putsEvents), schedules.filter(({ putsEvents }) => !putsEvents)];
    for (const schedule of events) {
      await schedule.fire(clock.now());
    }
    if (events.length > 0 && others.length > 0) {
      await clock.settle();
    }
    for (const schedule of others) {
      await schedule.fire(clock.now());
    }
  }

  /** Sets the timer for the next firing; it is held, so that only `advanceTo` fires it. */
  #arm(schedule: Schedule, after: number): void {
    const time = schedule.next(after);
    if (time === undefined) {
      return;
    }
    const together = schedule.putsEvents ? this.#eventsAt.get(time) : undefined;
    if (together !== undefined) {
      together.push(schedule);
      return;
    }
    const due = [schedule];
    if (schedule.putsEvents) {
      this.#eventsAt.set(time, due);
    }
    const fire = (): void => {
      this.#eventsAt.delete(time);
      for (const one of due) {
        this.#arm(one, time);
      }
      this.core.clock.work(async () => {
        for (const one of due) {
          await one.fire(time);
        }
      });
    };
    this.core.clock.at(time, fire, { held: true });
  }

  #read(recorded: Recorded): Schedule {
    const name = recorded.text("name");
    return {
      putsEvents: this.#targets.kindOf(recorded) === "events",
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
    const trace = this.core.traces.begin("timer");
    const input = this.#input(recorded, scheduled);
    this.#count("InvocationAttemptCount", recorded);
    const refusal = await this.#targets.start(recorded, input, trace);
    if (refusal !== undefined) {
      await this.#toDeadLetters(recorded, input, trace, refusal);
    }
  }

  #count(name: string, recorded: Recorded): void {
    const dimensions = { ScheduleGroup: "default" };
    this.core.metrics.put({ place: recorded.place, namespace: "AWS/Scheduler", name, dimensions }, 1);
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

  async #toDeadLetters(recorded: Recorded, body: string, trace: string, { code, message }: Refusal): Promise<void> {
    const { permissions } = this.core;
    const role = recorded.text("target.roleArn");
    const queue = this.start.queues.byArn(recorded.optionalText("target.deadLetterConfig.arn") ?? "");
    this.#count("TargetErrorCount", recorded);
    if (queue === undefined || !(await permissions.allows({ principal: role, action: "sqs:SendMessage", resource: queue.settings.arn }))) {
      this.#count("InvocationDroppedCount", recorded);
      return;
    }
    this.#count("InvocationsSentToDeadLetterCount", recorded);
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
