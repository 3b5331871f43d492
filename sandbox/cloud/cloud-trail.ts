import type { ObservedCall } from "../types";
import { list, text, type Values, values } from "./ec2-emulator";
import { trailInput, trailRequest } from "./ec2-input";
import { digest, uuid } from "./provision-types";
import { sessionArn } from "./sessions";

/** Calls whose request CloudTrail writes as one element, named as on the wire: seen in events of ModifySecurityGroupRules. */
const AS_REQUEST: ReadonlySet<string> = new Set(["ModifySecurityGroupRules"]);

/** Lists of a security group's permission that CloudTrail writes when they are empty, too. */
const PERMISSION_LISTS = ["groups", "ipRanges", "ipv6Ranges", "prefixListIds"];

/** Where functions call from, as far as AWS shows it. */
const SOURCE_ADDRESS = "198.51.100.10";

/** Whether a call only looks. */
export const isRead = (operation: string): boolean =>
  /^(?:Describe|Get|List|Search|BatchGet|Head|Lookup|Simulate|Select|Query|Scan)/.test(operation);

/**
 * The event that EventBridge gets of a call to EC2 that changes something, or tried to; undefined of all other calls.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 * @param number makes ids that no other event has.
 */
export function ec2Event({ call, status, answer }: ObservedCall, now: number, number: number): Values | undefined {
  if (call.service !== "ec2" || isRead(call.operation)) return undefined;
  const time = `${new Date(now).toISOString().slice(0, 19)}Z`;
  const failure = status < 300 ? undefined : failureOf(answer, status);
  return {
    source: "aws.ec2",
    "detail-type": "AWS API Call via CloudTrail",
    detail: {
      eventVersion: "1.11",
      userIdentity: identityOf(call, time),
      eventTime: time,
      eventSource: "ec2.amazonaws.com",
      eventName: call.operation,
      awsRegion: call.region,
      sourceIPAddress: SOURCE_ADDRESS,
      userAgent: call.headers["user-agent"] ?? "",
      ...failure,
      requestParameters: requestOf(call.operation, call.input),
      responseElements: failure === undefined ? responseOf(call.operation, values(answer)) : null,
      requestID: uuid(`request ${number}`),
      eventID: uuid(`event ${number}`),
      readOnly: false,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: call.account,
      eventCategory: "Management",
      tlsDetails: {
        tlsVersion: "TLSv1.3",
        cipherSuite: "TLS_AES_128_GCM_SHA256",
        clientProvidedHostHeader: `ec2.${call.region}.amazonaws.com`,
      },
    },
  };
}

function identityOf({ principal, account, sessionName, accessKeyId }: ObservedCall["call"], time: string): Values {
  const principalId = `AROA${digest(principal).slice(0, 17).toUpperCase()}`;
  const sessionIssuer = { type: "Role", principalId, arn: principal, accountId: account, userName: principal.split("/").at(-1) };
  return {
    type: "AssumedRole",
    principalId: `${principalId}:${sessionName}`,
    arn: sessionArn(principal, sessionName),
    accountId: account,
    accessKeyId,
    sessionContext: { sessionIssuer, attributes: { creationDate: time, mfaAuthenticated: "false" } },
  };
}

function failureOf(answer: unknown, status: number): Values {
  const { Code, Message } = values(values(values(answer).Errors).Error);
  return { errorCode: `${status < 500 ? "Client" : "Server"}.${text(Code) || "InternalError"}`, errorMessage: text(Message) };
}

function requestOf(operation: string, input: Values): Values {
  if (AS_REQUEST.has(operation)) return { [`${operation}Request`]: trailRequest(operation, input) };
  const request = trailInput(operation, input);
  const permissions = values(request.ipPermissions).items;
  if (!/^(?:Authorize|Revoke)SecurityGroup/.test(operation)) return request;
  const empty = Object.fromEntries(PERMISSION_LISTS.map((name) => [name, {}]));
  return {
    ...request,
    ipPermissions: permissions === undefined ? {} : { items: list(permissions).map((one) => ({ ...empty, ...values(one) })) },
  };
}

function responseOf(operation: string, { requestId = uuid(operation), return: done, ...answer }: Values): Values {
  if (AS_REQUEST.has(operation))
    return { [`${operation}Response`]: { xmlns: "http://ec2.amazonaws.com/doc/2016-11-15/", requestId, return: done === "true" } };
  const elements = elementsOf(answer) as Values;
  return { requestId, ...(done !== undefined && { _return: done === "true" }), ...elements };
}

/** Elements of XML, whose values are texts, with their types. */
function elementsOf(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return { items: value.map((one) => elementsOf(one)) };
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== "")
        .map(([key, inner]) => [key, elementsOf(inner, key)]),
    );
  if (value === "true" || value === "false") return value === "true";
  return /(?:Port|Count|Size|Index|code)$/.test(name) && /^-?\d+$/.test(String(value)) ? Number(value) : value;
}
