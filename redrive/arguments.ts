import { STACK_OPTIONS, understood } from "../commands/arguments";

export const USAGE = `Puts what rests in tocsin's dead-letter queues back to where it came from, so that it is tried again. Look first why it failed (--list), and see to that.

Usage: npm run redrive -- [--stack NAME] [--config FILE.yaml] [--queue NAME] [--list] [--json [OUT.json]]

  --stack NAME        the stack whose security account and home Region count (Pulumi.NAME.yaml); default: sandbox
  --config FILE.yaml  settings to use instead of Pulumi.NAME.yaml
  --queue NAME        only this queue, for example undelivered; default: all
  --list              only show what rests there, and why; nothing is moved
  --json OUT.json     also write the queues as JSON; without a file (or with -) to the standard output, and nothing else there
  --help              show this

It takes the credentials at hand: those of the security account, or of whoever may assume tocsin:organization.deploymentRole there. For the sandbox, paste
the exports that npm start prints at its end.

Exit codes: 0 done; 1 something could not be moved; 2 wrong settings or usage, or AWS refused.`;

export interface RedriveArguments {
  readonly stack: string;
  readonly config: string | undefined;
  /** A queue's name, with or without `tocsin-` and `-dlq`. */
  readonly queue: string | undefined;
  readonly list: boolean;
  /** A file, or `-` for the standard output. */
  readonly json: string | undefined;
  readonly help: boolean;
}

const { stack, config, json, help } = STACK_OPTIONS;
const OPTIONS = { stack, config, queue: { type: "string" }, list: { type: "boolean", default: false }, json, help } as const;

/** Understands the command line. @throws UsageError */
export function parseArguments(args: readonly string[]): RedriveArguments {
  const values = understood("redrive", args, OPTIONS);
  return {
    stack: values.stack,
    config: values.config,
    queue: values.queue,
    list: values.list,
    json: values.json,
    help: values.help,
  };
}
