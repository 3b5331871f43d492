import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../sandbox/engine/run-program";
import { openSandbox, type Sandbox } from "../sandbox/sandbox";
import type { Asff } from "../sandbox/types";
import { controlFinding, importedEvent } from "./findings";
import { type Item, itemBytes } from "./item-size";
import { type Measured, Meter } from "./meter";
import { mailStack } from "./stacks";

/** Findings told and findings repeated in each scenario: one in a hundred is told. */
export const TOLD = 4;
export const REPEATED = 396;

/** Milliseconds between two findings when a million of them come evenly over a day. */
const APART = 86.4;

/** One kind of finding, told and then repeated. */
export interface Scenario {
  readonly told: Measured;
  readonly repeated: Measured;
}

export interface Measurements {
  /** Findings on the bus whose Workflow is NEW each time, evenly over time. */
  readonly even: Scenario;
  /** The same, all repeats at one moment. */
  readonly burst: Scenario;
  /** Findings in Security Hub, of the lowest severity that was asked for. */
  readonly writeBack: Scenario;
  /** Findings in Security Hub, of a higher severity: the edge lets those that are NOTIFIED through as well, to see them rise. */
  readonly higher: Scenario;
  /** Records of episodes of every origin. */
  readonly episodes: readonly Item[];
}

const FIXTURES = join(REPOSITORY, "test", "fixtures");

/**
 * Runs all scenarios in one sandbox with the program and settings of stack `sandbox`, told by mail alone.
 * @param onOpened gets what ends the sandbox, for whoever has to stop halfway.
 */
export async function measureScenarios(onOpened: (close: () => Promise<void>) => void): Promise<Measurements> {
  const sandbox = await openSandbox({ stack: mailStack(), progress: () => undefined, onOpened });
  try {
    return await new Scenarios(sandbox).measure();
  } finally {
    await sandbox.close();
  }
}

class Scenarios {
  readonly #meter: Meter;
  #problems = 0;

  constructor(private readonly sandbox: Sandbox) {
    this.#meter = new Meter(sandbox);
  }

  async measure(): Promise<Measurements> {
    await this.#warmUp();
    const raw = this.#some("HIGH");
    const told = await this.#tell(raw, this.#onTheBus);
    const even = await this.#meter.during(() => this.#repeat(raw, this.#onTheBus, APART));
    const burst = await this.#meter.during(() => this.#repeat(raw, this.#onTheBus, 0));
    const kept = this.#some("HIGH");
    const writeBack = { told: await this.#tell(kept, this.#inSecurityHub), repeated: await this.#again(kept) };
    const grave = this.#some("CRITICAL");
    const higher = { told: await this.#tell(grave, this.#inSecurityHub), repeated: await this.#again(grave) };
    return { even: { told, repeated: even }, burst: { told, repeated: burst }, writeBack, higher, episodes: await this.#everyOrigin() };
  }

  /** Both environments that the sandbox gives a function are started, and the account's name is known: a million findings do that once. */
  async #warmUp(): Promise<void> {
    const some = this.#some("HIGH");
    await this.#tell(some, this.#inSecurityHub);
    await this.#meter.during(() => this.#repeat(some, this.#onTheBus, 0));
  }

  /** People are told of one in a hundred findings: they come a hundred times as far apart. */
  readonly #tell = (problems: readonly Problem[], publish: Publish): Promise<Measured> =>
    this.#meter.during(async () => {
      for (const problem of problems) {
        await publish([problem(this.sandbox.runtime.now())]);
        await this.#pass(APART * 100);
      }
    });

  /** Imported again as control findings are: with a new UpdatedAt. */
  readonly #again = (problems: readonly Problem[]): Promise<Measured> =>
    this.#meter.during(() => this.#repeat(problems, this.#inSecurityHub, APART));

  async #repeat(problems: readonly Problem[], publish: Publish, apart: number): Promise<void> {
    // Later than whatever was told.
    await this.#pass(1000);
    for (let index = 0; index < REPEATED; index++) {
      const problem = problems[index % problems.length];
      if (problem !== undefined) {
        await publish([problem(this.sandbox.runtime.now() + index)]);
      }
      if (apart > 0) {
        await this.#pass(apart);
      }
    }
  }

  #some(severity: "HIGH" | "CRITICAL"): Problem[] {
    return Array.from({ length: TOLD }, () => {
      const index = this.#problems++;
      return (checkedAt) => controlFinding(index, checkedAt, severity);
    });
  }

  readonly #onTheBus: Publish = async (findings) => {
    for (const finding of findings) {
      this.sandbox.runtime.serviceEvent(this.sandbox.home, importedEvent(finding));
    }
  };

  readonly #inSecurityHub: Publish = (findings) => this.sandbox.importFindings(findings, () => undefined);

  async #pass(milliseconds: number): Promise<void> {
    const { runtime } = this.sandbox;
    await runtime.advanceTo(Math.ceil(runtime.now() + milliseconds));
    await runtime.quiet();
  }

  /** Plays the test events of every origin and form, and answers the records of their episodes. */
  async #everyOrigin(): Promise<Item[]> {
    const { home, runtime } = this.sandbox;
    for (const file of readdirSync(FIXTURES).filter((name) => name.endsWith(".json"))) {
      const event = JSON.parse(readFileSync(join(FIXTURES, file), "utf8")) as { detail: { findings?: Asff[] }; account: string };
      const findings = event.detail.findings?.filter(({ AwsAccountId }) => AwsAccountId !== undefined) ?? [];
      if (findings.length > 0) {
        await this.#inSecurityHub(findings);
      } else {
        runtime.serviceEvent(home, { ...event });
      }
      await runtime.quiet();
      await runtime.settle();
    }
    const items = await this.#meter.items();
    return items.filter(({ status }) => status !== undefined).sort((left, right) => itemBytes(left) - itemBytes(right));
  }
}

/** A problem as it is reported at a time. */
type Problem = (checkedAt: number) => Asff;
type Publish = (findings: readonly Asff[]) => Promise<void>;
