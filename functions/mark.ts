import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchUpdateFindingsCommand, InvalidInputException, SecurityHubClient } from "@aws-sdk/client-securityhub";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Mark } from "./alert";
import { required } from "./environment";
import { EpisodeStore } from "./episodes/store";
import { log, messageOf } from "./log";
import { answerBatch } from "./sqs-batch";

/** Findings that one BatchUpdateFindings takes. */
const MARK_AT_ONCE = 100;
/** Statements that one BatchExecuteStatement takes. */
const CONFIRM_AT_ONCE = 25;

/** Reads the write-back queue: sets the findings' Workflow to NOTIFIED in few calls, and remembers which marks Security Hub confirmed. */
export function createHandler(): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const queueUrl = required("WRITE_BACK_URL");
  const securityHub = new SecurityHubClient({});
  const sqs = new SQSClient({});
  const store = new EpisodeStore(new DynamoDBClient({}), required("TABLE_NAME"));

  return async ({ Records }) => {
    const failures = new Map<SQSRecord, unknown>();
    const asked: Asked[] = [];
    for (const record of Records) {
      try {
        asked.push(...(JSON.parse(record.body) as Mark[]).map((mark) => ({ record, mark })));
      } catch (error) {
        failures.set(record, error);
      }
    }
    const confirmed: Asked[] = [];
    for (const batch of batches(asked, MARK_AT_ONCE)) {
      for (const { entry, refusal } of await setNotified(securityHub, batch)) {
        if (refusal === undefined) {
          confirmed.push(entry);
        } else if (refusal === "FindingNotFound") {
          // GuardDuty's or Inspector's own event is often here before Security Hub's copy: the copy is marked when it shows up.
          log({ kind: "not-in-security-hub", finding: entry.mark.id });
        } else {
          failures.set(entry.record, new Error(`Security Hub did not take the mark: ${refusal}`));
        }
      }
    }
    const at = new Date().toISOString();
    for (const batch of batches(confirmed, CONFIRM_AT_ONCE)) {
      try {
        await store.confirm(
          batch.map(({ mark }) => mark),
          at,
        );
      } catch (error) {
        for (const { record } of batch) {
          failures.set(record, error);
        }
      }
    }
    return answerBatch(sqs, queueUrl, failures);
  };
}

/** A mark, and the message that asks for it. */
interface Asked {
  readonly record: SQSRecord;
  readonly mark: Mark;
}

/** What became of a mark; no refusal: it is set. */
interface Outcome {
  readonly entry: Asked;
  readonly refusal?: string;
}

function* batches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += size) {
    yield items.slice(start, start + size);
  }
}

/** One BatchUpdateFindings call; where its input is refused as a whole, the halves are tried by themselves, so that one bad mark does not hold up the others. */
async function setNotified(client: SecurityHubClient, entries: readonly Asked[]): Promise<readonly Outcome[]> {
  const identifiers = new Map(entries.map(({ mark: { id, productArn } }) => [`${productArn} ${id}`, { Id: id, ProductArn: productArn }]));
  try {
    const { UnprocessedFindings = [] } = await client.send(
      new BatchUpdateFindingsCommand({ FindingIdentifiers: [...identifiers.values()], Workflow: { Status: "NOTIFIED" } }),
    );
    const refusals = new Map(
      UnprocessedFindings.map(({ FindingIdentifier, ErrorCode }) => [FindingIdentifier?.Id, ErrorCode ?? "unknown"]),
    );
    return entries.map((entry) => ({ entry, refusal: refusals.get(entry.mark.id) }));
  } catch (error) {
    if (error instanceof InvalidInputException && entries.length > 1) {
      const middle = Math.ceil(entries.length / 2);
      return [...(await setNotified(client, entries.slice(0, middle))), ...(await setNotified(client, entries.slice(middle)))];
    }
    return entries.map((entry) => ({ entry, refusal: messageOf(error) }));
  }
}
