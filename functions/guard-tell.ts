import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { AlertSettings } from "./alert-settings";
import { optionalJson, required, requiredJson } from "./environment";
import { EpisodeStore } from "./episodes/store";
import type { GuardSettings } from "./guard/settings";
import { GuardTable } from "./guard/table";
import type { ApprovalTimes } from "./guard/telling/outcome";
import { Telling, type TellRequest } from "./guard/telling/telling";
import { log } from "./log";
import { deployedMutes } from "./mutes/deployed";
import { alertStarter } from "./start-alert";
import { teller } from "./storms/teller";

/** Tells people of a change of a security group, asks them about it, or tells what became of it. */
export function createHandler(): (request: TellRequest) => Promise<void> {
  const tableName = required("TABLE_NAME");
  const dynamo = new DynamoDBClient({});
  const approvals = optionalJson<ApprovalTimes | undefined>("APPROVALS", undefined);
  const telling = new Telling({
    settings: requiredJson<AlertSettings>("ALERTS"),
    policy: requiredJson<GuardSettings>("GUARD"),
    ...(approvals && { approvals }),
    muting: deployedMutes({ mutes: process.env.MUTES, dynamo, tableName, now: Date.now }),
    table: new GuardTable(dynamo, required("GUARD_TABLE")),
    store: new EpisodeStore(dynamo, tableName),
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
  return (request) => telling.run(request);
}
