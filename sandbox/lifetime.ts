import { USAGE_EXIT_CODE, UsageError } from "./usage-error";

/** Exit code when something of ours is broken. */
const FAULT_EXIT_CODE = 1;

/** Signals that end the sandbox, and the exit codes that shells expect of them (128 + number). */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** How often we look whether npm is still there, in milliseconds. */
const PARENT_CHECK = 1_000;

/** How long closing may take before the process ends all the same, in milliseconds. What it started ends with it. */
const CLOSING_TIME = 5_000;

/** From the start of a command to the exit code: whatever ends it (success, wrong usage, a fault, Ctrl-C), everything that was opened is closed first. */
export class Lifetime {
  readonly #closers: (() => Promise<void>)[] = [];
  #ending = false;

  /** Whether the user wants to see inside (`TOCSIN_DEBUG`): stacks of faults, and what functions log. */
  readonly debug: boolean;

  constructor(private readonly host: NodeJS.Process) {
    this.debug = host.env.TOCSIN_DEBUG !== undefined;
  }

  /** Has something closed at the end. The newest is closed first. */
  closeAtEnd(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Runs a command, which answers its exit code, and ends the process. */
  async run(command: (lifetime: Lifetime) => Promise<number>): Promise<void> {
    for (const [signal, code] of Object.entries(SIGNALS)) {
      this.host.on(signal, () => void this.#end(code));
    }
    this.#endWithNpm();
    this.host.on("uncaughtException", (error) => void this.#fail(error));
    // Whoever reads our output may have seen enough (`| head`).
    this.host.stdout.on("error", () => void this.#end(0));
    try {
      const code = await command(this);
      await this.#end(code);
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** npm does not hand a SIGTERM on. Started by npm, we end when it is gone: our parent is then another one. */
  #endWithNpm(): void {
    const { ppid, env } = this.host;
    if (env.npm_lifecycle_event !== undefined) {
      setInterval(() => this.host.ppid !== ppid && void this.#end(SIGNALS.SIGTERM), PARENT_CHECK).unref();
    }
  }

  async #fail(error: unknown): Promise<void> {
    if (this.#ending) {
      // Whatever breaks while everything is being closed is a consequence of that.
      return;
    }
    this.host.stderr.write(`${faultMessage(error, this.debug)}\n`);
    await this.#end(error instanceof UsageError ? USAGE_EXIT_CODE : FAULT_EXIT_CODE);
  }

  async #end(code: number): Promise<void> {
    if (this.#ending) {
      return;
    }
    this.#ending = true;
    const closing = (async () => {
      for (const close of this.#closers.splice(0).reverse()) {
        await close().catch(() => undefined);
      }
    })();
    await Promise.race([closing, new Promise<void>((resolve) => setTimeout(resolve, CLOSING_TIME).unref())]);
    await flushed(this.host.stdout);
    this.host.exit(code);
  }
}

/** Resolves when everything that was written has gone out: an exit would cut a pipe's rest off. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  stream.writableLength === 0 || stream.destroyed ? Promise.resolve() : new Promise((resolve) => stream.write("", () => resolve()));

/** What the user reads when a command fails. */
export function faultMessage(error: unknown, debug: boolean): string {
  const message = error instanceof Error ? error.message : String(error);
  const stack = debug && error instanceof Error ? `\n${error.stack}` : "";
  return error instanceof UsageError
    ? `tocsin: ${message}${stack}`
    : `tocsin: something in the sandbox is broken: ${message}${stack || " (TOCSIN_DEBUG=1 shows where)"}`;
}
