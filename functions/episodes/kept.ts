import { gunzipSync, gzipSync } from "node:zlib";
import type { Finding } from "../finding";

/** Bytes of a finding that are kept at most: each write pays for its record by the kilobyte. A usual finding takes one. */
const MOST_BYTES = 6_144;

/** Characters of a text that has to be shortened. */
const SHORT = 200;

const short = (text: string): string => (text.length > SHORT ? `${text.slice(0, SHORT).replace(/[\uD800-\uDBFF]$/, "")}…` : text);

/** What a finding that is too large goes without, one thing after the other: what is read elsewhere first, tags last, because mutes and routes go by them. */
const SHORTENINGS: readonly ((finding: Finding) => Finding)[] = [
  (finding) => ({
    ...finding,
    description: short(finding.description),
    facts: finding.facts.map(({ label, value }) => ({ label, value: short(value) })),
    remediation: { ...finding.remediation, ...(finding.remediation.text !== undefined && { text: short(finding.remediation.text) }) },
  }),
  (finding) => ({ ...finding, facts: finding.facts.slice(0, 5) }),
  (finding) => ({ ...finding, resources: finding.resources.slice(0, 3) }),
  (finding) => ({ ...finding, resources: finding.resources.map((resource) => ({ ...resource, tags: {} })) }),
];

/** A whole finding in few bytes, for a record that has to tell of it later; shortened where it is very large, undefined where even that does not help. */
export function keptOf(finding: Finding): Uint8Array | undefined {
  let shorter = finding;
  let kept = gzipped(shorter);
  for (const shorten of SHORTENINGS) {
    if (kept.length <= MOST_BYTES) {
      break;
    }
    shorter = shorten(shorter);
    kept = gzipped(shorter);
  }
  return kept.length <= MOST_BYTES ? kept : undefined;
}

const gzipped = (finding: Finding): Uint8Array => gzipSync(JSON.stringify(finding));

/** Reads what `keptOf` made. Anything else is no finding: a record that others changed is told of by what else it says. */
export function findingIn(kept: unknown): Finding | undefined {
  if (!(kept instanceof Uint8Array)) {
    return undefined;
  }
  try {
    return JSON.parse(gunzipSync(kept).toString()) as Finding;
  } catch {
    return undefined;
  }
}
