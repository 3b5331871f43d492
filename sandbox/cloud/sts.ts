import { type ServiceCall, ServiceError, type ServiceHandler } from "../types";
import type { Iam } from "./iam";
import { accountOfArn, type Sessions, sessionArn } from "./sessions";

/** A day: nothing in the sandbox lives on one session for longer. */
const SESSION_MILLISECONDS = 24 * 3_600_000;

/** STS: who one is, and becoming somebody else, which the other role's trust policy has to allow as well. */
export function stsHandler(sessions: Sessions, iam: Iam, now: () => number): ServiceHandler {
  const assumeRole = async (call: ServiceCall) => {
    const roleArn = String(call.input.RoleArn ?? "");
    const session = String(call.input.RoleSessionName ?? "session");
    const role = iam.policies.ofRole(roleArn);
    const operator = call.principal.endsWith(":root");
    const trusted =
      operator ||
      (role?.trust !== undefined &&
        (await iam.authorize({
          principal: call.principal,
          action: "sts:AssumeRole",
          resource: roleArn,
          // A trust policy names no resource: it stands for its own role.
          resourcePolicy: withResource(role.trust, roleArn),
          context: call.input.ExternalId === undefined ? {} : { "sts:ExternalId": String(call.input.ExternalId) },
        })));
    if (!trusted)
      throw new ServiceError(
        "AccessDenied",
        `User: ${sessionArn(call.principal)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        403,
      );
    const { accessKeyId, secretAccessKey, sessionToken } = sessions.ofRole(roleArn);
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: new Date(now() + SESSION_MILLISECONDS).toISOString(),
      },
      AssumedRoleUser: {
        AssumedRoleId: `${accessKeyId}:${session}`,
        Arn: `arn:aws:sts::${accountOfArn(roleArn)}:assumed-role/${roleArn.split("/").at(-1)}/${session}`,
      },
    };
  };

  return async (call) => {
    switch (call.operation) {
      case "GetCallerIdentity":
        return { body: { UserId: call.account, Account: call.account, Arn: sessionArn(call.principal) } };
      case "AssumeRole":
        return { body: await assumeRole(call) };
      default:
        return undefined;
    }
  };
}

function withResource(trust: Readonly<Record<string, unknown>>, resource: string): Record<string, unknown> {
  const statements = Array.isArray(trust.Statement) ? trust.Statement : [trust.Statement];
  return { ...trust, Statement: statements.map((statement: Record<string, unknown>) => ({ ...statement, Resource: resource })) };
}
