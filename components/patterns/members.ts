import { CREATED_ACCOUNT, ORGANIZATIONS_SOURCE, SERVICE_EVENT } from "../../functions/accounts/created";
import { HEARTBEAT_SOURCE } from "../../functions/heartbeat/beat";
import { SECURITY_GROUP_CALLS } from "../../functions/security-groups/calls";
import { ABSENT } from "./matchers";

/** What stays in the account where it happens, and is sent on from there. */

/** Changes of security groups, as CloudTrail reports them; a call that failed changed nothing. */
export const securityGroupChange = {
  source: ["aws.ec2"],
  "detail-type": ["AWS API Call via CloudTrail"],
  detail: { eventSource: ["ec2.amazonaws.com"], eventName: SECURITY_GROUP_CALLS, errorCode: [ABSENT] },
};

/** The sign of life of an account and Region. */
export const heartbeat = { source: [HEARTBEAT_SOURCE] };

/** New accounts; only the management account learns of them. */
export const createdAccount = (managementAccountId: string) => ({
  account: [managementAccountId],
  source: [ORGANIZATIONS_SOURCE],
  "detail-type": [SERVICE_EVENT],
  detail: { eventName: [CREATED_ACCOUNT] },
});
