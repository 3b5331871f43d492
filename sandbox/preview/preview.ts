import { parseArgs } from "node:util";
import { graphJson } from "../engine/graph-json";
import { REPOSITORY, runProgram } from "../engine/run-program";
import { readStackConfig } from "../engine/stack-config";
import { checkWritable, writeJson } from "../replay/write-report";
import { print, type Screen } from "../terminal/screen";
import { Steps } from "../terminal/steps";
import { UsageError } from "../usage-error";
import { countsLines, treeLines } from "./tree";

const USAGE = `Shows what the program of a stack declares, without a cloud: nothing is asked of AWS, nothing is created.

Usage: npm run preview -- [--stack NAME] [--config FILE.yaml] [--json OUT.json]

  --stack NAME        the stack whose settings count (Pulumi.NAME.yaml); default: sandbox
  --config FILE.yaml  settings to use instead of Pulumi.NAME.yaml
  --json OUT.json     also write the resources with their inputs as JSON
  --help              show this

Exit codes: 0 the program can be deployed; 2 wrong settings or usage.`;

interface PreviewArguments {
  readonly stack: string;
  readonly config: string | undefined;
  readonly json: string | undefined;
  readonly help: boolean;
}

function parsed(args: readonly string[]): PreviewArguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        stack: { type: "string", default: "sandbox" },
        config: { type: "string" },
        json: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return { stack: values.stack, config: values.config, json: values.json, help: values.help };
  } catch (error) {
    const [sentence] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${sentence?.replace(/\.$/, "")}. See npm run preview -- --help.`);
  }
}

/**
 * The command `npm run preview`: runs the program as a pull request check does, and shows what it declares.
 * @returns the exit code.
 * @throws UsageError for wrong arguments and settings.
 */
export async function preview(args: readonly string[], screen: Screen, programDirectory = REPOSITORY): Promise<number> {
  const { stack, config: file, json, help } = parsed(args);
  if (help) {
    print(screen, USAGE);
    return 0;
  }
  if (json !== undefined) checkWritable(json);
  const config = readStackConfig({ directory: programDirectory, stack, file });
  const steps = new Steps(screen);
  steps.begin(`Run the program of stack ${stack}`);
  const result = await runProgram({ stack, config, dryRun: true, programDirectory });
  if (result.exitCode !== 0) {
    steps.breakOff();
    throw new UsageError(result.errors.map(({ message }) => message).join("\n"));
  }
  steps.end();
  for (const { severity, message } of result.logs) print(screen, severity === "warning" ? screen.bad(`warning: ${message}`) : message);
  print(screen, "", ...treeLines(result.resources, screen), "", ...countsLines(result.resources, screen));
  if (json !== undefined) writeJson(json, graphJson(result));
  return 0;
}
