import { STACK_OPTIONS, understood } from "../commands/arguments";
import { ORIGINS, type Origin, SEVERITIES, type Severity } from "../functions/finding";
import { UsageError } from "../sandbox/usage-error";
import { notAllowed } from "../settings/fault";

export const USAGE = `Shows who would be told of what, and by which of tocsin:routes. Nothing is deployed, and nothing is sent.

Usage: npm run routes -- [--stack NAME] [--config FILE.yaml] [--account NAME|ID] [--severity S] [--origin O] [--aws] [--json [OUT.json]]

  --stack NAME        the stack whose settings count (Pulumi.NAME.yaml); default: sandbox
  --config FILE.yaml  settings to use instead of Pulumi.NAME.yaml
  --account NAME|ID   only findings of this account; default: of every account, told apart by the organizational units that routes name
  --severity S        only this severity (${SEVERITIES.toReversed().join(", ")})
  --origin O          only this origin (${ORIGINS.join(", ")})
  --aws               look the account up in the real Organization, with the credentials at hand: those of the security account, or of whoever
                      may assume tocsin:organization.deploymentRole there. Default: in the sandbox's Organization
  --json OUT.json     also write the rows as JSON; without a file (or with -) to the standard output, and nothing else there
  --help              show this

Exit codes: 0 what was asked for reaches somebody; 1 something does not, or nothing of it is let in; 2 wrong settings or usage, or AWS refused to tell.`;

export interface RoutesArguments {
  readonly stack: string;
  readonly config: string | undefined;
  /** Name or id. */
  readonly account: string | undefined;
  readonly severity: Severity | undefined;
  readonly origin: Origin | undefined;
  readonly aws: boolean;
  /** A file, or `-` for the standard output. */
  readonly json: string | undefined;
  readonly help: boolean;
}

/** Understands the command line. @throws UsageError */
export function parseArguments(args: readonly string[]): RoutesArguments {
  const options = { ...STACK_OPTIONS, account: { type: "string" }, severity: { type: "string" }, origin: { type: "string" } } as const;
  const { stack, config, account, aws, json, help, ...values } = understood("routes", args, options);
  const severity = known("severity", values.severity?.toUpperCase(), SEVERITIES.toReversed());
  const origin = known("origin", values.origin?.toLowerCase(), ORIGINS);
  if (aws && account === undefined) {
    throw new UsageError("--aws looks an account up; name one with --account. See npm run routes -- --help.");
  }
  return { stack, config, account, severity, origin, aws, json, help };
}

function known<T extends string>(option: string, value: string | undefined, allowed: readonly T[]): T | undefined {
  const found = allowed.find((one) => one === value);
  if (value !== undefined && found === undefined) {
    throw new UsageError(`--${option}: ${notAllowed(value, allowed)}`);
  }
  return found;
}
