import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";
import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { required, requiredJson } from "./environment";
import { membersBy } from "./guard/member";
import { nameOf } from "./guard/refusals";
import type { GuardSettings } from "./guard/settings";
import { GuardTable } from "./guard/table";
import { log } from "./log";
import { count } from "./metrics";
import { eachMessage } from "./sqs-batch";
import { UNSWEPT_PLACES } from "./sweep/metrics";
import type { SweptPlace } from "./sweep/place";
import { Sweeping } from "./sweep/sweeping";

/** Reads the queue of sweeps: looks at the security groups of one account and Region for each message. */
export function createHandler(): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const [queueUrl, stateMachineArn] = [required("SWEEPS_URL"), required("MACHINE_ARN")];
  const sqs = new SQSClient({});
  // The first sweep of an Organization may start hundreds.
  const sfn = new SFNClient({ retryMode: "adaptive", maxAttempts: 10 });
  const sweeping = new Sweeping({
    settings: requiredJson<GuardSettings>("GUARD"),
    table: new GuardTable(new DynamoDBClient({}), required("GUARD_TABLE")),
    members: membersBy({
      sts: new STSClient({ retryMode: "adaptive", maxAttempts: 10 }),
      externalId: required("EXTERNAL_ID"),
      now: Date.now,
    }),
    start: async (name, input) => {
      try {
        await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      } catch (error) {
        if (nameOf(error) !== "ExecutionAlreadyExists") throw error;
      }
    },
    again: async (place, seconds) => {
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(place), DelaySeconds: seconds }));
    },
    now: Date.now,
    log,
  });
  return async (event) => {
    let unswept = 0;
    const answer = await eachMessage(sqs, queueUrl, event, async ({ body }) => {
      const swept = await sweeping.run(JSON.parse(body) as SweptPlace);
      unswept += swept ? 0 : 1;
    });
    count(UNSWEPT_PLACES, unswept);
    return answer;
  };
}
