import { readStack } from "../deployable";
import type { Lifetime } from "../lifetime";
import { openSandbox, type Sandbox } from "../sandbox";
import { print, type Screen } from "../terminal/screen";
import { Steps } from "../terminal/steps";
import { wrapped } from "../terminal/text";

export interface OpenOptions {
  readonly stack: string;
  readonly config?: string | undefined;
  readonly port?: number | undefined;
}

/** Checks the settings and opens the sandbox, showing each long step. */
export async function open(screen: Screen, options: OpenOptions, lifetime: Lifetime): Promise<Sandbox> {
  const stack = readStack(options.stack, options.config);
  const steps = new Steps(screen);
  try {
    const onOpened = (close: () => Promise<void>): void => lifetime.closeAtEnd(close);
    const sandbox = await openSandbox({ stack, port: options.port, progress: steps.begin, onOpened });
    if (lifetime.debug) {
      sandbox.runtime.listen({ log: ({ function: name, text }) => void process.stderr.write(`${name}: ${text.trimEnd()}\n`) });
    }
    steps.end();
    for (const { message } of sandbox.deployment.logs.filter(({ severity }) => severity === "warning")) {
      print(screen, ...wrapped(`warning: ${message}`, screen.width - 2).map((line) => `  ${line}`));
    }
    return sandbox;
  } catch (error) {
    steps.breakOff();
    throw error;
  } finally {
    steps.end();
  }
}
