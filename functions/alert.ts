import type { Finding } from "./finding";

/** Why people are told. */
export const TELL_REASONS = ["new", "reminder", "escalated", "reopened"] as const;
export type TellReason = (typeof TELL_REASONS)[number];

/** Input of the state machine "alert": one thing to tell people. */
export interface Alert {
  /** Id of this telling (the claim's token). */
  readonly telling: string;
  /** Id of the episode, `<hash of its key>-<number>`. */
  readonly episode: string;
  /** Number of the episode among those of its problem, from 1. */
  readonly number: number;
  /** Partition key of the episode's record. */
  readonly key: string;
  readonly reason: TellReason;
  readonly finding: Finding;
  /** How often events of this episode reached us. */
  readonly seen: number;
  /** Highest severity told before this one, for `escalated`. */
  readonly previousSeverity?: Finding["severity"];
  /** When this episode was last told, for `reminder` (ISO 8601). */
  readonly lastDelivery?: string;
  /** Whether Security Hub has to be told afterwards that people were notified. */
  readonly markable: boolean;
  /** The write-back message. */
  readonly marks: readonly Mark[];
}

/** In a message of the write-back queue: this finding's Workflow is to become NOTIFIED. */
export interface Mark {
  /** Partition key and number of the episode that remembers the confirmation. */
  readonly key: string;
  readonly number: number;
  /** What Security Hub knows the finding by. */
  readonly id: string;
  readonly productArn: string;
}

/** What is known about an account. Only `id` is certain. */
export interface AccountInfo {
  /** 12 digits. */
  readonly id: string;
  readonly name?: string;
  /** Names of the organizational units from below the root to the account's own, for example `["Production", "Payments"]`. */
  readonly path?: readonly string[];
  /** Ids of the same organizational units, the root's first. */
  readonly organizationalUnitIds?: readonly string[];
  /** Tags of the account. */
  readonly tags?: Readonly<Record<string, string>>;
}
