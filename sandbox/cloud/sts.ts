import { type ServiceCall, ServiceError, type ServiceHandler } from "../types";
import type { Iam } from "./iam";
import { accountOfArn, type Sessions, sessionArn } from "./sessions";

/** How long a session lasts that says nothing of it, and how long one may last that a role's session asks for (role chaining), in seconds. */
const SESSION_SECONDS = 3_600;

/** STS: who one is, and becoming somebody else, which the other role's trust policy has to allow as well. */
export function stsHandler(sessions: Sessions, iam: Iam, now: () => number): ServiceHandler {
  const assumeRole = async (call: ServiceCall) => {
    const roleArn = String(call.input.RoleArn ?? "");
    const session = String(call.input.RoleSessionName ?? "session");
    const seconds = Number(call.input.DurationSeconds ?? SESSION_SECONDS);
    if (!/^[\w+=,.@-]{2,64}$/.test(session))
      throw new ServiceError(
        "ValidationError",
        `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
      );
    if (!(seconds >= 900 && seconds <= SESSION_SECONDS))
      throw new ServiceError(
        "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining, or is below 900.",
      );
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
    // A role that does not exist is refused in the same words.
    if (!trusted && role?.trust === undefined) iam.denied.push({ principal: call.principal, action: "sts:AssumeRole", resource: roleArn });
    if (!trusted)
      throw new ServiceError(
        "AccessDenied",
        `User: ${sessionArn(call.principal, call.sessionName)} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
        403,
      );
    const expires = now() + seconds * 1_000;
    const { accessKeyId, secretAccessKey, sessionToken } = sessions.ofRole(roleArn, session, expires);
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secretAccessKey,
        SessionToken: sessionToken,
        Expiration: new Date(expires).toISOString(),
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
        return { body: { UserId: call.account, Account: call.account, Arn: sessionArn(call.principal, call.sessionName) } };
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
