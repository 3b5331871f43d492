/** Severities from the mildest to the gravest, as Security Hub names them. The position is the rank. */
export const SEVERITIES = ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Rank of a severity: 0 (INFORMATIONAL) to 4 (CRITICAL). */
export const severityRank = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** Who reports: a Security Hub control, GuardDuty, Inspector, or a change of a security group. */
export const ORIGINS = ["securityhub", "guardduty", "inspector", "security-group"] as const;
export type Origin = (typeof ORIGINS)[number];

/** Security standards that a control finding can belong to and that the settings can name. */
export const STANDARDS = ["cis", "fsbp"] as const;
export type Standard = (typeof STANDARDS)[number];

/** Workflow status that Security Hub keeps for a finding. */
export type Workflow = "NEW" | "NOTIFIED" | "RESOLVED" | "SUPPRESSED";

/** One thing that the finding is about. */
export interface Resource {
  /** ARN, or the id the service uses. */
  readonly id: string;
  /** For example `AwsEc2SecurityGroup` or `AccessKey`. */
  readonly type: string;
  /** What people call it: the Name tag or the last part of the id. */
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A labelled line of "what happened", for example `Actor address` · `198.51.100.7 (NL, Example Networks)`. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

/**
 * Our normalized form of what an event reports. All strings are bounded (title 256, description 1,024, fact value 512, id 1,024 characters; ≤ 20 resources,
 * ≤ 20 facts, ≤ 20 tags a resource of ≤ 256 characters), so that a finding of 240 KB becomes at most a few tens of KB. Strings are not escaped: they are hostile, and every channel escapes by its own rules.
 * All times are ISO 8601 in UTC with milliseconds (`2026-03-01T09:00:00.000Z`).
 */
export interface Finding {
  readonly origin: Origin;
  /** Id in the reporting service: the ASFF `Id`, or the finding's ARN for GuardDuty and Inspector (the same in every copy). */
  readonly id: string;
  /** ASFF `ProductArn` of the finding or of its copy in Security Hub; with `id` it identifies it there. */
  readonly productArn: string;
  /** True when this event came from Security Hub (ASFF or OCSF), false for GuardDuty's and Inspector's own events. */
  readonly fromSecurityHub: boolean;
  /** Identity of the problem within origin, account and Region: control id + resource for a control, the finding's ARN otherwise. */
  readonly problem: string;
  /** Control id (`EC2.13`), GuardDuty type, or CVE / Inspector type. */
  readonly kind: string;
  readonly standards: readonly Standard[];
  readonly accountId: string;
  /** Name of the account if the event itself carries it. */
  readonly accountName?: string;
  readonly region: string;
  readonly severity: Severity;
  readonly title: string;
  readonly description: string;
  readonly resources: readonly Resource[];
  readonly facts: readonly Fact[];
  readonly remediation: { readonly text?: string /** https only. */; readonly url?: string };
  /** `active`: a problem that is there. `inactive`: archived, closed, resolved, suppressed or passed. */
  readonly state: "active" | "inactive";
  /** Workflow status, only in events of Security Hub. */
  readonly workflow?: Workflow;
  /** A sample finding: told, marked as a sample, never acted upon. */
  readonly sample: boolean;
  /** When the problem was first observed by the reporting service. */
  readonly firstSeen: string;
  /** How often the reporting service saw it (GuardDuty's count), if it counts. */
  readonly count?: number;
  /** When the reporting service last changed the finding. */
  readonly updatedAt: string;
  /** Where to look at it in the AWS console. */
  readonly consoleUrl: string;
}

/** What `normalize` makes of an EventBridge event. */
export interface Normalized {
  /** EventBridge id of the event. */
  readonly eventId: string;
  /** EventBridge time of the event. */
  readonly eventTime: string;
  readonly finding: Finding;
}
