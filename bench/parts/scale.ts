import { type ProgramResult, REPOSITORY, runProgram } from "../../sandbox/engine/run-program";
import { readStackConfig } from "../../sandbox/engine/stack-config";
import type { PartResult } from "../check";
import { median, significant } from "../statistics";

const SMALL = 10;
const LARGE = 10_000;
/** Runs of each size: their median counts. */
const RUNS = 5;
const SLOWEST = 1.2;

/** As many accounts as explicit providers are allowed for. */
const PROVIDERS = 25;
const MOST_SECONDS = 10;

/** What the number of accounts does to the program of stack prod in a preview: by StackSet nothing, by providers a few resources for each. */
export async function scale(): Promise<PartResult> {
  const small: number[] = [];
  const large: number[] = [];
  const resources = { small: 0, large: 0 };
  // In turns, so that whatever else the machine does slows both alike; the first run is not counted.
  await preview({ expectedAccounts: SMALL });
  for (let run = 0; run < RUNS; run++) {
    const ofSmall = await preview({ expectedAccounts: SMALL });
    const ofLarge = await preview({ expectedAccounts: LARGE });
    small.push(ofSmall.seconds);
    large.push(ofLarge.seconds);
    Object.assign(resources, { small: ofSmall.resources.length, large: ofLarge.resources.length });
  }
  const accountIds = Array.from({ length: PROVIDERS }, (_, index) => String(300_000_000_000 + index));
  const byProviders = await preview({ forwarding: { via: "providers", accountIds } });
  return {
    checks: [
      {
        what: "10,000 accounts by StackSet: resources more than for 10",
        measured: resources.large - resources.small,
        unit: "",
        budget: 0,
        note: `${resources.small} resources`,
      },
      {
        what: "10,000 accounts by StackSet: time of a preview",
        measured: significant(median(large) / median(small)),
        unit: "× 10 accounts",
        budget: SLOWEST,
      },
      {
        what: `${PROVIDERS} accounts by providers: a preview`,
        measured: significant(byProviders.seconds),
        unit: "s",
        budget: MOST_SECONDS,
        note: `${byProviders.resources.length} resources; this machine, now`,
      },
    ],
    details: { runs: RUNS },
  };
}

async function preview(organization: Readonly<Record<string, unknown>>): Promise<ProgramResult> {
  const config = readStackConfig({ directory: REPOSITORY, stack: "prod" });
  const given = config["tocsin:organization"] as object;
  const changed = { ...config, "tocsin:organization": { ...given, ...organization } };
  const result = await runProgram({ stack: "prod", config: changed, dryRun: true });
  if (result.exitCode !== 0) {
    throw new Error(`the program failed: ${result.errors.map(({ message }) => message).join("\n")}`);
  }
  return result;
}
