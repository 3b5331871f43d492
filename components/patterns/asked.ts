import type { Source } from "../../functions/alert-settings";
import { type Origin, SEVERITIES, type Severity, type Standard, severityRank } from "../../functions/finding";

/** Severities of one origin that are let in under the same conditions. */
export interface Group {
  /** The gravest first. */
  readonly severities: readonly Severity[];
  /** Standards of which one has to hold; absent means any. Only for `securityhub`. */
  readonly standards?: readonly Standard[];
  /**
   * Whether findings whose Workflow is NOTIFIED are let in as well: above the origin's lowest severity, where one that people were told of may have risen.
   * At the lowest they are repeats.
   */
  readonly notified: boolean;
}

/** Severities that any source asks of an origin, the gravest first. */
export const severitiesAsked = (sources: readonly Source[], origin: Origin): readonly Severity[] =>
  [...SEVERITIES]
    .reverse()
    .filter((severity) => sources.some((source) => source.origin === origin && source.severities.includes(severity)));

/**
 * What all sources together ask of an origin. An event has one severity, so no event fits two groups, however the sources overlap:
 * every event is let in once.
 */
export function groupsOf(sources: readonly Source[], origin: Origin): Group[] {
  const ofOrigin = sources.filter((source) => source.origin === origin);
  const asked = severitiesAsked(sources, origin);
  const lowest = asked.at(-1);
  const groups = new Map<string, Group>();
  for (const severity of asked) {
    const standards = standardsOf(ofOrigin.filter(({ severities }) => severities.includes(severity)));
    const notified = lowest !== undefined && severityRank(severity) > severityRank(lowest);
    const key = `${standards?.join() ?? "any"} ${notified}`;
    groups.set(key, { severities: [...(groups.get(key)?.severities ?? []), severity], standards, notified });
  }
  return [...groups.values()];
}

/** Standards that any of the sources names; undefined (any) as soon as one of them names none. */
function standardsOf(sources: readonly Source[]): readonly Standard[] | undefined {
  if (sources.some(({ standards }) => standards === undefined)) {
    return undefined;
  }
  return [...new Set(sources.flatMap(({ standards }) => standards ?? []))].sort();
}
