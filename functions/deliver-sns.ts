import { SNSClient } from "@aws-sdk/client-sns";
import type { DeliveryAnswer, DeliveryRequest } from "./accepted";
import type { AlertSettings } from "./alert-settings";
import { optionalJson, requiredJson } from "./environment";
import type { Runbook } from "./routing/runbook";
import { deliverToSns } from "./sns/deliver";
import type { SnsChannel } from "./sns/publication";

/** Publishes one alert on the topic of one SNS channel, and answers how the episode's record is to be updated. */
export function createHandler(): (request: DeliveryRequest) => Promise<DeliveryAnswer> {
  const delivery = {
    channels: requiredJson<Record<string, SnsChannel>>("CHANNELS"),
    settings: requiredJson<AlertSettings>("ALERTS"),
    runbooks: optionalJson<readonly Runbook[]>("RUNBOOKS", []),
    sns: new SNSClient({}),
    now: Date.now,
  };
  return (request) => deliverToSns(delivery, request);
}
