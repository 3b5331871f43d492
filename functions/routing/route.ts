import type { AccountInfo } from "../alert";
import { TELL_REASONS } from "../alert";
import type { Finding, Origin, Severity } from "../finding";

/** Reasons that a route can ask for: every reason to tell, and the closing of an episode. */
export const ROUTE_REASONS = [...TELL_REASONS, "resolved"] as const;
export type RouteReason = (typeof ROUTE_REASONS)[number];

/** A condition on what is told. Every key that is given has to hold; a list holds if one of its values does. Nothing given: always. */
export interface When {
  readonly severities?: readonly Severity[];
  readonly origins?: readonly Origin[];
  /** Names or 12-digit ids. */
  readonly accounts?: readonly string[];
  /** Names or ids; each means everything below it, too. */
  readonly organizationalUnits?: readonly string[];
  /** Tags that one of the finding's resources has to carry, all of them. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly reasons?: readonly RouteReason[];
}

/** Which channels are told of what. */
export interface Route {
  /** Absent: of everything. */
  readonly when?: When;
  /** Names of channels. */
  readonly to: readonly string[];
}

/** What a condition is asked about. */
export interface Subject {
  readonly finding: Finding;
  readonly account: AccountInfo;
  readonly reason: RouteReason;
}
