import type { Cause, Denied } from "../types";

/** What became of one event that a line put on a default bus. */
export interface EventEntry {
  readonly line: number;
  readonly id: string;
  /** Rules that the event, or a copy of it, matched. */
  readonly matched: readonly string[];
  readonly decision: "notify" | "quiet" | "ignored" | "dead-lettered";
  /**
   * Why it was decided so. For `dead-lettered` the error; for `ignored` null; `undecided` with `quiet` when the event was still on its way at the end of the replay,
   * for example because the store failed until then.
   */
  readonly reason: string | null;
  readonly episode: string | null;
}

/** A file that a message carried, copied beside the report. */
export interface AttachmentEntry {
  readonly name: string;
  readonly file: string;
}

/** One message that one channel accepted. What tocsin knows of it is null if the function died between sending and logging. */
export interface DeliveryEntry {
  readonly at: string;
  readonly cause: Cause;
  readonly channel: string | null;
  readonly kind: "email" | "slack" | "sns" | "teams" | "webhook";
  readonly reason: string | null;
  readonly episode: string | null;
  readonly findingIds: readonly string[];
  readonly origin: string | null;
  readonly severity: string | null;
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly region: string | null;
  readonly resource: string | null;
  readonly title: string | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly attachments?: readonly AttachmentEntry[];
  /** Slack: names of reactions to the message, and request bodies that changed it, in order. */
  readonly reactions?: readonly string[];
  readonly updates?: readonly Readonly<Record<string, unknown>>[];
}

/** An object that a function wrote, copied beside the report. */
export interface ObjectEntry {
  readonly account: string;
  readonly bucket: string;
  readonly key: string;
  readonly file: string;
}

/** A call by which a function changed something that is not tocsin's own. */
export interface ChangeEntry {
  readonly at: string;
  readonly accountId: string;
  readonly region: string;
  /** Null if no function said anything of the call. */
  readonly id: string | null;
  /** Signing name. */
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** ARN of the role. */
  readonly by: string;
  /** What undoes it. */
  readonly undo: string | null;
  /** The change that it undoes. */
  readonly undoes: string | null;
}

/** A press of a button. */
export interface PressEntry {
  readonly line: number;
  readonly button: string;
  readonly user: string;
  readonly accepted: boolean;
  readonly reason: string | null;
  /** What only the person who pressed was told. */
  readonly answer?: string;
}

export interface DeadLetterEntry {
  readonly queue: string;
  readonly line: number;
  readonly error: string;
}

export interface ExecutionEntry {
  readonly machine: string;
  readonly status: string;
  readonly path: readonly string[];
}

/** What a replay writes: the contract of DESIGN §6. */
export interface Report {
  readonly events: readonly EventEntry[];
  readonly deliveries: readonly DeliveryEntry[];
  readonly changes: readonly ChangeEntry[];
  readonly presses: readonly PressEntry[];
  readonly answers: Readonly<Record<string, unknown>>;
  readonly objects: readonly ObjectEntry[];
  readonly incidents: readonly unknown[];
  readonly deadLetters: readonly DeadLetterEntry[];
  readonly denied: readonly Denied[];
  readonly executions: readonly ExecutionEntry[];
  readonly alarms: readonly string[];
  readonly counters: {
    readonly aws: Readonly<Record<string, number>>;
    readonly lambda: { readonly invocations: number; readonly milliseconds: number };
    readonly states: { readonly express: number; readonly standardTransitions: number };
    readonly sqs: number;
    readonly bus: number;
  };
}
