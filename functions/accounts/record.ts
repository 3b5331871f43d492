import type { AccountInfo } from "../alert";

/** What the table remembers of an account. */
export interface AccountRecord extends AccountInfo {
  /** As AWS Organizations says it, for example `ACTIVE` or `SUSPENDED`. */
  readonly status?: string;
  /** When the account joined the Organization (ISO 8601). */
  readonly joined?: string;
  /** When a sweep last saw the account (ISO 8601). */
  readonly swept?: string;
}
