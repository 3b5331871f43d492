import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { LambdaFunctionURLEvent } from "aws-lambda";
import { answerPress } from "./buttons/answer";
import type { Approver } from "./buttons/approvers";
import { Buttons, type Reply } from "./buttons/buttons";
import { SigningSecret } from "./buttons/secret";
import { undoName } from "./buttons/undo-name";
import { required, requiredJson } from "./environment";
import { GuardTable } from "./guard/table";
import { log } from "./log";
import { post } from "./outgoing/post";
import { Secrets } from "./outgoing/secrets";

/** Errors that say that a workflow waits no longer: https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html */
const WAITS_NO_LONGER = ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"];

/** Answers Slack when somebody presses a button. */
export function createHandler(): (event: LambdaFunctionURLEvent) => Promise<Reply> {
  const machine = required("MACHINE_ARN");
  const sfn = new SFNClient({});
  const secrets = new Secrets(new SecretsManagerClient({}), Date.now);
  const buttons = new Buttons({
    approvers: requiredJson<readonly Approver[]>("APPROVERS"),
    secret: new SigningSecret(secrets, required("SIGNING_SECRET_NAME"), Date.now),
    table: new GuardTable(new DynamoDBClient({}), required("GUARD_TABLE")),
    resume: async (taskToken, answer) => {
      try {
        await sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(answer) }));
        return true;
      } catch (error) {
        if (error instanceof Error && WAITS_NO_LONGER.includes(error.name)) {
          return false;
        }
        throw error;
      }
    },
    startUndo: async (change, by) => {
      // Who pressed and when makes each input another one: the same name and input would count as the same start, not as a second one.
      const input = JSON.stringify({ changeId: change.id, task: "undo", by, at: new Date().toISOString() });
      try {
        await sfn.send(new StartExecutionCommand({ stateMachineArn: machine, name: undoName(change), input }));
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === "ExecutionAlreadyExists") {
          return false;
        }
        throw error;
      }
    },
    answer: (address, text) => answerPress(post, address, text),
    now: Date.now,
    log,
  });
  return (event) => buttons.take(event);
}
