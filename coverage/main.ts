import { checkOutput, screenBeside, writeOutput } from "../commands/json-output";
import { stackSettings } from "../commands/stack-settings";
import { open } from "../sandbox/commands/open";
import { Lifetime } from "../sandbox/lifetime";
import type { Sandbox } from "../sandbox/sandbox";
import { print } from "../sandbox/terminal/screen";
import type { Settings } from "../settings";
import { type CoverageArguments, parseArguments, USAGE } from "./arguments";
import { type Coverage, coverageOf } from "./coverage";
import { observeSandbox } from "./emulated";
import { observeAws } from "./real";
import { printCoverage } from "./table";

/** What the command finds out, and when. */
interface Answer {
  readonly coverage: Coverage;
  /** Milliseconds since the epoch, on the clock of the Organization that was asked. */
  readonly now: number;
}

/** `npm run coverage`. Answers the exit code. @throws UsageError */
async function run(args: CoverageArguments, lifetime: Lifetime): Promise<number> {
  const screen = screenBeside(args.json);
  if (args.help) {
    print(screen, USAGE);
    return 0;
  }
  checkOutput(args.json);
  const { coverage, now } = args.aws ? await askAws(stackSettings(args)) : await askSandbox(await open(screen, args, lifetime));
  printCoverage(screen, coverage);
  const { rows, covered, missing, suspended } = coverage;
  writeOutput(args.json, { stack: args.stack, at: new Date(now).toISOString(), rows, covered, missing, suspended });
  return missing === 0 ? 0 : 1;
}

async function askSandbox(sandbox: Sandbox): Promise<Answer> {
  const observed = await observeSandbox(sandbox);
  const now = sandbox.runtime.now();
  return { coverage: coverageOf(sandbox.stack.settings, observed, now), now };
}

async function askAws(settings: Settings): Promise<Answer> {
  const observed = await observeAws(settings);
  const now = Date.now();
  return { coverage: coverageOf(settings, observed, now), now };
}

void new Lifetime(process).run(async (lifetime) => run(parseArguments(process.argv.slice(2)), lifetime));
