import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { UsageError } from "./usage-error";

export const USAGE = `Usage:
  npm start [-- OPTIONS]                           the guided tour; then the sandbox stays open until Ctrl-C
  npm run sandbox -- start [OPTIONS]               the same
  npm run sandbox -- replay FILE.jsonl [OPTIONS]   plays the lines of a file and tells what came of them
  npm run sandbox -- graph OUT.json [OPTIONS]      writes the resource graph with every value resolved

Options:
  --stack NAME          the stack to deploy (default sandbox)
  --config FILE.yaml    settings instead of Pulumi.<stack>.yaml
  --report OUT.json     replay: write the report
  --exit                start: end after the tour; the exit code is 0 only if every scene ended as it should
  --port N              start: port of the emulated AWS API (default: any free one)
  --inbox DIR           start: save all messages there: mails and Slack as HTML, others as JSON
  --help                this text
`;

interface Common {
  readonly stack: string;
  readonly config?: string;
}

/** What the user asked for. */
export type Command =
  | { readonly name: "help" }
  | (Common & { readonly name: "start"; readonly exit: boolean; readonly port?: number; readonly inbox?: string })
  | (Common & { readonly name: "replay"; readonly file: string; readonly report?: string })
  | (Common & { readonly name: "graph"; readonly output: string });

const COMMON = { stack: { type: "string" }, config: { type: "string" }, help: { type: "boolean", short: "h" } } as const;

const OPTIONS = {
  start: { ...COMMON, exit: { type: "boolean" }, port: { type: "string" }, inbox: { type: "string" } },
  replay: { ...COMMON, report: { type: "string" } },
  graph: COMMON,
} as const;

const isCommand = (name: string | undefined): name is keyof typeof OPTIONS => name !== undefined && Object.hasOwn(OPTIONS, name);

/** Understands the command line. @throws UsageError */
export function parseCommand(parameters: readonly string[]): Command {
  const [name, ...rest] = parameters;
  if (name === "--help" || name === "-h" || name === "help") {
    return { name: "help" };
  }
  if (!isCommand(name)) {
    throw new UsageError(
      `${name === undefined ? "there is no command" : `unknown command "${name}"`}; commands: ${Object.keys(OPTIONS).join(", ")}`,
    );
  }
  const { values, positionals } = parsed(name, rest);
  if (values.help) {
    return { name: "help" };
  }
  const common = { stack: values.stack ?? "sandbox", ...(values.config !== undefined && { config: values.config }) };
  switch (name) {
    case "start":
      onlyFile(name, positionals);
      return {
        name,
        ...common,
        exit: values.exit === true,
        ...(values.port !== undefined && { port: portOf(values.port) }),
        ...(values.inbox !== undefined && { inbox: values.inbox }),
      };
    case "replay":
      return {
        name,
        ...common,
        file: onlyFile(name, positionals, "the file to play: replay FILE.jsonl"),
        ...(values.report !== undefined && { report: values.report }),
      };
    case "graph":
      return { name, ...common, output: onlyFile(name, positionals, "the file to write: graph OUT.json") };
  }
}

/** Options of any command; which of them may be given is checked by the parser. */
interface Values {
  readonly stack?: string;
  readonly config?: string;
  readonly help?: boolean;
  readonly exit?: boolean;
  readonly port?: string;
  readonly inbox?: string;
  readonly report?: string;
}

function parsed(name: keyof typeof OPTIONS, rest: readonly string[]): { values: Values; positionals: string[] } {
  try {
    const options: ParseArgsOptionsConfig = OPTIONS[name];
    const { values, positionals } = parseArgs({ args: [...rest], options, allowPositionals: true, strict: true });
    return { values: values as Values, positionals };
  } catch (error) {
    const [sentence = ""] = (error as Error).message.split(/\. |\n/);
    throw new UsageError(
      `${name}: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}; options: ${Object.keys(OPTIONS[name])
        .map((option) => `--${option}`)
        .join(", ")}`,
    );
  }
}

function onlyFile(command: string, positionals: readonly string[], needed?: string): string {
  const [file, more] = positionals;
  const unexpected = needed === undefined ? file : more;
  if (unexpected !== undefined) {
    throw new UsageError(`${command}: "${unexpected}" is one argument too many`);
  }
  if (needed !== undefined && file === undefined) {
    throw new UsageError(`${command}: there is no name of ${needed}`);
  }
  return file ?? "";
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) {
    throw new UsageError(`start: "${text}" is no port; --port takes a number from 1 to 65535`);
  }
  return port;
}
