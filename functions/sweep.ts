import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Context } from "aws-lambda";
import { allAccounts } from "./accounts/organization";
import { required, requiredJson } from "./environment";
import type { GuardSettings } from "./guard/settings";
import type { ExpectedMembers } from "./heartbeat/silence";
import { log } from "./log";
import { count } from "./metrics";
import { knownAccounts, storedAccounts } from "./sweep/accounts";
import { UNSWEPT_PLACES } from "./sweep/metrics";
import { plan } from "./sweep/planning";
import { sendPlanned } from "./sweep/sending";
import { scheduled } from "./timed/run";

/** Milliseconds before its time-out at which a run stops taking up more. */
const MARGIN = 60_000;

/** The hourly schedule: sends somebody to every account and Region to look at its security groups. */
export function createHandler() {
  const organizations = new OrganizationsClient({ retryMode: "adaptive", maxAttempts: 10 });
  const dynamo = new DynamoDBClient({});
  const sqs = new SQSClient({ maxAttempts: 5 });
  const tableName = required("TABLE_NAME");
  const queueUrl = required("SWEEPS_URL");
  const expected = requiredJson<ExpectedMembers>("MEMBERS");
  const settings = requiredJson<GuardSettings>("GUARD");
  return scheduled("sweep", async (context: Context) => {
    const hasTime = (): boolean => context.getRemainingTimeInMillis() > MARGIN;
    const report = await plan({
      accounts: () =>
        knownAccounts(
          () => storedAccounts(dynamo, tableName),
          () => allAccounts(organizations),
          Date.now(),
        ),
      expected,
      settings,
      send: (planned) => sendPlanned({ sqs, queueUrl, hasTime, log }, planned),
      now: Date.now,
      log,
    });
    count(UNSWEPT_PLACES, report.left);
    return report;
  });
}
