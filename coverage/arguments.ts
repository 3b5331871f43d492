import { STACK_OPTIONS, understood } from "../commands/arguments";

export const USAGE = `Shows which accounts and Regions of the Organization tocsin hears of, and why it does not hear of the others.

Usage: npm run coverage -- [--stack NAME] [--config FILE.yaml] [--aws] [--json [OUT.json]]

  --stack NAME        the stack whose settings count (Pulumi.NAME.yaml); default: sandbox
  --config FILE.yaml  settings to use instead of Pulumi.NAME.yaml
  --aws               ask the real Organization, with the credentials at hand: those of the security account, or of whoever may assume
                      tocsin:organization.deploymentRole there. Default: the sandbox, where the stack is deployed first
  --json OUT.json     also write the rows as JSON; without a file (or with -) to the standard output, and nothing else there
  --help              show this

Exit codes: 0 everything is covered; 1 something is missing; 2 wrong settings or usage, or AWS refused to tell.`;

export interface CoverageArguments {
  readonly stack: string;
  readonly config: string | undefined;
  readonly aws: boolean;
  /** A file, or `-` for the standard output. */
  readonly json: string | undefined;
  readonly help: boolean;
}

/** Understands the command line. @throws UsageError */
export function parseArguments(args: readonly string[]): CoverageArguments {
  const { stack, config, aws, json, help } = understood("coverage", args, STACK_OPTIONS);
  return { stack, config, aws, json, help };
}
