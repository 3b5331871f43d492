import type { ServiceCall } from "../types";

/** Where AWS Organizations reports: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html */
export const ORGANIZATIONS_REGION = "us-east-1";

type Values = Readonly<Record<string, unknown>>;

/** What AWS Organizations publishes about a change, in the order of its events: the call, and for what takes a while in AWS its result. */
export function organizationEvents(
  call: Pick<ServiceCall, "operation" | "input" | "principal" | "account">,
  answer: Values,
  now: number,
): Values[] {
  const eventTime = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const facts = {
    eventVersion: "1.08",
    eventTime,
    eventSource: "organizations.amazonaws.com",
    awsRegion: ORGANIZATIONS_REGION,
    readOnly: false,
    managementEvent: true,
    recipientAccountId: call.account,
  };
  const event = (detailType: string, detail: Values): Values => ({
    source: "aws.organizations",
    "detail-type": detailType,
    detail: { ...facts, ...detail },
  });
  const called = event("AWS API Call via CloudTrail", {
    eventName: call.operation,
    eventType: "AwsApiCall",
    userIdentity: { type: "AssumedRole", accountId: call.account, arn: call.principal },
    requestParameters: lowered(call.input),
    responseElements: lowered(answer),
  });
  const result = resultOf(call, answer, eventTime);
  return result === undefined
    ? [called]
    : [
        called,
        event("AWS Service Event via CloudTrail", {
          eventName: `${call.operation}Result`,
          eventType: "AwsServiceEvent",
          userIdentity: { accountId: call.account, invokedBy: "AWS Internal" },
          sourceIPAddress: "AWS Internal",
          requestParameters: null,
          responseElements: null,
          serviceEventDetails: result,
        }),
      ];
}

/** As in https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html#log-entries-create-account */
function resultOf({ operation, input }: Pick<ServiceCall, "operation" | "input">, answer: Values, time: string): Values | undefined {
  if (operation === "CreateAccount") {
    const { Id, AccountName, AccountId, State } = answer.CreateAccountStatus as Values;
    const status = {
      id: Id,
      state: State,
      accountName: AccountName,
      accountId: AccountId,
      requestedTimestamp: time,
      completedTimestamp: time,
    };
    return { createAccountStatus: status };
  }
  return operation === "CloseAccount"
    ? { closeAccountStatus: { accountId: input.AccountId, state: "SUCCEEDED", requestedTimestamp: time, completedTimestamp: time } }
    : undefined;
}

/** CloudTrail writes names with a small first letter. */
const lowered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(lowered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [`${name.charAt(0).toLowerCase()}${name.slice(1)}`, lowered(inner)]),
  );
};
