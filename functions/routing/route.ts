import type { AccountInfo, AlertReason } from "../alert";
import type { Finding, Origin, Severity } from "../finding";

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
  readonly reasons?: readonly AlertReason[];
}

/** Which channels are told of what. */
export interface Route {
  /** Absent: of everything. */
  readonly when?: When;
  /** Names of channels. */
  readonly to: readonly string[];
  /** Whether the routes after this one are asked as well. Default: no. */
  readonly continue?: boolean;
}

/** What a condition is asked about. */
export interface Subject {
  readonly finding: Pick<Finding, "severity" | "origin" | "accountName" | "resources">;
  readonly account: AccountInfo;
  readonly reason: AlertReason;
}
