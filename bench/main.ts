import { parseArgs } from "node:util";
import { type DeployableStack, readStack } from "../sandbox/deployable";
import { runProgram } from "../sandbox/engine/run-program";
import { Lifetime } from "../sandbox/lifetime";
import { print, type Screen, screenOn } from "../sandbox/terminal/screen";
import { UsageError } from "../sandbox/usage-error";
import { billRows } from "./bill-table";
import { isKept, type PartResult } from "./check";
import { archives } from "./parts/archives";
import { cost } from "./parts/cost";
import { requests } from "./parts/requests";
import { scale } from "./parts/scale";
import { seconds } from "./parts/seconds";
import { triage } from "./parts/triage";
import { millionsOf, PARTS, type Part, readResults, writeResults } from "./results";
import { measureScenarios } from "./scenarios";
import { everythingStack } from "./stacks";
import { printChecks, printColumns, printHead } from "./table";

const USAGE = `Measures what tocsin promises (budgets) and writes bench/results.json.

Usage: npm run bench -- [--only ${PARTS.join("|")}]

Exit codes: 0 all budgets are kept; 1 one is broken; 2 wrong usage.`;

/** Runs something once, however often it is asked for. */
function once<Value>(run: () => Promise<Value>): () => Promise<Value> {
  let running: Promise<Value> | undefined;
  return () => {
    running ??= run();
    return running;
  };
}

/** How each part is measured; what two of them need is measured once. */
function measurements(lifetime: Lifetime): Readonly<Record<Part, () => Promise<PartResult>>> {
  const scenarios = once(() => measureScenarios((close) => lifetime.closeAtEnd(close)));
  const preview = async ({ name, config }: DeployableStack) => {
    const result = await runProgram({ stack: name, config, dryRun: true });
    if (result.exitCode !== 0) {
      throw new Error(`the program failed: ${result.errors.map(({ message }) => message).join("\n")}`);
    }
    return result;
  };
  return {
    requests: async () => requests(await scenarios()),
    cost: async () => cost(await scenarios()),
    archives: async () => archives(await preview(everythingStack())),
    triage: async () => triage(),
    scale: async () => scale(),
    seconds: async () => seconds(await preview(readStack("sandbox"))),
  };
}

/** The parts that the arguments ask for, or undefined if they ask for help. @throws UsageError */
function asked(args: readonly string[]): readonly Part[] | undefined {
  let values: { only?: string | undefined; help?: boolean | undefined };
  try {
    ({ values } = parseArgs({ args: [...args], options: { only: { type: "string" }, help: { type: "boolean", short: "h" } } }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(". ")[0]?.replace(/\.$/, "")}. See npm run bench -- --help.`);
  }
  const { only } = values;
  if (values.help) {
    return undefined;
  }
  const parts = only === undefined ? PARTS : PARTS.filter((part) => part === only);
  if (parts.length === 0) {
    throw new UsageError(`there is no part "${only}" of the bench; parts: ${PARTS.join(", ")}`);
  }
  return parts;
}

async function bench(screen: Screen, parts: readonly Part[], lifetime: Lifetime): Promise<number> {
  const measure = measurements(lifetime);
  const results: Partial<Record<Part, PartResult>> = {};
  printHead(screen);
  for (const part of parts) {
    // Before it is measured: some parts take a while.
    print(screen, "", screen.bold(part));
    const result = await measure[part]();
    results[part] = result;
    printChecks(screen, result.checks);
  }
  writeResults(results);
  const written = readResults();
  if (results.cost !== undefined && written !== undefined) {
    print(screen, "", screen.bold("the bill"));
    printColumns(screen, billRows(millionsOf(written)));
  }
  const broken = Object.values(results).flatMap(({ checks }) => checks.filter((check) => isKept(check) === false));
  print(screen, "", broken.length === 0 ? screen.good("  All budgets are kept.") : screen.bad(`  Over budget: ${broken.length}`), "");
  return broken.length === 0 ? 0 : 1;
}

void new Lifetime(process).run(async (lifetime) => {
  const screen = screenOn(process.stdout, process.env);
  const parts = asked(process.argv.slice(2));
  if (parts === undefined) {
    print(screen, USAGE);
    return 0;
  }
  return bench(screen, parts, lifetime);
});
