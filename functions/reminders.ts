import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecurityHubClient } from "@aws-sdk/client-securityhub";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import type { AlertSettings } from "./alert-settings";
import { required, requiredJson } from "./environment";
import { EpisodeStore } from "./episodes/store";
import { log } from "./log";
import { count, LEFT_EPISODES } from "./metrics";
import { deployedMutes } from "./mutes/deployed";
import type { Resolves } from "./routing/resolved";
import { currentStates } from "./security-hub/current";
import { alertStarter } from "./start-alert";
import { teller } from "./storms/teller";
import { Reminding } from "./timed/reminding";
import { scheduled } from "./timed/run";

/** Milliseconds before its time-out at which a run stops taking up more. */
const MARGIN = 60_000;

/** The hourly schedule: tells what has become due. */
export function createHandler() {
  const tableName = required("TABLE_NAME");
  const dynamo = new DynamoDBClient({});
  const securityHub = new SecurityHubClient({ retryMode: "adaptive", maxAttempts: 5 });
  const reminding = new Reminding({
    settings: requiredJson<AlertSettings>("ALERTS"),
    resolves: requiredJson<Resolves>("RESOLVES"),
    muting: deployedMutes({ mutes: process.env.MUTES, dynamo, tableName, now: Date.now }),
    store: new EpisodeStore(dynamo, tableName),
    ask: (records) => currentStates(securityHub, records),
    tell: teller({
      storm: process.env.STORM,
      stormsUrl: process.env.STORMS_URL,
      dynamo,
      tableName,
      sqs: new SQSClient({}),
      start: alertStarter(required("ALERT_MACHINE_ARN")),
    }),
    now: Date.now,
    log,
  });
  return scheduled("reminders", async (context: Context) => {
    const report = await reminding.run(context.awsRequestId, () => context.getRemainingTimeInMillis() > MARGIN);
    count(LEFT_EPISODES, report.left);
    return report;
  });
}
