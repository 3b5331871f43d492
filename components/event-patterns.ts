import type { Source } from "../functions/alert-settings";
import type { Severity } from "../functions/finding";
import { type Group, groupsOf, severitiesAsked } from "./patterns/asked";
import { asffControl, ocsfControl } from "./patterns/controls";
import { asffCopy, guardDuty, inspector, ocsfCopy } from "./patterns/threats";
import { unreadableAsff, unreadableGuardDuty, unreadableInspector, unreadableOcsf } from "./patterns/unreadable";

/** An EventBridge rule's pattern. */
export interface NamedPattern {
  /** Short name, at most 57 characters, for example `guardduty-critical-high`. */
  readonly name: string;
  /** What it lets in, for people. */
  readonly description: string;
  /** JSON, at most 2,048 characters. */
  readonly pattern: string;
}

/** Longest pattern that EventBridge takes, in characters: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const PATTERN_LIMIT = 2048;

const IMPORTED = { source: ["aws.securityhub"], "detail-type": ["Security Hub Findings - Imported"] };
const IMPORTED_V2 = { source: ["aws.securityhub"], "detail-type": ["Findings Imported V2"] };
const GUARDDUTY = { source: ["aws.guardduty"], "detail-type": ["GuardDuty Finding"] };
const INSPECTOR = { source: ["aws.inspector2"], "detail-type": ["Inspector2 Finding"] };

/** Origins that publish findings of their own, which Security Hub copies. */
const THREATS = ["guardduty", "inspector"] as const;

/**
 * Patterns for what Security Hub publishes in the home Region: controls, and its copies of GuardDuty's and Inspector's findings, in both of its formats. They
 * let a little more through than was asked for where a pattern cannot tell, and never the same event twice.
 */
export function securityHubPatterns(sources: readonly Source[]): NamedPattern[] {
  const origins = (["securityhub", ...THREATS] as const).filter((origin) => sources.some((source) => source.origin === origin));
  const controls = groupsOf(sources, "securityhub");
  return [
    ...perGroup("securityhub", "Failed controls", controls, (group) => ({ ...IMPORTED, detail: asffControl(group) })),
    ...perGroup("securityhub-ocsf", "Failed controls (OCSF)", controls, (group) => ({ ...IMPORTED_V2, detail: ocsfControl(group) })),
    ...THREATS.flatMap((origin) => {
      const groups = groupsOf(sources, origin);
      const what = `Security Hub's copies of ${origin} findings`;
      return [
        ...perGroup(`${origin}-copy`, what, groups, (group) => ({ ...IMPORTED, detail: asffCopy(origin, group) })),
        ...perGroup(`${origin}-ocsf`, `${what} (OCSF)`, groups, (group) => ({ ...IMPORTED_V2, detail: ocsfCopy(origin, group) })),
      ];
    }),
    ...(origins.length === 0
      ? []
      : [
          unreadable("imported", { ...IMPORTED, detail: unreadableAsff(origins) }),
          unreadable("ocsf", { ...IMPORTED_V2, detail: unreadableOcsf(origins) }),
        ]),
  ];
}

/** Patterns for what GuardDuty and Inspector publish themselves, in each Region. */
export function regionalPatterns(sources: readonly Source[]): NamedPattern[] {
  const scores = severitiesAsked(sources, "guardduty");
  const words = severitiesAsked(sources, "inspector");
  return [
    ...(scores.length === 0
      ? []
      : [
          {
            name: "guardduty",
            description: `GuardDuty: ${scores.join(", ")}`,
            pattern: JSON.stringify({ ...GUARDDUTY, detail: guardDuty(scores) }),
          },
          unreadable("guardduty", { ...GUARDDUTY, detail: unreadableGuardDuty() }),
        ]),
    ...(words.length === 0
      ? []
      : [
          {
            name: "inspector",
            description: `Inspector: ${words.join(", ")}`,
            pattern: JSON.stringify({ ...INSPECTOR, detail: inspector(words) }),
          },
          unreadable("inspector", { ...INSPECTOR, detail: unreadableInspector() }),
        ]),
  ];
}

const unreadable = (name: string, pattern: object): NamedPattern => ({
  name: `unreadable-${name}`,
  description: "Events that no filter understands: triage reads them or dead-letters them",
  pattern: JSON.stringify(pattern),
});

function perGroup(name: string, what: string, groups: readonly Group[], patternOf: (group: Group) => object): NamedPattern[] {
  return groups.flatMap((group) =>
    withinLimit(group.severities, (severities) => JSON.stringify(patternOf({ ...group, severities }))).map(({ severities, pattern }) => ({
      name: `${name}-${severities.map(shortName).join("-")}`,
      description: `${what}: ${severities.join(", ")}`,
      pattern,
    })),
  );
}

/**
 * Spreads severities over as many patterns as it takes to keep each within the limit.
 * @throws RangeError if a single severity does not fit.
 */
export function withinLimit(
  severities: readonly Severity[],
  make: (severities: readonly Severity[]) => string,
  limit = PATTERN_LIMIT,
): { readonly severities: readonly Severity[]; readonly pattern: string }[] {
  const pattern = make(severities);
  if (pattern.length <= limit) {
    return [{ severities, pattern }];
  }
  if (severities.length < 2) {
    throw new RangeError(`the event pattern for ${severities.join()} has ${pattern.length} characters, but EventBridge takes ${limit}`);
  }
  const half = Math.ceil(severities.length / 2);
  return [severities.slice(0, half), severities.slice(half)].flatMap((part) => withinLimit(part, make, limit));
}

const shortName = (severity: Severity): string => (severity === "INFORMATIONAL" ? "info" : severity.toLowerCase());
