import { type Duration, durationMilliseconds } from "./duration";
import type { Finding, Origin, Severity, Standard } from "./finding";

/** One kind of finding that the team wants to hear of. */
export interface Source {
  readonly origin: Origin;
  /** Only for `securityhub`: absent means any standard. */
  readonly standards?: readonly Standard[];
  readonly severities: readonly Severity[];
}

/** `tocsin:alerts` of the settings, as the functions get it. */
export interface AlertSettings {
  readonly sources: readonly Source[];
  /** Period after which an unresolved finding is told again; absent severities are never reminded. */
  readonly remind: Readonly<Partial<Record<Severity, Duration>>>;
  /** How long a finding has to stay unresolved before it is told; absent severities are told at once. */
  readonly wait: Readonly<Partial<Record<Severity, Duration>>>;
  readonly writeBack: boolean;
  /** How long after its last event a GuardDuty or Inspector episode counts as over. */
  readonly forget: Duration;
}

/** Whether any source asks for this finding: the edge lets a little more through than was asked for. */
export function isAskedFor(settings: AlertSettings, finding: Finding): boolean {
  return settings.sources.some(
    (source) =>
      source.origin === finding.origin &&
      source.severities.includes(finding.severity) &&
      (source.standards === undefined || source.standards.some((standard) => finding.standards.includes(standard))),
  );
}

const DAY = 86_400_000;

/**
 * How long a record is kept after its last change, in milliseconds: well beyond everything that may still have to be told of it.
 * DynamoDB's TTL only tidies up; no decision depends on it.
 */
export function recordRetention(settings: AlertSettings): number {
  const periods = [settings.forget, ...Object.values(settings.remind), ...Object.values(settings.wait)].map(durationMilliseconds);
  return 2 * Math.max(...periods) + 90 * DAY;
}
