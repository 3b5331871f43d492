import type { Actor } from "../security-groups/change";
import type { Press } from "./press";

/** Somebody who may decide, as the settings name them (`tocsin:approvals.approvers`): a Slack user, and by what names AWS knows the same person. */
export type Approver =
  | string
  | {
      /** Slack user id. */
      readonly user: string;
      /** Names of users or sessions, or ARNs. */
      readonly identities: readonly string[];
    };

const userOf = (approver: Approver): string => (typeof approver === "string" ? approver : approver.user);

/** Whether the person may decide at all. */
export const mayDecide = (approvers: readonly Approver[], { user }: Pick<Press, "user">): boolean =>
  user !== "" && approvers.some((approver) => userOf(approver) === user);

/**
 * Whether the person who presses is the one who made the change, as far as can be known: by the identities that the settings give them, and by what they are called in
 * Slack. Nobody approves their own change.
 */
export function isOwn(
  approvers: readonly Approver[],
  { user, userName }: Pick<Press, "user" | "userName">,
  actor: Actor | undefined,
): boolean {
  const theirs = approvers.flatMap((approver) => (typeof approver !== "string" && approver.user === user ? approver.identities : []));
  const names = new Set([userName, ...theirs].filter((name) => name !== "").map(folded));
  return actor !== undefined && [actor.name, actor.arn].map(folded).some((name) => names.has(name));
}

/** Single sign-on takes names in any case. */
const folded = (name: string): string => name.trim().toLowerCase();
