import { open } from "../sandbox/commands/open";
import { REPOSITORY } from "../sandbox/engine/run-program";
import { readStackConfig } from "../sandbox/engine/stack-config";
import { Lifetime } from "../sandbox/lifetime";
import { checkWritable, writeJson } from "../sandbox/replay/write-report";
import type { Sandbox } from "../sandbox/sandbox";
import { print, screenOn } from "../sandbox/terminal/screen";
import { UsageError } from "../sandbox/usage-error";
import { parseSettings, type Settings, SettingsError } from "../settings";
import { type CoverageArguments, parseArguments, USAGE } from "./arguments";
import { type Coverage, coverageOf } from "./coverage";
import { observeSandbox } from "./emulated";
import { observeAws } from "./real";
import { printCoverage } from "./table";

const STANDARD_OUTPUT = "-";

/** What the command finds out, and when. */
interface Answer {
  readonly coverage: Coverage;
  /** Milliseconds since the epoch, on the clock of the Organization that was asked. */
  readonly now: number;
}

/** `npm run coverage`. Answers the exit code. @throws UsageError */
async function run(args: CoverageArguments, lifetime: Lifetime): Promise<number> {
  // What people read must not get between the lines of what programs read.
  const screen = screenOn(args.json === STANDARD_OUTPUT ? process.stderr : process.stdout, process.env);
  if (args.help) {
    print(screen, USAGE);
    return 0;
  }
  if (args.json !== undefined && args.json !== STANDARD_OUTPUT) {
    checkWritable(args.json);
  }
  const { coverage, now } = args.aws ? await askAws(settingsOf(args)) : await askSandbox(await open(screen, args, lifetime));
  printCoverage(screen, coverage);
  const { rows, covered, missing, suspended } = coverage;
  const report = { stack: args.stack, at: new Date(now).toISOString(), rows, covered, missing, suspended };
  if (args.json === STANDARD_OUTPUT) {
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  } else if (args.json !== undefined) {
    writeJson(args.json, report);
  }
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

/** Settings of any Organization; those for the sandbox have to name its accounts besides. */
function settingsOf({ stack, config: file }: CoverageArguments): Settings {
  try {
    return parseSettings(stack, readStackConfig({ directory: REPOSITORY, stack, file }));
  } catch (error) {
    throw error instanceof SettingsError ? new UsageError(error.message) : error;
  }
}

void new Lifetime(process).run(async (lifetime) => run(parseArguments(process.argv.slice(2)), lifetime));
