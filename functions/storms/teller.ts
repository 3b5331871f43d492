import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Alert } from "../alert";
import type { StormSettings } from "./rules";
import { Storms } from "./storms";
import { StormTable } from "./table";
import { sendTrigger } from "./trigger";

export interface TellerParts {
  /** JSON of `tocsin:storm`, as the environment has it; absent: there are no storms, everything is told singly. */
  readonly storm: string | undefined;
  /** URL of the queue "storms". */
  readonly stormsUrl: string | undefined;
  readonly dynamo: DynamoDBClient;
  readonly tableName: string;
  readonly sqs: SQSClient;
  /** Tells of one alert by itself: starts the workflow "alert". */
  readonly start: (alert: Alert) => Promise<void>;
}

/** How a handler tells people: through the storm, where the settings have one. */
export function teller({ storm, stormsUrl, dynamo, tableName, sqs, start }: TellerParts): (alert: Alert) => Promise<void> {
  if (storm === undefined || stormsUrl === undefined) {
    return start;
  }
  const storms = new Storms({
    settings: JSON.parse(storm) as StormSettings,
    table: new StormTable(dynamo, tableName),
    start,
    trigger: (trigger) => sendTrigger(sqs, stormsUrl, trigger, Date.now()),
    now: Date.now,
  });
  return (alert) => storms.tell(alert);
}
