import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { SFNClient, StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { fromEnv } from "@aws-sdk/credential-provider-env";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { AccountDirectory } from "./accounts/directory";
import { askForAccount } from "./accounts/organization";
import { AccountTable } from "./accounts/table";
import type { AlertSettings } from "./alert-settings";
import { required, requiredJson } from "./environment";
import { log, messageOf } from "./log";
import { objectUrl } from "./normalize/console";
import { routeTo } from "./routing/match";
import type { Route } from "./routing/route";
import { eachMessage } from "./sqs-batch";
import { accountsById, knownAccounts } from "./storms/accounts";
import { FlushTable } from "./storms/flush-table";
import { Flushing } from "./storms/flushing";
import { HeldEpisodes } from "./storms/held-episodes";
import { putObject, s3Endpoint } from "./storms/object";
import { StormTable } from "./storms/table";
import type { Trigger } from "./storms/trigger";

/** Reads the queue of storms: tells what was held until now, as one message to each channel with a list of all of it. */
export function createHandler(): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const stormsUrl = required("STORMS_URL");
  const machine = required("ALERT_MACHINE_ARN");
  const tableName = required("TABLE_NAME");
  const routes = requiredJson<readonly Route[]>("ROUTES");
  const kinds = requiredJson<Record<string, string>>("CHANNELS");
  const bucket = required("LISTS_BUCKET");
  const region = required("AWS_REGION");
  const writeBackUrl = process.env.WRITE_BACK_URL;
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL ?? s3Endpoint(region);
  const dynamo = new DynamoDBClient({});
  const sqs = new SQSClient({});
  const sfn = new SFNClient({});
  const organizations = new OrganizationsClient({ maxAttempts: 1 });
  const accounts = new AccountTable(dynamo, tableName);
  const directory = new AccountDirectory({
    read: (id, signal) => accounts.read(id, signal),
    write: (account, signal) => accounts.write(account, signal),
    ask: (id, signal) => askForAccount(organizations, id, signal),
    now: Date.now,
    warn: (message, error) => log({ kind: "warning", message, error: messageOf(error) }),
  });

  const runWorkflow = async (input: object): Promise<void> => {
    const execution = new StartSyncExecutionCommand({ stateMachineArn: machine, input: JSON.stringify(input) });
    const { status, error, cause } = await sfn.send(execution);
    if (status !== "SUCCEEDED") {
      throw new Error(`not delivered: ${status} ${error ?? ""} ${cause ?? ""}`);
    }
  };

  const flushing = new Flushing({
    settings: requiredJson<AlertSettings>("ALERTS"),
    counts: new StormTable(dynamo, tableName),
    flushes: new FlushTable(dynamo, tableName),
    episodes: new HeldEpisodes(dynamo, tableName),
    accountsById: (ids) =>
      accountsById(
        { known: (all) => knownAccounts(dynamo, tableName, all), lookUp: (id) => directory.lookUp(id), now: Date.now, log },
        ids,
      ),
    route: ({ finding, account, held }) =>
      routeTo(routes, { finding, account, reason: held.record.claim.reason }).flatMap((name) => {
        const kind = kinds[name];
        return kind === undefined ? [] : [{ name, kind }];
      }),
    keep: async (key, csv) => {
      await putObject({ bucket, region, endpoint, credentials: fromEnv() }, key, "text/csv; charset=utf-8", csv);
      return { bucket, key, url: objectUrl(region, bucket, key) };
    },
    tell: (alert, account, channel) => runWorkflow({ alert, account, channels: [channel] }),
    start: (alert) => runWorkflow({ alert }),
    mark: async (marks) => {
      await sqs.send(new SendMessageCommand({ QueueUrl: writeBackUrl, MessageBody: JSON.stringify(marks) }));
    },
    now: Date.now,
    log,
  });
  return (event) => eachMessage(sqs, stormsUrl, event, ({ body }) => flushing.run(JSON.parse(body) as Trigger));
}
