import { parseReplay, type ReplayLine } from "../replay/parse";
import { Replay } from "../replay/replay";
import type { DeliveryEntry } from "../replay/report";
import type { Sandbox } from "../sandbox";
import { printMailCard } from "../terminal/mail-card";
import { print, type Screen } from "../terminal/screen";
import { counted, printable, wrapped } from "../terminal/text";
import type { Check, Outcome, Scene } from "./scene";

/** Where the texts of a step stand, right of its time. */
const INDENT = " ".repeat(12);

export interface TourResult {
  readonly deliveries: readonly DeliveryEntry[];
  /** Whether every scene ended as it should. */
  readonly passed: boolean;
}

/** Plays scenes in a sandbox, shows what happens as it happens, and judges each scene by what came of it. */
export async function playTour(screen: Screen, sandbox: Sandbox, scenes: readonly Scene[], seconds: () => number): Promise<TourResult> {
  const replay = new Replay(sandbox);
  const lines = parseReplay(scenes.flatMap(({ steps }) => steps.map(({ line }) => JSON.stringify(line))).join("\n"), "the tour");
  replay.check(lines);
  const outcomes: Outcome[] = [];
  const verdicts: { scene: Scene; checks: readonly Check[] }[] = [];
  let next = 0;
  for (const [index, scene] of scenes.entries()) {
    printHead(screen, scene, index + 1, scenes.length);
    const before = outcomeOf(replay);
    for (const { caption } of scene.steps) {
      await playStep(screen, replay, sandbox, caption, lines[next++]);
    }
    const outcome = since(before, outcomeOf(replay));
    const checks = scene.judge(outcome, outcomes);
    outcomes.push(outcome);
    verdicts.push({ scene, checks });
    printChecks(screen, checks);
  }
  const health = healthOf(sandbox, replay);
  printSummary(screen, sandbox, replay, verdicts, health, seconds());
  return {
    deliveries: replay.journal.deliveries(),
    passed: [...verdicts.flatMap(({ checks }) => checks), ...health].every(({ kept }) => kept),
  };
}

const outcomeOf = ({ journal }: Replay): Outcome => ({
  events: journal.events,
  deliveries: journal.deliveries(),
  deadLetters: [...journal.deadLetters],
  closed: [...journal.closed],
});

const since = (before: Outcome, after: Outcome): Outcome => ({
  events: after.events.slice(before.events.length),
  deliveries: after.deliveries.slice(before.deliveries.length),
  deadLetters: after.deadLetters.slice(before.deadLetters.length),
  closed: after.closed.slice(before.closed.length),
});

async function playStep(
  screen: Screen,
  replay: Replay,
  { runtime }: Sandbox,
  caption: string,
  line: ReplayLine | undefined,
): Promise<void> {
  if (line === undefined) {
    return;
  }
  const [day, time] = new Date(runtime.now()).toISOString().slice(5, 16).split("T");
  const [first = "", ...rest] = wrapped(caption, screen.width - INDENT.length - 2);
  print(
    screen,
    `  ${screen.dim(`${day} ${time}`.slice(0, 11).padEnd(11))} ${screen.bold(first)}`,
    ...rest.map((part) => `${INDENT}  ${screen.bold(part)}`),
  );
  const before = outcomeOf(replay);
  await replay.play(line);
  printOutcome(screen, since(before, outcomeOf(replay)));
}

function printOutcome(screen: Screen, { events, deliveries, deadLetters, closed }: Outcome): void {
  const row = (label: string, text: string): void =>
    print(
      screen,
      ...wrapped(printable(text), screen.width - 24).map(
        (part, index) => `${INDENT}  ${screen.dim((index === 0 ? label : "").padEnd(8))} ${part}`,
      ),
    );
  for (const { matched, decision, reason } of events) {
    row("rule", matched.length === 0 ? "none matches: dropped at the edge, for free" : matched.join(", "));
    if (matched.length > 0) {
      row("decided", reason === null ? decision : `${decision}, reason: ${reason}`);
    }
  }
  for (const { title, why } of closed) {
    row("closed", `${title ?? "an episode"} (${why ?? "over"})`);
  }
  for (const { queue, error } of deadLetters) {
    row("lost", screen.bad(`${queue}: ${error}`));
  }
  for (const delivery of deliveries) {
    printMailCard(screen, delivery, `${INDENT}  `);
  }
}

