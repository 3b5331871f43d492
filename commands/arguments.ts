import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "../sandbox/usage-error";

/** Options of every command that looks at a stack, as the command line gives them. */
export const STACK_OPTIONS = {
  stack: { type: "string", default: "sandbox" },
  config: { type: "string" },
  aws: { type: "boolean", default: false },
  json: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Options = NonNullable<ParseArgsConfig["options"]>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ args: string[]; options: T }>>["values"];

const isValue = (arg: string | undefined): boolean => arg !== undefined && (arg === "-" || !arg.startsWith("-"));

/**
 * Understands the command line of `npm run <command>`. `--json` may stand without a file, which means the standard output (`-`).
 * @throws UsageError
 */
export function understood<const T extends Options>(command: string, args: readonly string[], options: T): Values<T> {
  try {
    const whole = args.map((arg, index) => (arg === "--json" && !isValue(args[index + 1]) ? "--json=-" : arg));
    return parseArgs({ args: whole, options }).values;
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${sentence?.replace(/\.$/, "")}. See npm run ${command} -- --help.`);
  }
}
