import type { Finding } from "./finding";

/** Why people are told. */
export const TELL_REASONS = ["new", "reminder", "escalated", "reopened"] as const;
export type TellReason = (typeof TELL_REASONS)[number];

/** Why a message is sent: a reason to tell, or that the episode is over, which only those hear who were told of it. */
export const ALERT_REASONS = [...TELL_REASONS, "resolved"] as const;
export type AlertReason = (typeof ALERT_REASONS)[number];

/** Why an episode is over: its source says so, Security Hub no longer holds it as active, or nothing was heard of it for long. */
export type Ending = "by its source" | "no longer active" | "forgotten";

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
  readonly reason: AlertReason;
  /** For `resolved`: why. */
  readonly ending?: Ending;
  /** What is told; of a storm, its gravest finding. */
  readonly finding: Finding;
  /** How often events of this episode reached us. */
  readonly seen: number;
  /** Highest severity told before this one, for `escalated`. */
  readonly previousSeverity?: Finding["severity"];
  /** When this episode was last told, for `reminder` (ISO 8601). */
  readonly lastDelivery?: string;
  /** For the first telling of an episode that was kept back by a wait or a mute: since when, and by whom it was muted until when (ISO 8601). */
  readonly waited?: { readonly since: string; readonly muted?: { readonly owner: string; readonly until: string } };
  /** The channels that were told of this episode before, by name. */
  readonly told: Readonly<Record<string, ToldChannel>>;
  /** What became of it, in a sentence: `Put back by tocsin.` Only of what tocsin acts on. */
  readonly outcome?: string;
  /** What people can decide about it by a press, where the channel has buttons. */
  readonly actions?: readonly AlertAction[];
  /** Whether what the channels were told first is no longer so: those that can rewrite their first message, do. */
  readonly replaces?: boolean;
  /** Present when this tells of many findings at once. */
  readonly storm?: StormSummary;
  /** Whether Security Hub has to be told afterwards that people were notified. */
  readonly markable: boolean;
  /** The write-back message. */
  readonly marks: readonly Mark[];
}

/** What people can decide about a finding. */
export interface AlertAction {
  readonly id: "approve" | "undo";
  /** What stands on the button. */
  readonly label: string;
  /** What is decided about: the id of the change. */
  readonly value: string;
  /** What the person is asked before the press counts: what will happen. Absent: nothing is asked. */
  readonly confirm?: string;
}

/** What an episode remembers of a channel that was told of it. */
export interface ToldChannel {
  /** When it last accepted a message (ISO 8601). */
  readonly at: string;
  /** What the channel knows the episode's first message by (Slack's `ts`), where later ones can refer to it. */
  readonly thread?: string;
}

/** Many findings of one kind that are told as one message. */
export interface StormSummary {
  /** Control, GuardDuty type or CVE. */
  readonly kind: string;
  /** When the first and the last of them were held back (ISO 8601). */
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly severities: Readonly<Partial<Record<Finding["severity"], number>>>;
  /** Why people are told of them: how many of each. */
  readonly reasons: Readonly<Partial<Record<TellReason, number>>>;
  /** What those that escalated were told as before, the mildest first. */
  readonly escalatedFrom?: readonly Finding["severity"][];
  /** Accounts by the number of their findings, the most first; at most 20. */
  readonly accounts: readonly { readonly id: string; readonly name?: string; readonly count: number }[];
  /** Number of accounts in all. */
  readonly accountCount: number;
  /** The gravest first; at most 300, less where they are long: the whole has to pass through a workflow. */
  readonly findings: readonly StormFinding[];
  /** Where all of them are listed, one a line (CSV). */
  readonly list: { readonly bucket: string; readonly key: string /** Console link to the object. */; readonly url: string };
}

/** A finding of a storm, in short. */
export interface StormFinding {
  readonly id: string;
  readonly severity: Finding["severity"];
  readonly title: string;
  readonly accountId: string;
  readonly accountName?: string;
  readonly region: string;
  /** Id of the first resource. */
  readonly resource: string;
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
