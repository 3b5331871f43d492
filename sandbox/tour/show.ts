import { printCard } from "../terminal/card";
import { print, type Screen } from "../terminal/screen";
import { printable, wrapped } from "../terminal/text";
import type { Check, Outcome, Scene } from "./scene";

/** Where what comes of a step stands: right of its time. */
const INDENT = " ".repeat(14);

export function showHead(screen: Screen, { title, story }: Scene, number: number, total: number): void {
  print(screen, "", `${screen.accent(`Scene ${number} of ${total}`)}  ${screen.bold(title)}`);
  print(screen, ...wrapped(story, screen.width - 2).map((line) => screen.dim(`  ${line}`)), "");
}

/** Shows what is about to happen, and at which (virtual) time. */
export function showStep(screen: Screen, time: number, caption: string): void {
  const [first = "", ...rest] = wrapped(caption, screen.width - INDENT.length).map(screen.bold);
  const at = new Date(time).toISOString().slice(5, 16).replace("T", " ");
  print(screen, `  ${screen.dim(at)} ${first}`, ...rest.map((part) => INDENT + part));
}

/** Shows what came of a step: the rules that matched, the decision and its reason, the mails. */
export function showOutcome(screen: Screen, { events, deliveries, deadLetters, closed, changes, presses }: Outcome): void {
  const row = (label: string, text: string, style = (part: string): string => part): void =>
    print(
      screen,
      ...wrapped(printable(text), screen.width - INDENT.length - 9).map(
        (part, index) => `${INDENT}${screen.dim((index === 0 ? label : "").padEnd(8))} ${style(part)}`,
      ),
    );
  for (const { matched, decision, reason } of events) {
    row("rule", matched.length === 0 ? "none matches: dropped at the edge, for free" : matched.join(", "));
    if (matched.length > 0) {
      row("decided", reason === null ? decision : `${decision}, reason: ${reason}`);
    }
  }
  for (const { user, accepted, reason } of presses) {
    row("pressed", `by ${user}: ${accepted ? "accepted" : `refused, ${reason ?? "without a reason"}`}`);
  }
  for (const { operation, accountId, region, id, undoes } of changes) {
    row("changed", `${operation} in ${accountId}, ${region} (${undoes === null ? `npm run undo -- ${id}` : `undoes ${undoes}`})`);
  }
  for (const { title, why } of closed) {
    row("closed", `${title ?? "an episode"} (${why ?? "over"})`);
  }
  for (const { queue, error } of deadLetters) {
    row("lost", `${queue}: ${error}`, screen.bad);
  }
  for (const delivery of deliveries) {
    printCard(screen, delivery, INDENT);
  }
}

export function showChecks(screen: Screen, checks: readonly Check[]): void {
  print(screen, ...checks.flatMap((check) => checkLines(screen, check)));
}

function checkLines(screen: Screen, { promise, kept, found }: Check): string[] {
  const mark = kept ? screen.good("✓") : screen.bad("✗");
  const instead = kept ? [] : wrapped(`found: ${printable(found)}`, screen.width - 4).map((line) => `    ${screen.bad(line)}`);
  return [`  ${mark} ${promise}`, ...instead];
}
