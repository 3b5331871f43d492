import { parseReplay, type ReplayLine } from "../replay/parse";
import { Replay } from "../replay/replay";
import type { DeliveryEntry } from "../replay/report";
import type { Sandbox } from "../sandbox";
import { print, type Screen } from "../terminal/screen";
import type { Check, Outcome, Scene } from "./scene";
import { showChecks, showHead, showOutcome, showStep } from "./show";
import { healthOf, showSummary } from "./summary";

export interface TourResult {
  readonly deliveries: readonly DeliveryEntry[];
  /** Whether every scene ended as it should. */
  readonly passed: boolean;
}

/**
 * Plays scenes in a sandbox, shows what happens as it happens, and judges each scene by what came of it.
 * @param seconds real time since the start.
 */
export async function playTour(screen: Screen, sandbox: Sandbox, scenes: readonly Scene[], seconds: () => number): Promise<TourResult> {
  const replay = new Replay(sandbox);
  const { journal } = replay;
  const lines = parseReplay(scenes.flatMap(({ steps }) => steps.map(({ line }) => JSON.stringify(line))).join("\n"), "the tour");
  replay.check(lines);
  const outcomes: Outcome[] = [];
  const verdicts: Check[] = [];
  for (const [index, scene] of scenes.entries()) {
    showHead(screen, scene, index + 1, scenes.length);
    const before = outcomeOf(replay);
    for (const { caption } of scene.steps) {
      const line = lines.shift();
      if (line !== undefined) {
        await playStep(screen, replay, sandbox.runtime.now(), caption, line);
      }
    }
    const outcome = since(before, outcomeOf(replay));
    const checks = scene.judge(outcome, outcomes);
    outcomes.push(outcome);
    print(screen, "");
    showChecks(screen, checks);
    verdicts.push({ promise: scene.title, kept: checks.every(({ kept }) => kept), found: "see above" });
  }
  verdicts.push(...healthOf(sandbox, journal));
  showSummary(screen, sandbox, journal, verdicts, seconds());
  return { deliveries: journal.deliveries(), passed: verdicts.every(({ kept }) => kept) };
}

const outcomeOf = ({ journal, changes, presses }: Replay): Outcome => ({
  events: journal.events,
  deliveries: journal.deliveries(),
  deadLetters: [...journal.deadLetters],
  closed: [...journal.closed],
  changes: changes.entries,
  presses: presses.entries,
});

const since = (before: Outcome, after: Outcome): Outcome => ({
  events: after.events.slice(before.events.length),
  deliveries: after.deliveries.slice(before.deliveries.length),
  deadLetters: after.deadLetters.slice(before.deadLetters.length),
  closed: after.closed.slice(before.closed.length),
  changes: after.changes.slice(before.changes.length),
  presses: after.presses.slice(before.presses.length),
});

async function playStep(screen: Screen, replay: Replay, now: number, caption: string, line: ReplayLine): Promise<void> {
  const { action } = line.content;
  showStep(screen, now + (action.kind === "advance" ? action.milliseconds : 0), caption);
  const before = outcomeOf(replay);
  await replay.play(line);
  showOutcome(screen, since(before, outcomeOf(replay)));
}
