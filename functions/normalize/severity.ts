import { SEVERITIES, type Severity } from "../finding";
import { number } from "./read";

/**
 * Severity by name. UNTRIAGED is Inspector's "the vendor has not rated it yet", which Security Hub keeps as INFORMATIONAL; FATAL is OCSF's
 * step above Critical.
 */
export function severityByName(value: unknown): Severity | undefined {
  if (typeof value !== "string" || value.length > 32) return undefined;
  const name = value.trim().toUpperCase();
  if (name === "UNTRIAGED") return "INFORMATIONAL";
  if (name === "FATAL") return "CRITICAL";
  return SEVERITIES.find((severity) => severity === name);
}

/** Severity of an ASFF `Normalized` value, 0 to 100 (https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Severity.html). */
export function severityByNormalized(value: unknown): Severity | undefined {
  const normalized = number(value);
  if (normalized === undefined || normalized < 0) return undefined;
  if (normalized >= 90) return "CRITICAL";
  if (normalized >= 70) return "HIGH";
  if (normalized >= 40) return "MEDIUM";
  return normalized >= 1 ? "LOW" : "INFORMATIONAL";
}

/**
 * Severity of a score of 0 to 10: GuardDuty's severity (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html) and the CVSS
 * rating that Inspector uses have the same bands.
 */
export function severityByScore(value: unknown): Severity | undefined {
  const score = number(value);
  if (score === undefined || score < 0) return undefined;
  if (score >= 9) return "CRITICAL";
  if (score >= 7) return "HIGH";
  if (score >= 4) return "MEDIUM";
  return score > 0 ? "LOW" : "INFORMATIONAL";
}

/** Severity of an OCSF `severity_id`; 0 (Unknown) and 99 (Other) are none (https://schema.ocsf.io/1.6.0/objects/finding_info). */
export function severityByOcsfId(value: unknown): Severity | undefined {
  const id = number(value);
  if (id === 6) return "CRITICAL";
  return id !== undefined && Number.isInteger(id) && id >= 1 && id <= 5 ? SEVERITIES[id - 1] : undefined;
}
