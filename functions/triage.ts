import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { AlertSettings } from "./alert-settings";
import { required, requiredJson } from "./environment";
import { EpisodeStore } from "./episodes/store";
import { isHeartbeat } from "./heartbeat/beat";
import { receiveHeartbeat } from "./heartbeat/receive";
import { HeartbeatTable } from "./heartbeat/table";
import { log, messageOf } from "./log";
import { deployedMutes } from "./mutes/deployed";
import { normalize } from "./normalize";
import { NotAFinding } from "./normalize/not-a-finding";
import type { Resolves } from "./routing/resolved";
import { eachMessage } from "./sqs-batch";
import { alertStarter } from "./start-alert";
import { teller } from "./storms/teller";
import { Triage } from "./triage/triage";

/** Reads the intake queue: decides about each event, and starts the workflow "alert" for what people must be told. */
export function createHandler(): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const intakeUrl = required("INTAKE_URL");
  const deadLetterUrl = required("INTAKE_DEAD_LETTER_URL");
  const writeBackUrl = process.env.WRITE_BACK_URL;
  const sqs = new SQSClient({});
  const dynamo = new DynamoDBClient({});
  const table = required("TABLE_NAME");
  const heartbeats = { table: new HeartbeatTable(dynamo, table), now: Date.now, log };
  const triage = new Triage({
    settings: requiredJson<AlertSettings>("ALERTS"),
    resolves: requiredJson<Resolves>("RESOLVES"),
    muting: deployedMutes({ mutes: process.env.MUTES, dynamo, tableName: table, now: Date.now }),
    store: new EpisodeStore(dynamo, table),
    now: Date.now,
    log,
    tell: teller({
      storm: process.env.STORM,
      stormsUrl: process.env.STORMS_URL,
      dynamo,
      tableName: table,
      sqs,
      start: alertStarter(required("ALERT_MACHINE_ARN")),
    }),
    mark: async (marks) => {
      await sqs.send(new SendMessageCommand({ QueueUrl: writeBackUrl, MessageBody: JSON.stringify(marks) }));
    },
  });

  /** What can never succeed goes to the dead-letter queue at once, with the reason, instead of coming back ten times. */
  const bury = async (record: SQSRecord, error: NotAFinding): Promise<void> => {
    log({ kind: "dead-letter", message: record.messageId, error: messageOf(error) });
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: deadLetterUrl,
        MessageBody: record.body,
        MessageAttributes: { error: { DataType: "String", StringValue: error.message } },
      }),
    );
  };

  return (event) =>
    eachMessage(sqs, intakeUrl, event, async (record) => {
      try {
        const received = parsed(record.body);
        await (isHeartbeat(received) ? receiveHeartbeat(received, heartbeats) : triage.judge(normalize(received)));
      } catch (error) {
        if (!(error instanceof NotAFinding)) {
          throw error;
        }
        await bury(record, error);
      }
    });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new NotAFinding("the message is not JSON");
  }
}
