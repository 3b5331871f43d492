import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStack } from "../../sandbox/deployable";
import { parseReplay } from "../../sandbox/replay/parse";
import { Replay } from "../../sandbox/replay/replay";
import { openSandbox, type Sandbox } from "../../sandbox/sandbox";
import type { Step } from "./replay";

/** The sandbox with stack `sandbox` deployed, for tests that look inside while lines are played. */
export class OpenSandbox {
  private constructor(
    readonly sandbox: Sandbox,
    private readonly replay: Replay,
    readonly close: () => Promise<void>,
  ) {}

  /** @param settings YAML. Default: those of the stack. */
  static async open(settings?: string): Promise<OpenSandbox> {
    let close = async (): Promise<void> => undefined;
    const file = settings === undefined ? undefined : join(mkdtempSync(join(tmpdir(), "tocsin-open-")), "settings.yaml");
    if (file !== undefined) {
      writeFileSync(file, settings ?? "");
    }
    const sandbox = await openSandbox({
      stack: readStack("sandbox", file),
      progress: () => undefined,
      onOpened: (closer) => {
        close = closer;
      },
    });
    return new OpenSandbox(sandbox, new Replay(sandbox), () => close());
  }

  async play(...lines: readonly Step["line"][]): Promise<void> {
    for (const line of parseReplay(lines.map((one) => `${JSON.stringify(one)}\n`).join(""), "lines")) {
      await this.replay.play(line);
    }
  }

  /** Minutes since the sandbox began, on its own clock. */
  get minutes(): number {
    return (this.sandbox.runtime.now() - Date.parse("2026-03-01T09:00:00Z")) / 60_000;
  }

  /** Requests to a service so far. */
  requests(service: string): number {
    const counters = Object.entries(this.sandbox.cloud.counters).filter(([name]) => name.startsWith(`${service}:`));
    return counters.reduce((sum, [, count]) => sum + count, 0);
  }
}
