/** How far the guard may go: tell, ask before putting back, or put back. */
export type GuardMode = "alert" | "approve" | "revert";

/** What the functions of the guard get from `tocsin:securityGroupGuard` (environment variable `GUARD`). */
export interface GuardSettings {
  readonly mode: GuardMode;
  /** Ranges that any port may be open to. */
  readonly approvedRanges: readonly string[];
  /** Ports that may be open to the world. */
  readonly publicPorts: readonly number[];
  /** Key of a tag, on the group or its VPC, that exempts it whatever the tag's value is. Default: there is none. */
  readonly exemptTag?: string;
  /** Ids or names of accounts that are left alone. */
  readonly exemptAccounts: readonly string[];
  /** Ids or names of organizational units of which everything below is left alone. */
  readonly exemptOrganizationalUnits: readonly string[];
  /** Which changes people are told of: those that open what nobody approved, or every one. */
  readonly tell: "unapproved" | "all";
}

/**
 * Name of the role, in every account that is guarded, with which the guard reads and changes groups. Nobody else's calls are made with it, so that the guard knows
 * its own by it.
 */
export const GUARD_ROLE = "tocsin-security-groups";
