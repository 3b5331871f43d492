import { SFNClient } from "@aws-sdk/client-sfn";
import { STSClient } from "@aws-sdk/client-sts";
import { checkOutput, screenBeside, writeOutput } from "../commands/json-output";
import { refusedByAws, securityAccount } from "../commands/security-account";
import { stackSettings } from "../commands/stack-settings";
import type { ActAnswer } from "../functions/guard/act-parts";
import { Lifetime } from "../sandbox/lifetime";
import { print } from "../sandbox/terminal/screen";
import type { Settings } from "../settings";
import { parseArguments, type UndoArguments, USAGE } from "./arguments";
import { sentence, undoChange } from "./undo";

/** `npm run undo`. Answers the exit code. @throws UsageError */
async function run(args: UndoArguments): Promise<number> {
  const screen = screenBeside(args.json);
  if (args.help) {
    print(screen, USAGE);
    return 0;
  }
  checkOutput(args.json);
  const answer = await ask(stackSettings(args), args.id);
  print(screen, sentence(args.id, answer));
  writeOutput(args.json, { stack: args.stack, at: new Date().toISOString(), change: args.id, ...answer });
  return answer.refused === undefined ? 0 : 1;
}

async function ask(settings: Settings, id: string): Promise<ActAnswer> {
  try {
    const config = await securityAccount(settings, "undo");
    return await undoChange({ sfn: new SFNClient(config), sts: new STSClient(config) }, settings.region, id);
  } catch (error) {
    throw refusedByAws(`change ${id} could not be undone`, error);
  }
}

void new Lifetime(process).run(() => run(parseArguments(process.argv.slice(2))));
