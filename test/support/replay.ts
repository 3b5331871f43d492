import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeliveryEntry, EventEntry, Report } from "../../sandbox/replay/report";

const REPOSITORY = join(__dirname, "../..");

/** A line of a replay file, with a name by which a test asks for what became of it. */
export interface Step {
  readonly name?: string;
  readonly line: Readonly<Record<string, unknown>>;
}

/** What a replay came to, by the names of its lines. */
export class Played {
  constructor(
    readonly report: Report,
    private readonly steps: readonly Step[],
    private readonly folder: string,
  ) {}

  /** The text of an attachment or object, by the `file` that the report has of it. */
  text(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }

  private lineOf(name: string): number {
    return this.steps.findIndex((step) => step.name === name) + 1;
  }

  /** The events that the named line put on a bus. */
  events(name: string): readonly EventEntry[] {
    return this.report.events.filter(({ line }) => line === this.lineOf(name));
  }

  /** `notify/new`, `ignored`, …: what became of the only event of the named line. */
  outcome(name: string): string {
    return this.events(name)
      .map(({ decision, reason }) => (decision === "ignored" || decision === "dead-lettered" ? decision : `${decision}/${reason}`))
      .join(" ");
  }

  /** Everything that people were told of the episode that the named line belongs to. */
  deliveries(name: string): readonly DeliveryEntry[] {
    const episodes = this.events(name).map(({ episode }) => episode);
    return this.report.deliveries.filter(({ episode }) => episodes.includes(episode));
  }
}

/** Plays the lines as a user would, with the command `sandbox replay`, and reads the report. */
export async function replay(steps: readonly Step[], config: string): Promise<Played> {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-replay-"));
  const file = join(folder, "lines.jsonl");
  const report = join(folder, "report.json");
  const settings = join(folder, "settings.yaml");
  writeFileSync(file, steps.map(({ line }) => `${JSON.stringify(line)}\n`).join(""));
  writeFileSync(settings, config);
  const parameters = ["--import", "tsx", "sandbox/cli.ts", "replay", file, "--config", settings, "--report", report];
  const child = spawn(process.execPath, parameters, { cwd: REPOSITORY, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) {
    throw new Error(`the replay ended with ${code}:\n${output}`);
  }
  return new Played(JSON.parse(readFileSync(report, "utf8")) as Report, steps, folder);
}
