import { setTimeout as pause } from "node:timers/promises";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { OrganizationsClient } from "@aws-sdk/client-organizations";
import type { Context } from "aws-lambda";
import { isCreatedAccount } from "./accounts/created";
import { learnAccount } from "./accounts/learn";
import { allAccounts, askForAccount, tagsOf } from "./accounts/organization";
import { sweep } from "./accounts/sweep";
import { AccountTable } from "./accounts/table";
import { required } from "./environment";
import { log } from "./log";
import { scheduled } from "./timed/run";

/** Milliseconds before its time-out at which a run stops taking up more. */
const MARGIN = 60_000;

/** The scheduled sweep: writes the names, organizational units and tags of all accounts into the table. Events of new accounts come here as well. */
export function createHandler() {
  // AWS Organizations throttles early; a sweep has time.
  const organizations = new OrganizationsClient({ retryMode: "adaptive", maxAttempts: 10 });
  const table = new AccountTable(new DynamoDBClient({}), required("TABLE_NAME"));
  const sweepAll = scheduled("accounts", (context: Context) =>
    sweep({
      list: () => allAccounts(organizations),
      tagsOf: (accountId) => tagsOf(organizations, accountId),
      table,
      now: Date.now,
      pause: (milliseconds) => pause(milliseconds),
      hasTime: () => context.getRemainingTimeInMillis() > MARGIN,
      log,
    }),
  );
  const ask = (accountId: string, signal: AbortSignal) => askForAccount(organizations, accountId, signal);
  return (event: unknown, context: Context) =>
    isCreatedAccount(event) ? learnAccount(event, { table, ask, log }) : sweepAll(event, context);
}
