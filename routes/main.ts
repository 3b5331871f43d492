import { checkOutput, screenBeside, writeOutput } from "../commands/json-output";
import { stackSettings } from "../commands/stack-settings";
import type { AccountInfo } from "../functions/alert";
import { ORIGINS, SEVERITIES } from "../functions/finding";
import { Lifetime } from "../sandbox/lifetime";
import { print } from "../sandbox/terminal/screen";
import type { Settings } from "../settings";
import { accountAmong, accountInAws, SANDBOX_ACCOUNTS } from "./account";
import { answer, reachesNobody } from "./answer";
import { parseArguments, type RoutesArguments, USAGE } from "./arguments";
import { printRoutes } from "./table";

/** `npm run routes`. Answers the exit code. @throws UsageError */
async function run(args: RoutesArguments): Promise<number> {
  const screen = screenBeside(args.json);
  if (args.help) {
    print(screen, USAGE);
    return 0;
  }
  checkOutput(args.json);
  const settings = stackSettings(args);
  const account = await accountOf(args, settings);
  const severities = args.severity === undefined ? SEVERITIES.toReversed() : [args.severity];
  const origins = args.origin === undefined ? ORIGINS : [args.origin];
  const now = Date.now();
  const rows = answer(settings, { severities, origins, account }, now);
  printRoutes(screen, settings, { stack: args.stack, account, rows });
  writeOutput(args.json, { stack: args.stack, at: new Date(now).toISOString(), account: account ?? null, routes: settings.routes, rows });
  return reachesNobody(rows) ? 1 : 0;
}

async function accountOf({ account, aws }: RoutesArguments, settings: Settings): Promise<AccountInfo | undefined> {
  if (account === undefined) {
    return undefined;
  }
  return aws
    ? accountInAws(settings, account)
    : accountAmong(SANDBOX_ACCOUNTS, account, "the sandbox's Organization (--aws asks the real one)");
}

void new Lifetime(process).run(() => run(parseArguments(process.argv.slice(2))));
