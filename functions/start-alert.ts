import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { Alert } from "./alert";

/** Hands an alert to the workflow "alert", by the ARN of its state machine. */
export function alertStarter(stateMachineArn: string): (alert: Alert) => Promise<void> {
  const sfn = new SFNClient({});
  return async (alert) => {
    await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ alert }) }));
  };
}
