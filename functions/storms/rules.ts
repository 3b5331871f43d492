import { type Duration, durationMilliseconds } from "../duration";

/** `tocsin:storm` of the settings, as the functions get it: more than `over` findings of one kind `within` this time become one message. */
export interface StormSettings {
  readonly over: number;
  readonly within: Duration;
}

/** What the table holds of a kind. Times are milliseconds since the epoch. */
export interface StormState {
  /** When the current window ends. */
  readonly windowEnds: number;
  /** Findings of the window: those told singly, or, during a storm, those of its flushes. */
  readonly count: number;
  /** When the storm began that is going on; absent: there is none, findings are told singly. */
  readonly since?: number;
  /** When those that are held will be told; absent: none are held. */
  readonly flushAt?: number;
}

/** What becomes of one more finding of a kind. */
export type Step =
  /** It may be told singly if it is still among the first `over` once it is counted. */
  | { readonly kind: "count" }
  /** It is the first of a new window and told singly. */
  | { readonly kind: "begin"; readonly next: StormState }
  /** It is held for a flush that is planned already. */
  | { readonly kind: "hold"; readonly flushAt: number }
  /** It is held for a flush that has to be planned first. */
  | { readonly kind: "plan"; readonly next: StormState & { readonly since: number; readonly flushAt: number } };

/** How long those are held that a storm begins with, in milliseconds: people are to know of it soon, and of most of a burst in one message. */
export const FIRST_HOLD = 60_000;
/** Longest that a finding is held, in milliseconds. */
export const LONGEST_HOLD = 600_000;
/** Nobody is held for a flush that is nearer than this, in milliseconds: the write that holds it has to be there first. */
export const LEEWAY = 10_000;
/** A flush that is so long overdue, in milliseconds, never comes: its message was dead-lettered an hour after it was due. Those it held are told by the reminders. */
export const OVERDUE = 3_600_000;

const windowOf = ({ within }: StormSettings, start: number, count: number): StormState => ({
  windowEnds: start + durationMilliseconds(within),
  count,
});

/** A window that begins with a finding that is told singly. */
export const firstWindow = (settings: StormSettings, now: number): StormState => windowOf(settings, now, 1);

/** What becomes of one more finding, by what is known of its kind. */
export function entering(settings: StormSettings, state: StormState, now: number): Step {
  if (state.since === undefined ? now >= state.windowEnds : hasEnded(settings, state, now)) {
    return { kind: "begin", next: firstWindow(settings, now) };
  }
  if (state.since === undefined && state.count <= settings.over) {
    return { kind: "count" };
  }
  if (state.flushAt !== undefined && now <= state.flushAt - LEEWAY) {
    return { kind: "hold", flushAt: state.flushAt };
  }
  const window = now < state.windowEnds ? state : nextWindow(settings, state, now);
  const longest = state.since === undefined ? FIRST_HOLD : LONGEST_HOLD;
  return { kind: "plan", next: { ...window, since: state.since ?? now, flushAt: flushTime(window, now, longest) } };
}

/** Whether a storm is over: its last window stayed within the bounds, or nothing came for a whole window after it. Not while its last flush is not done: nobody knows yet. */
function hasEnded(settings: StormSettings, { windowEnds, count, flushAt }: StormState, now: number): boolean {
  if (now < windowEnds) {
    return false;
  }
  return flushAt === undefined
    ? count <= settings.over || now >= windowEnds + durationMilliseconds(settings.within)
    : now >= flushAt + OVERDUE;
}

/** The window in which a storm goes on: right after the last one, so that none is left out. */
function nextWindow(settings: StormSettings, { windowEnds }: StormState, now: number): StormState {
  const next = windowOf(settings, windowEnds, 0);
  return next.windowEnds > now ? next : windowOf(settings, now, 0);
}

/** When those that are held from now on are told: at the end of the window, and at the latest after the longest time. */
const flushTime = ({ windowEnds }: StormState, now: number, longest: number): number =>
  Math.max(Math.min(windowEnds, now + longest), now + 2 * LEEWAY);
