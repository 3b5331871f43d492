import { parseArn } from "./arn";
import type { Core } from "./core";
import type { PutEvents } from "./event-bridge/put-events";
import { isRecord, type Recorded } from "./graph";
import type { AsynchronousInvocations } from "./lambda/asynchronous";
import type { Functions } from "./lambda/functions";
import type { Machines } from "./step-functions/machines";

/** The API call that a universal target makes: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html */
const UNIVERSAL_PUT_EVENTS = /^arn:[a-z-]+:scheduler:::aws-sdk:eventbridge:putEvents$/;

/** What schedules can start. */
export interface Startable {
  readonly functions: Functions;
  readonly asynchronous: AsynchronousInvocations;
  readonly machines: Machines;
  readonly putEvents: PutEvents;
}

/** Why a target did not take a run. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

type Kind = "function" | "machine" | "events";

/** Starts what schedules start, with the schedule's role. */
export class ScheduleTargets {
  constructor(
    private readonly core: Core,
    private readonly to: Startable,
  ) {}

  /** What a schedule starts. Throws for what the sandbox does not know. */
  kindOf(recorded: Recorded): Kind {
    const arn = recorded.text("target.arn");
    const target = parseArn(arn);
    if (target?.service === "lambda") {
      return "function";
    }
    if (target?.service === "states") {
      return "machine";
    }
    if (UNIVERSAL_PUT_EVENTS.test(arn) || (target?.service === "events" && target.resource.startsWith("event-bus/"))) {
      return "events";
    }
    throw new Error(`${recorded.resource.urn}: the sandbox's schedules start functions and state machines and put events, not ${arn}`);
  }

  /** Starts a run; answers why not, if the target does not take it. */
  async start(recorded: Recorded, input: string, trace: string): Promise<Refusal | undefined> {
    const kind = this.kindOf(recorded);
    if (kind === "events") {
      return this.#putEvents(recorded, input, trace);
    }
    const { functions, asynchronous, machines } = this.to;
    const target = recorded.text("target.arn");
    const role = recorded.text("target.roleArn");
    const action = kind === "function" ? "lambda:InvokeFunction" : "states:StartExecution";
    if (!(await this.core.permissions.allows({ principal: role, action, resource: target }))) {
      return { code: "AccessDeniedException", message: `${role} is not authorized to perform ${action} on ${target}` };
    }
    const found = kind === "function" ? functions.find(target) : undefined;
    if (kind === "function" ? found === undefined : !machines.has(target)) {
      return { code: "ResourceNotFoundException", message: `${target} does not exist` };
    }
    if (found === undefined) {
      machines.start(target, input, trace);
    } else {
      asynchronous.invoke(found, input, trace);
    }
    return undefined;
  }

  /** The templated target has a bus, and the input is the event's detail; the universal one has the entries of the call as its input. */
  async #putEvents(recorded: Recorded, input: string, trace: string): Promise<Refusal | undefined> {
    const arn = recorded.text("target.arn");
    const entries: unknown = UNIVERSAL_PUT_EVENTS.test(arn)
      ? (JSON.parse(input) as { Entries?: unknown }).Entries
      : [
          {
            EventBusName: arn,
            Source: recorded.text("target.eventbridgeParameters.source"),
            DetailType: recorded.text("target.eventbridgeParameters.detailType"),
            Detail: input,
          },
        ];
    if (!Array.isArray(entries) || !entries.every(isRecord)) {
      throw new Error(`${recorded.resource.urn}: the input has no Entries`);
    }
    const results = await this.to.putEvents.put({ place: recorded.place, principal: recorded.text("target.roleArn"), trace }, entries);
    const failed = results.find(({ ErrorCode }) => ErrorCode !== undefined);
    return failed && { code: failed.ErrorCode ?? "", message: failed.ErrorMessage ?? "" };
  }
}
