import { firstDate } from "../normalize/dates";
import { NotAFinding } from "../normalize/not-a-finding";
import { accountId } from "../normalize/place";
import { at, textAt } from "../normalize/read";
import type { AccountRecord } from "./record";

/** What AWS Organizations publishes, in the management account, when the creation of an account ends. */
export const ORGANIZATIONS_SOURCE = "aws.organizations";
export const SERVICE_EVENT = "AWS Service Event via CloudTrail";
export const CREATED_ACCOUNT = "CreateAccountResult";

/** Whether an event is about the creation of an account. */
export const isCreatedAccount = (event: unknown): boolean =>
  textAt(event, "source") === ORGANIZATIONS_SOURCE && textAt(event, "detail", "eventName") === CREATED_ACCOUNT;

/**
 * The new account of such an event; `undefined` if the creation failed.
 * The form is that of https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html
 * @throws NotAFinding if the event says so little that trying again would not help.
 */
export function createdAccount(event: unknown): AccountRecord | undefined {
  const status = at(event, "detail", "serviceEventDetails", "createAccountStatus");
  const state = textAt(status, "state");
  if (state !== undefined && state !== "SUCCEEDED") {
    return undefined;
  }
  const id = accountId(at(status, "accountId"));
  const name = textAt(status, "accountName");
  if (id === undefined || name === undefined) {
    throw new NotAFinding("The event of a new account names neither its id nor its name (detail.serviceEventDetails.createAccountStatus).");
  }
  return { id, name, status: "ACTIVE", joined: firstDate(textAt(status, "completedTimestamp"), textAt(event, "time")) };
}