function printHead(screen: Screen, { title, story }: Scene, number: number, total: number): void {
  print(screen, "", `${screen.accent(`Scene ${number} of ${total}`)}  ${screen.bold(title)}`);
  print(screen, ...wrapped(story, screen.width - 2).map((line) => screen.dim(`  ${line}`)), "");
}

function printChecks(screen: Screen, checks: readonly Check[]): void {
  print(screen, "");
  for (const { promise, kept, found } of checks) {
    print(
      screen,
      kept ? `  ${screen.good("✓")} ${promise}` : `  ${screen.bad("✗")} ${promise} ${screen.bad(`– found: ${printable(found)}`)}`,
    );
  }
}

/** What has to be true of the whole tour. */
function healthOf({ cloud, runtime }: Sandbox, { journal }: Replay): Check[] {
  const failed = journal.executions.filter(({ status }) => status !== "SUCCEEDED");
  const denied = [...new Set(cloud.denied.map(({ action }) => action))];
  return [
    { promise: "no function was denied a permission", kept: denied.length === 0, found: denied.join(", ") },
    {
      promise: "nothing was lost: all workflows succeeded, all dead-letter queues are empty, no alarm rings",
      kept: failed.length === 0 && journal.deadLetters.length === 0 && runtime.alarms().length === 0,
      found: [
        counted(failed.length, "failed workflow"),
        counted(journal.deadLetters.length, "dead letter"),
        `alarms: ${runtime.alarms().join(", ") || "none"}`,
      ].join(", "),
    },
  ];
}

/** Unused permissions that are named; the rest is a number. */
const NAMED = 6;

function printSummary(
  screen: Screen,
  { cloud, runtime }: Sandbox,
  { journal }: Replay,
  verdicts: readonly { scene: Scene; checks: readonly Check[] }[],
  health: readonly Check[],
  seconds: number,
): void {
  print(screen, "", screen.accent("Summary"), "");
  for (const { scene, checks } of verdicts) {
    print(screen, `  ${checks.every(({ kept }) => kept) ? screen.good("✓") : screen.bad("✗")} ${scene.title}`);
  }
  for (const { promise, kept, found } of health) {
    print(screen, kept ? `  ${screen.good("✓")} ${promise}` : `  ${screen.bad("✗")} ${promise} ${screen.bad(`– found: ${found}`)}`);
  }
  const requests = Object.entries(cloud.counters).reduce((sum, [call, count]) => (call.startsWith("dynamodb:") ? sum + count : sum), 0);
  const unused = cloud.unusedPermissions();
  const numbers: [string, string | number][] = [
    ["mails", journal.deliveries().length],
    ["events that lines put on a bus", journal.events.length],
    ["DynamoDB requests", requests],
    ["Lambda invocations", runtime.counters.lambda.invocations],
    ["workflows", runtime.counters.states.express],
    ["IAM denials", cloud.denied.length],
    ["permissions never used", unused.length],
    ["virtual time", `until ${new Date(runtime.now()).toISOString().slice(0, 16).replace("T", " ")}`],
    ["real time", `${seconds.toFixed(1)} s`],
  ];
  print(screen, "", ...numbers.map(([name, number]) => `  ${screen.dim(name.padEnd(32))} ${number}`));
  if (unused.length > 0) {
    const named = unused.slice(0, NAMED).map(({ principal, action }) => `${principal.split("/").at(-1)} ${action}`);
    const text = `never used by this tour: ${named.join(", ")}${unused.length > NAMED ? ` and ${unused.length - NAMED} more` : ""}`;
    print(screen, "", ...wrapped(text, screen.width - 2).map((line) => screen.dim(`  ${line}`)));
  }
}
