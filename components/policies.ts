import { arnOf, type Place } from "./names";

/** One statement of an IAM or resource policy that allows something. */
export interface Statement {
  /** Says what it is for. */
  readonly sid: string;
  /** Never a wildcard. */
  readonly actions: readonly string[];
  /** ARNs; `*` only where the service has no resource level, with a comment. */
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

/** Condition operators to keys to values. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** A statement of a resource policy: who may. */
export interface ResourceStatement extends Statement {
  /** AWS service, for example `events.amazonaws.com`. */
  readonly service: string;
}

/** JSON of an IAM policy document. */
export const policyDocument = (statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements.map((statement) => allow(statement)) });

/** JSON of a resource policy: what services may do with the resource, and that nobody may without TLS. */
export const resourcePolicyDocument = (
  resource: string | readonly string[],
  deniedWithoutTls: string,
  statements: readonly ResourceStatement[],
): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      ...statements.map((statement) => ({ ...allow(statement), Principal: { Service: statement.service } })),
      {
        Sid: "NothingWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: deniedWithoutTls,
        Resource: resource,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });

/**
 * Services that do not say on whose behalf they assume a role, so that a condition would lock them out; who may hand the role to them is for `iam:PassRole` to say.
 * Of CloudTrail: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
 */
const UNCONDITIONAL: ReadonlySet<string> = new Set(["lambda.amazonaws.com", "cloudtrail.amazonaws.com"]);

/**
 * JSON of a role's trust policy: one service may assume it, and, where it says so, only on behalf of this account (no confused deputy).
 * @param sourceArn ARN pattern of what the service has to act for. Default: anything in the account.
 */
export const trustPolicyDocument = (service: string, { account }: Pick<Place, "account">, sourceArn?: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: service },
        Action: "sts:AssumeRole",
        ...(!UNCONDITIONAL.has(service) && {
          Condition: {
            StringEquals: { "aws:SourceAccount": account },
            ...(sourceArn !== undefined && { ArnLike: { "aws:SourceArn": sourceArn } }),
          },
        }),
      },
    ],
  });

/** Which roles of another account may assume a role. */
export interface TrustedRoles {
  /** `arn:aws:iam::222222222222:root` */
  readonly account: string;
  readonly roleArns: readonly string[];
  readonly externalId: string;
}

/**
 * JSON of the trust policy of a role that roles of another account assume. By a condition and not as principals, of which IAM would keep the ids: a role that is
 * made anew would be locked out, and one that does not exist yet could not be named (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles).
 */
export const crossAccountTrustDocument = ({ account, roleArns, externalId }: TrustedRoles): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { AWS: account },
        Action: "sts:AssumeRole",
        Condition: { ArnEquals: { "aws:PrincipalArn": roleArns }, StringEquals: { "sts:ExternalId": externalId } },
      },
    ],
  });

/** Conditions under which a service acts for resources of this account whose ARN matches. */
export const onBehalfOf = ({ account }: Pick<Place, "account">, sourceArn: string): Conditions => ({
  StringEquals: { "aws:SourceAccount": account },
  ArnLike: { "aws:SourceArn": sourceArn },
});

/** ARN pattern of our EventBridge rules in a Region, on the default bus and on ours. */
export const ourRules = (place: Place): string => arnOf(place, "events", "rule/tocsin*");

const allow = ({ sid, actions, resources, conditions }: Statement) => ({
  Sid: sid,
  Effect: "Allow",
  Action: actions,
  Resource: resources,
  ...(conditions && { Condition: conditions }),
});
