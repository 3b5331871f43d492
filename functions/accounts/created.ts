import { firstDate } from "../normalize/dates";
import { NotAFinding } from "../normalize/not-a-finding";
import { accountId } from "../normalize/place";
import { at, textAt } from "../normalize/read";

/** What AWS Organizations publishes, in the management account, when the creation of an account ends. */
export const ORGANIZATIONS_SOURCE = "aws.organizations";
export const SERVICE_EVENT = "AWS Service Event via CloudTrail";
export const CREATED_ACCOUNT = "CreateAccountResult";

/** A new account, as far as its event says. */
export interface CreatedAccount {
  /** 12 digits. */
  readonly id: string;
  /** Absent where the event hides it, as AWS's do. */
  readonly name?: string;
  /** ISO 8601. */
  readonly joined?: string;
}

/** Whether an event is about the creation of an account. */
export const isCreatedAccount = (event: unknown): boolean =>
  textAt(event, "source") === ORGANIZATIONS_SOURCE && textAt(event, "detail", "eventName") === CREATED_ACCOUNT;

/**
 * The new account of such an event; `undefined` if the creation failed. CloudTrail writes `****` for its name:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html
 * @throws NotAFinding if the event names no account.
 */
export function createdAccount(event: unknown): CreatedAccount | undefined {
  const status = at(event, "detail", "serviceEventDetails", "createAccountStatus");
  if ((textAt(status, "state") ?? "SUCCEEDED") !== "SUCCEEDED") {
    return undefined;
  }
  const id = accountId(at(status, "accountId"));
  if (id === undefined) {
    throw new NotAFinding("The event names no new account (detail.serviceEventDetails.createAccountStatus.accountId).");
  }
  const name = textAt(status, "accountName");
  const hidden = name === undefined || /^\**$/.test(name);
  return { id, ...(!hidden && { name }), joined: firstDate(textAt(status, "completedTimestamp"), textAt(event, "time")) };
}
