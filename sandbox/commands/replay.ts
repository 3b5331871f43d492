import type { Command } from "../cli-arguments";
import { readStack } from "../deployable";
import type { Lifetime } from "../lifetime";
import { readReplay } from "../replay/parse";
import { Replay } from "../replay/replay";
import { besideReport, checkWritable, writeJson } from "../replay/write-report";
import { printReplaySummary } from "../terminal/replay-summary";
import { print, type Screen } from "../terminal/screen";
import { Steps } from "../terminal/steps";
import { counted } from "../terminal/text";
import { open } from "./open";

/** `replay`: plays the lines of a file and tells what came of them. Answers the exit code. */
export async function replay(screen: Screen, command: Extract<Command, { name: "replay" }>, lifetime: Lifetime): Promise<number> {
  // Everything that can be wrong is found before anything is started.
  readStack(command.stack, command.config);
  const lines = readReplay(command.file);
  if (command.report !== undefined) {
    checkWritable(command.report);
  }
  const sandbox = await open(screen, command, lifetime);
  const played = new Replay(sandbox);
  played.check(lines);
  const steps = new Steps(screen);
  try {
    steps.begin(`playing ${counted(lines.length, "line")} of ${command.file}`);
    for (const line of lines) {
      await played.play(line);
    }
    steps.end();
  } finally {
    steps.breakOff();
  }
  if (command.report === undefined) {
    printReplaySummary(screen, played.report(), lines.length, sandbox.notes);
  } else {
    const report = played.report(besideReport(command.report));
    writeJson(command.report, report);
    printReplaySummary(screen, report, lines.length, sandbox.notes);
    print(screen, `  report: ${command.report}`);
  }
  return 0;
}
