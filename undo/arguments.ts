import { parseArgs } from "node:util";
import { STACK_OPTIONS, understood } from "../commands/arguments";
import { isChangeId } from "../functions/guard/record";
import { UsageError } from "../sandbox/usage-error";

export const USAGE = `Undoes what tocsin did: gives a security group back exactly the rules that it had before tocsin took some of them back.

Usage: npm run undo -- ID [--stack NAME] [--config FILE.yaml] [--json [OUT.json]]

  ID                  of the change, as the message about it says
  --stack NAME        the stack whose security account and home Region count (Pulumi.NAME.yaml); default: sandbox
  --config FILE.yaml  settings to use instead of Pulumi.NAME.yaml
  --json OUT.json     also write the answer as JSON; without a file (or with -) to the standard output, and nothing else there
  --help              show this

It is refused after 30 days, a second time, and when the group has changed since. Those who were told of the change hear of it. It takes the credentials at
hand: those of the security account, or of whoever may assume tocsin:organization.deploymentRole there. They need states:StartExecution on the state machine
tocsin-guard and states:DescribeExecution on its executions, nothing else. For the sandbox, paste the exports that npm start prints at its end.

Exit codes: 0 undone; 1 refused, with the reason; 2 wrong settings or usage, or AWS refused.`;

export interface UndoArguments {
  /** Id of the change. */
  readonly id: string;
  readonly stack: string;
  readonly config: string | undefined;
  /** A file, or `-` for the standard output. */
  readonly json: string | undefined;
  readonly help: boolean;
}

const { stack, config, json, help } = STACK_OPTIONS;
const OPTIONS = { stack, config, json, help } as const;

/** Understands the command line. @throws UsageError */
export function parseArguments(args: readonly string[]): UndoArguments {
  const ids = positionals(args);
  const values = understood(
    "undo",
    args.filter((_, index) => !ids.includes(index)),
    OPTIONS,
  );
  const [first, second] = ids.map((index) => args[index] ?? "");
  const id = (first ?? "").replace(/-undo$/, "");
  if (!values.help && second !== undefined) {
    throw new UsageError("one change is undone at a time. See npm run undo -- --help.");
  }
  if (!values.help && !isChangeId(id)) {
    const what = first === undefined ? "which change is to be undone is missing" : `${JSON.stringify(first)} is no id of a change`;
    throw new UsageError(`${what}: an id has 12 lower-case letters and digits. See npm run undo -- --help.`);
  }
  return { id, stack: values.stack, config: values.config, json: values.json, help: values.help };
}

/** Where on the command line stands what is neither an option nor the value of one. A change's id after a bare `--json` is its file's name, as in every command. */
function positionals(args: readonly string[]): readonly number[] {
  const whole = args.map((arg, index) =>
    arg === "--json" && (args[index + 1] ?? "-").startsWith("-") && args[index + 1] !== "-" ? "--json=-" : arg,
  );
  const { tokens } = parseArgs({ args: whole, options: OPTIONS, strict: false, allowPositionals: true, tokens: true });
  return tokens.flatMap((token) => (token.kind === "positional" ? [token.index] : []));
}
