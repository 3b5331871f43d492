import { SFNClient, StartSyncExecutionCommand } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { required } from "./environment";
import { eachMessage } from "./sqs-batch";

/** Reads the queue of what a channel did not take: runs the workflow "alert" again for that channel, until it succeeds or the queue gives up. */
export function createHandler(): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const queueUrl = required("UNDELIVERED_URL");
  const machine = required("ALERT_MACHINE_ARN");
  const sqs = new SQSClient({});
  const sfn = new SFNClient({});
  return (event) =>
    eachMessage(sqs, queueUrl, event, async ({ body }) => {
      const {
        status,
        error,
        cause,
        output = "{}",
      } = await sfn.send(new StartSyncExecutionCommand({ stateMachineArn: machine, input: body }));
      if (status !== "SUCCEEDED") {
        throw new Error(`not delivered: ${status} ${error ?? ""} ${cause ?? ""}`);
      }
      if ((JSON.parse(output) as { readonly delivered?: boolean }).delivered === false) {
        throw new Error("not delivered: the log of the channel's function says why");
      }
    });
}
