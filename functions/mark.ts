import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchUpdateFindingsCommand, SecurityHubClient } from "@aws-sdk/client-securityhub";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import type { Mark } from "./alert";
import { required } from "./environment";
import { EpisodeStore } from "./episodes/store";
import { log } from "./log";
import { answerBatch } from "./sqs-batch";

/** Statements that one BatchExecuteStatement takes. */
const CONFIRM_AT_ONCE = 25;

/** Reads the write-back queue: sets the findings' Workflow to NOTIFIED in one call, and remembers which marks Security Hub confirmed. */
export function createHandler(): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const queueUrl = required("WRITE_BACK_URL");
  const securityHub = new SecurityHubClient({});
  const sqs = new SQSClient({});
  const store = new EpisodeStore(new DynamoDBClient({}), required("TABLE_NAME"));

  return async ({ Records }) => {
    const failures = new Map<SQSRecord, unknown>();
    const marks = Records.map((record) => ({ record, mark: JSON.parse(record.body) as Mark }));
    try {
      const refused = await setNotified(
        securityHub,
        marks.map(({ mark }) => mark),
      );
      const confirmed: typeof marks = [];
      for (const entry of marks) {
        const code = refused.get(entry.mark.id);
        if (code === undefined) {
          confirmed.push(entry);
        } else if (code === "FindingNotFound") {
          // GuardDuty's or Inspector's own event is often here before Security Hub's copy: the copy is marked when it shows up.
          log({ kind: "not-in-security-hub", finding: entry.mark.id });
        } else {
          failures.set(entry.record, new Error(`Security Hub did not take the mark: ${code}`));
        }
      }
      const at = new Date().toISOString();
      for (let start = 0; start < confirmed.length; start += CONFIRM_AT_ONCE) {
        const batch = confirmed.slice(start, start + CONFIRM_AT_ONCE);
        await store
          .confirm(
            batch.map(({ mark }) => mark),
            at,
          )
          .catch((error) => {
            for (const { record } of batch) {
              failures.set(record, error);
            }
          });
      }
    } catch (error) {
      for (const { record } of marks) {
        failures.set(record, error);
      }
    }
    return answerBatch(sqs, queueUrl, failures);
  };
}

/** One BatchUpdateFindings call (≤ 100 findings). Answers the error codes of those that were refused, by finding id. */
async function setNotified(client: SecurityHubClient, marks: readonly Mark[]): Promise<Map<string, string>> {
  const identifiers = new Map(marks.map(({ id, productArn }) => [`${productArn} ${id}`, { Id: id, ProductArn: productArn }]));
  const { UnprocessedFindings = [] } = await client.send(
    new BatchUpdateFindingsCommand({ FindingIdentifiers: [...identifiers.values()], Workflow: { Status: "NOTIFIED" } }),
  );
  return new Map(UnprocessedFindings.map(({ FindingIdentifier, ErrorCode }) => [FindingIdentifier?.Id ?? "", ErrorCode ?? "unknown"]));
}
