import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { AccountDirectory } from "./accounts/directory";
import { askForAccount } from "./accounts/organization";
import { AccountTable } from "./accounts/table";
import { required, requiredJson } from "./environment";
import { Guard } from "./guard/guarding";
import { membersBy } from "./guard/member";
import { redriven } from "./guard/redriven";
import { nameOf } from "./guard/refusals";
import type { GuardSettings } from "./guard/settings";
import { GuardTable } from "./guard/table";
import { log, messageOf } from "./log";
import { NotAFinding } from "./normalize/not-a-finding";
import { eachMessage } from "./sqs-batch";

/** Receives of an event after which people are told without what could not be read: a minute and a half after the first. */
const PATIENCE = 3;

/**
 * Reads the queue of security-group changes: judges each, and starts the workflow "guard" for what people must be told. What the workflow gave up on, and somebody put
 * back from the dead-letter queue, it starts once more.
 */
export function createHandler(): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const [queueUrl, deadLetterUrl, stateMachineArn] = [required("GUARD_URL"), required("GUARD_DEAD_LETTER_URL"), required("MACHINE_ARN")];
  const sqs = new SQSClient({});
  const sfn = new SFNClient({});
  const dynamo = new DynamoDBClient({});
  const accounts = new AccountTable(dynamo, required("TABLE_NAME"));
  const organizations = new OrganizationsClient({ maxAttempts: 1 });
  const directory = new AccountDirectory({
    read: (accountId, signal) => accounts.read(accountId, signal),
    write: (account, signal) => accounts.write(account, signal),
    ask: (accountId, signal) => askForAccount(organizations, accountId, signal),
    now: Date.now,
    warn: (message, error) => log({ kind: "warning", message, error: messageOf(error) }),
  });
  const start = async (name: string, input: object): Promise<void> => {
    try {
      await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    } catch (error) {
      if (nameOf(error) !== "ExecutionAlreadyExists") throw error;
    }
  };
  const guard = new Guard({
    settings: requiredJson<GuardSettings>("GUARD"),
    table: new GuardTable(dynamo, required("GUARD_TABLE")),
    members: membersBy({ sts: new STSClient({}), externalId: required("EXTERNAL_ID"), now: Date.now }),
    accountOf: (accountId) => directory.lookUp(accountId),
    start,
    patience: PATIENCE,
    now: Date.now,
    log,
  });

  /** What can never succeed goes to the dead-letter queue at once, with the reason. */
  const bury = async ({ messageId, body }: SQSRecord, error: NotAFinding): Promise<void> => {
    log({ kind: "dead-letter", message: messageId, error: messageOf(error) });
    const MessageAttributes = { error: { DataType: "String", StringValue: error.message } };
    await sqs.send(new SendMessageCommand({ QueueUrl: deadLetterUrl, MessageBody: body, MessageAttributes }));
  };

  return (event) =>
    eachMessage(sqs, queueUrl, event, async (record) => {
      try {
        const body = parsed(record.body);
        const again = redriven(body);
        if (again === undefined) {
          await guard.judge(body, Number(record.attributes.ApproximateReceiveCount));
        } else {
          // The name of the execution that failed is taken. The message's own starts one, however often it is received.
          await start(`${again.changeId}-again-${record.messageId}`, again);
          log({ kind: "restart", change: again.changeId, message: record.messageId });
        }
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
