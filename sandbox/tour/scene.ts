import type { ClosedLine } from "../replay/log-lines";
import type { ChangeEntry, DeadLetterEntry, DeliveryEntry, EventEntry, PressEntry } from "../replay/report";

/** One thing that happens in a scene: a replay line, and what it means in a person's words. */
export interface Step {
  readonly caption: string;
  readonly line: Readonly<Record<string, unknown>>;
}

/** What came of a scene (or of one of its steps), as the report tells it. */
export interface Outcome {
  readonly events: readonly EventEntry[];
  readonly deliveries: readonly DeliveryEntry[];
  readonly deadLetters: readonly DeadLetterEntry[];
  /** Episodes that reconcile closed. */
  readonly closed: readonly ClosedLine[];
  /** What functions changed in members. */
  readonly changes: readonly ChangeEntry[];
  readonly presses: readonly PressEntry[];
}

/** Something that a scene promises, and whether it came true. */
export interface Check {
  readonly promise: string;
  readonly kept: boolean;
  /** What was there instead, if the promise was not kept. */
  readonly found: string;
}

/** A scene of the guided tour. */
export interface Scene {
  readonly title: string;
  /** One or two sentences about what is to be seen. */
  readonly story: string;
  readonly steps: readonly Step[];
  /**
   * Judges the scene by what came of it.
   * @param earlier what came of the scenes before, in order.
   */
  judge(outcome: Outcome, earlier: readonly Outcome[]): readonly Check[];
}
