import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { DeliveryAnswer, DeliveryRequest } from "./accepted";
import type { AlertSettings } from "./alert-settings";
import { optionalJson, requiredJson } from "./environment";
import { post } from "./outgoing/post";
import { Secrets } from "./outgoing/secrets";
import type { Runbook } from "./routing/runbook";
import { deliverToWebhook, type WebhookChannel } from "./webhook/deliver";

/** Posts one alert to one webhook, and answers how the episode's record is to be updated. */
export function createHandler(): (request: DeliveryRequest) => Promise<DeliveryAnswer> {
  const delivery = {
    channels: requiredJson<Record<string, WebhookChannel>>("CHANNELS"),
    settings: requiredJson<AlertSettings>("ALERTS"),
    runbooks: optionalJson<readonly Runbook[]>("RUNBOOKS", []),
    secrets: new Secrets(new SecretsManagerClient({}), Date.now),
    post,
    now: Date.now,
  };
  return (request) => deliverToWebhook(delivery, request);
}
