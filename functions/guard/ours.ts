import type { Change } from "../security-groups/change";
import { guardRoleArn } from "./member";
import { GUARD_ROLE } from "./settings";

/** Whether a call was made with the guard's role in that account: what it does itself must not make it do anything. The role is recognized by its ARN, which is written by AWS. */
export function isOurs({ accountId, region, actor }: Pick<Change, "accountId" | "region" | "actor">): boolean {
  const role = guardRoleArn(accountId, region);
  const session = `${role.replace(":iam:", ":sts:").replace(`:role/${GUARD_ROLE}`, `:assumed-role/${GUARD_ROLE}`)}/`;
  return actor.roleArn === role || (actor.type === "AssumedRole" && actor.arn.startsWith(session));
}
