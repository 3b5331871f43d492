import { createHash } from "node:crypto";
import type { Alert } from "../alert";
import type { Severity } from "../finding";
import type { MessageContent } from "../message/content";
import type { StormContent } from "../message/storm";
import { pagerSummary, stormSummary } from "./headline";

/**
 * An event of PagerDuty's Events API v2 (https://developer.pagerduty.com/docs/events-api-v2/trigger-events/), without `routing_key`: the address of the
 * subscription holds it.
 */
export interface PagerEvent {
  readonly event_action: "trigger" | "resolve";
  /** The same for all that is told of an episode, so that a repeat joins its incident and the end resolves it. */
  readonly dedup_key: string;
  readonly client: "tocsin";
  readonly payload: {
    readonly summary: string;
    readonly source: string;
    readonly severity: "critical" | "error" | "warning" | "info";
    readonly timestamp?: string;
    readonly component?: string;
    readonly group: string;
    readonly class: string;
    readonly custom_details: Readonly<Record<string, unknown>>;
  };
  readonly links: readonly { readonly href: string; readonly text: string }[];
}

const SEVERITIES: Readonly<Record<Severity, PagerEvent["payload"]["severity"]>> = {
  CRITICAL: "critical",
  HIGH: "error",
  MEDIUM: "warning",
  LOW: "info",
  INFORMATIONAL: "info",
};

const action = ({ reason }: Alert): PagerEvent["event_action"] => (reason === "resolved" ? "resolve" : "trigger");

/** A hash, because nobody promises how long an episode's id is; PagerDuty takes 255 characters. */
const dedupKey = ({ episode }: Alert): string => createHash("sha256").update(episode).digest("hex");

const timestamp = (time: string): { timestamp?: string } => (Number.isNaN(Date.parse(time)) ? {} : { timestamp: time });

const link = (href: string | undefined, text: string) => (href === undefined ? [] : [{ href, text }]);

const accountInWords = ({ account: { id, name } }: MessageContent): string => (name === undefined ? id : `${name} (${id})`);

/** The event about one finding. */
export function pagerEvent(content: MessageContent, alert: Alert): PagerEvent {
  const { account, resources, why, description, facts, timeline, remediation, runbook } = content;
  const [resource] = resources;
  return {
    event_action: action(alert),
    dedup_key: dedupKey(alert),
    client: "tocsin",
    payload: {
      summary: pagerSummary(content, alert),
      source: resource?.id || account.id || "AWS",
      severity: SEVERITIES[content.severity],
      ...timestamp(alert.finding.updatedAt),
      ...(resource !== undefined && { component: resource.name }),
      group: account.name ?? account.id,
      class: content.source,
      custom_details: {
        reason: alert.reason,
        why: `${why.word}. ${why.sentence}`,
        sample: content.sample,
        account: accountInWords(content),
        organizational_unit: account.path,
        region: content.region,
        resources: resources.map(({ name, type, id }) => ({ name, type, id })),
        more_resources: content.moreResources,
        what_happened: description,
        facts: [...facts, ...timeline].map(({ label, value }) => `${label}: ${value}`),
        what_to_do: remediation.text,
        finding: content.findingId,
        episode: content.episode,
      },
    },
    links: [...link(content.console?.href, "Open in the AWS console"), ...link(runbook?.href, "Runbook")],
  };
}

/** The event about many findings at once. */
export function stormPagerEvent(content: StormContent, alert: Alert, runbook: string | undefined): PagerEvent {
  return {
    event_action: action(alert),
    dedup_key: dedupKey(alert),
    client: "tocsin",
    payload: {
      summary: stormSummary(content),
      source: content.accounts[0]?.id || "AWS",
      severity: SEVERITIES[content.severity],
      group: "storm",
      class: content.source,
      custom_details: {
        reason: alert.reason,
        why: content.sentence,
        reasons: content.reasons,
        sample: content.sample,
        about: content.about,
        count: content.count,
        severities: content.severities,
        between: content.between,
        accounts: content.accounts.map(({ name, id, count }) => `${name} (${id}): ${count}`),
        more_accounts: content.moreAccounts,
        findings: content.findings.map(({ severity, account, region, resource }) => `${severity} ${account} ${region} ${resource}`),
        more_findings: content.moreFindings,
        episode: content.episode,
      },
    },
    links: [...link(content.list, "All findings"), ...link(runbook, "Runbook")],
  };
}
