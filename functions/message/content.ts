import type { AccountInfo, Alert, AlertAction } from "../alert";
import type { Severity } from "../finding";
import { cleanLine, cleanText, clip, httpsLink } from "./clean";
import { inWords, ORIGIN_NAMES, type ReminderTimes, times, type Why, whySent } from "./words";

/** What a message is made of. `now` and `period` let a reminder say how long ago people were told and how often it repeats. */
export interface MessageInput extends ReminderTimes {
  readonly alert: Alert;
  readonly account: AccountInfo;
  /** Address of the team's own instructions, if there are any for this finding. */
  readonly runbook?: string;
}

/** A link and where it leads, so that nobody has to trust a button. */
export interface Link {
  readonly href: string;
  readonly host: string;
}

export interface ShownResource {
  readonly name: string;
  readonly type: string;
  readonly id: string;
}

/** A labelled line. */
export interface Labelled {
  readonly label: string;
  readonly value: string;
}

/** Everything a message says: cleaned and bounded, not yet escaped. Each channel shows of it what fits. */
export interface MessageContent {
  readonly severity: Severity;
  readonly sample: boolean;
  readonly why: Why;
  readonly title: string;
  /** Who reports it and what it is called there. */
  readonly source: string;
  readonly account: { readonly id: string; readonly name?: string; readonly path: string };
  readonly region: string;
  readonly resources: readonly ShownResource[];
  /** How many more resources there are. */
  readonly moreResources: number;
  readonly description: string;
  readonly facts: readonly Labelled[];
  readonly remediation: { readonly text: string; readonly link?: Link };
  /** What to follow: the team's own instructions, else the finding's link. */
  readonly runbook?: Link;
  /** First seen, last update, how often. */
  readonly timeline: readonly Labelled[];
  readonly console?: Link;
  /** What became of it; empty where nothing was done or decided. */
  readonly outcome: string;
  /** What can be decided about it by a press. */
  readonly actions: readonly AlertAction[];
  readonly findingId: string;
  readonly episode: string;
  /** Whether the finding said more than its bounds allow. */
  readonly cut: boolean;
}

/** Resources that are shown in full: more than that is read in the console. */
const RESOURCES_SHOWN = 3;
/** Bounds in characters. Those of the finding's own fields are the ones it promises, so a finding that keeps its promise is not cut here. */
const BOUNDS = { title: 256, text: 1_024, fact: 512, facts: 20, label: 64, id: 1_024, name: 256, type: 128, path: 256 };

const line = (text: string, limit: number): string => clip(cleanLine(text), limit);

function link(url: string | undefined): Link | undefined {
  const href = httpsLink(url);
  return href === undefined ? undefined : { href, host: line(new URL(href).host, BOUNDS.label) };
}

/** When it was seen, and how often; of a change, when it was made. */
function timelineOf({ finding, seen }: Alert): Labelled[] {
  const at = (label: string, time: string): Labelled => ({ label, value: line(inWords(time), BOUNDS.label) });
  if (finding.origin === "security-group") {
    return [at("When", finding.firstSeen)];
  }
  return [
    at("First seen", finding.firstSeen),
    at("Last update", finding.updatedAt),
    finding.count === undefined ? { label: "Reported", value: times(seen) } : { label: "Seen", value: times(finding.count) },
  ];
}

/** GuardDuty's own mark of a sample; messages have clearer ones. */
const withoutSampleMark = (title: string): string => title.replace(/^\[SAMPLE\]\s*/i, "");

/** Decides what a message says. */
export function messageContent({ alert, account, runbook, ...reminder }: MessageInput): MessageContent {
  const { finding } = alert;
  const why = whySent(alert, reminder);
  const name = line(account.name ?? finding.accountName ?? "", BOUNDS.name);
  const kind = line(finding.kind, BOUNDS.name);
  const title = line(finding.sample ? withoutSampleMark(finding.title) : finding.title, BOUNDS.title);
  return {
    severity: finding.severity,
    sample: finding.sample,
    why: { word: why.word, sentence: line(why.sentence, BOUNDS.fact) },
    title: title || kind || "A finding without a title",
    source: [ORIGIN_NAMES[finding.origin], kind].filter(Boolean).join(" · "),
    account: {
      id: line(account.id, BOUNDS.label),
      ...(name === "" || name === account.id ? {} : { name }),
      path: line((account.path ?? []).map(cleanLine).join(" › "), BOUNDS.path),
    },
    region: line(finding.region, BOUNDS.label),
    resources: finding.resources.slice(0, RESOURCES_SHOWN).map((resource) => ({
      name: line(resource.name, BOUNDS.name) || line(resource.id, BOUNDS.name),
      type: line(resource.type, BOUNDS.type),
      id: line(resource.id, BOUNDS.id),
    })),
    moreResources: Math.max(0, finding.resources.length - RESOURCES_SHOWN),
    description: clip(cleanText(finding.description), BOUNDS.text),
    facts: finding.facts
      .slice(0, BOUNDS.facts)
      .map(({ label, value }) => ({ label: line(label, BOUNDS.label), value: line(value, BOUNDS.fact) }))
      .filter(({ value }) => value !== ""),
    remediation: { text: clip(cleanText(finding.remediation.text ?? ""), BOUNDS.text), link: link(finding.remediation.url) },
    runbook: link(runbook) ?? link(finding.remediation.url),
    timeline: timelineOf(alert),
    console: link(finding.consoleUrl),
    outcome: line(alert.outcome ?? "", BOUNDS.fact),
    actions: alert.actions ?? [],
    findingId: line(finding.id, BOUNDS.id),
    episode: line(alert.episode, BOUNDS.name),
    cut:
      finding.facts.length > BOUNDS.facts ||
      [finding.description, finding.remediation.text ?? ""].some((text) => text.length > BOUNDS.text),
  };
}

/** What a person has to know of a mail that only tests the wiring. */
export const SAMPLE_NOTE = "This is a sample finding, sent to show that the wiring works. Nothing happened and nothing needs to be done.";
/** What stands where the mail would have become too long. */
export const CUT_NOTE = "Cut here; the whole finding is in the console.";
