import { SQSClient } from "@aws-sdk/client-sqs";
import { checkOutput, screenBeside, writeOutput } from "../commands/json-output";
import { refusedByAws, securityAccount } from "../commands/security-account";
import { stackSettings } from "../commands/stack-settings";
import { Lifetime } from "../sandbox/lifetime";
import { print } from "../sandbox/terminal/screen";
import type { Settings } from "../settings";
import { parseArguments, type RedriveArguments, USAGE } from "./arguments";
import { chosen, deadLetterQueues } from "./queues";
import { lookInto, type Outcome, redriveQueue } from "./redrive";
import { printOutcomes } from "./table";

/** `npm run redrive`. Answers the exit code. @throws UsageError */
async function run(args: RedriveArguments): Promise<number> {
  const screen = screenBeside(args.json);
  if (args.help) {
    print(screen, USAGE);
    return 0;
  }
  checkOutput(args.json);
  const outcomes: Outcome[] = [];
  try {
    for await (const outcome of redriving(stackSettings(args), args)) {
      outcomes.push(outcome);
    }
  } finally {
    // What was moved is told, whatever happened to the rest.
    printOutcomes(screen, outcomes, args.list);
  }
  writeOutput(args.json, { stack: args.stack, at: new Date().toISOString(), queues: outcomes });
  return outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
}

/** One queue after the other: the functions behind them have the others' messages to handle meanwhile. */
async function* redriving(settings: Settings, { queue, list }: RedriveArguments): AsyncGenerator<Outcome> {
  try {
    const sqs = new SQSClient(await securityAccount(settings, "redrive"));
    for (const one of chosen(await deadLetterQueues(sqs), queue)) {
      yield list ? await lookInto(sqs, one) : await redriveQueue(sqs, one);
    }
  } catch (error) {
    throw refusedByAws("AWS did not let tocsin's dead letters be redriven", error);
  }
}

void new Lifetime(process).run(() => run(parseArguments(process.argv.slice(2))));
