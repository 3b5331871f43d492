import { print, type Screen } from "../sandbox/terminal/screen";
import { counted, listed, padded, printable, wrapped } from "../sandbox/terminal/text";
import type { Outcome } from "./redrive";

/** What to do about messages that no queue of ours can take back, by the queue they rest in; the member's queue has the same name in every account. */
const ADVICE: readonly (readonly [queue: string, advice: string])[] = [
  [
    "schedules-dlq",
    "Runs of schedules that could not be started. The next run makes up for them; see why in the log of the function, then purge the queue.",
  ],
  [
    "topics-dlq",
    "Messages that a subscriber of an SNS channel did not take, and that SNS does not send again. TopicArn says whose they are: mend the address, tell by hand what is still open, then purge the queue.",
  ],
  [
    "forwarding-dlq",
    "Events that did not reach the central bus, and that only EventBridge itself could send again. Look at their ERROR_MESSAGE for the cause and at the events for what to check by hand, then purge the queue.",
  ],
];

const OTHERS =
  "What they come from is no queue of tocsin: look at the messages, do by hand what is still to be done, then purge the queue.";

const adviceFor = (queue: string): string => ADVICE.find(([name]) => queue.startsWith(name))?.[1] ?? OTHERS;

/** Shows what rests in the queues and what was done about it. */
export function printOutcomes(screen: Screen, outcomes: readonly Outcome[], isList: boolean): void {
  const holding = outcomes.filter(({ messages, returned }) => messages + returned > 0);
  const empty = outcomes.filter((outcome) => !holding.includes(outcome));
  if (outcomes.length === 0) {
    return;
  }
  print(screen, "");
  if (holding.length > 0) {
    const width = Math.max("queue".length, ...holding.map(({ queue }) => queue.length));
    print(screen, screen.dim(`    ${padded("queue", width)}  messages  moved`));
    for (const outcome of holding) {
      printQueue(screen, outcome, width, isList);
    }
    print(screen, "");
  }
  const names = listed(empty.map(({ queue }) => queue));
  print(screen, ...wrapped(names === "" ? "" : `empty: ${names}`, screen.width - 2).map((line) => screen.dim(`  ${line}`)), "");
}

function printQueue(screen: Screen, outcome: Outcome, width: number, isList: boolean): void {
  const { queue, source, messages, more, moved, returned, failed, error, reasons } = outcome;
  const sign = failed > 0 ? screen.bad("✗") : source !== null && !isList ? screen.good("✓") : screen.accent("·");
  const number = `${more ? "~" : ""}${messages.toLocaleString("en-US")}`;
  const where = source === null || isList ? "      –" : `${moved.toLocaleString("en-US").padStart(7)}  to ${source}`;
  print(screen, `  ${sign} ${padded(queue, width)}  ${number.padStart(8)}${where}`);
  const say = (text: string, style = screen.dim): void =>
    print(screen, ...wrapped(printable(text), screen.width - 6).map((line) => style(`      ${line}`)));
  for (const { reason, count, episodes } of reasons) {
    say(`${count.toLocaleString("en-US")} × ${reason}${episodes.length === 0 ? "" : ` (${named(episodes, count)})`}`);
  }
  if (failed > 0) {
    say(`${counted(failed, "message")} could not be moved: ${error ?? ""}`, screen.bad);
  }
  if (returned > 0) {
    say(`${counted(returned, "message")} failed again meanwhile and stayed: see to the cause first`, screen.bad);
  }
  if (source === null) {
    say(adviceFor(queue), screen.accent);
  }
}

const named = (episodes: readonly string[], count: number): string =>
  `${episodes.length > 1 ? "episodes" : "episode"} ${episodes.join(", ")}${count > episodes.length ? ", …" : ""}`;
