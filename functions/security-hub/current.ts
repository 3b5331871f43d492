import type { AwsSecurityFinding, SecurityHubClient } from "@aws-sdk/client-securityhub";
import type { EpisodeRecord } from "../episodes/record";
import type { Finding } from "../finding";
import { fromAsff } from "../normalize/asff";
import { readEnvelope } from "../normalize/envelope";
import { NotAFinding } from "../normalize/not-a-finding";
import { askByIds } from "./ask";

/** What Security Hub says about an episode now. */
export type Current =
  /** Still a problem; with the active copies that Security Hub holds, the freshest first. */
  | { readonly state: "active"; readonly findings: readonly Finding[] }
  | { readonly state: "over" }
  /** Security Hub did not answer. */
  | { readonly state: "unknown"; readonly failure: string };

/** The ids by which Security Hub knows (or would know) an episode's findings. */
const idsOf = (record: EpisodeRecord): readonly string[] => (record.origin === "securityhub" ? record.ids : [record.problem]);

/**
 * Whether an episode goes on, from all of its findings that Security Hub holds. A control problem is over when none of them is active, absent counting as
 * not active. GuardDuty and Inspector may keep what Security Hub never had, so absence says nothing there; an inactive copy does.
 */
export function stateOf(record: EpisodeRecord, findings: readonly Finding[]): Current {
  const active = findings.filter(({ state }) => state === "active").sort((a, b) => b.updatedAt.localeCompare(a.updatedAt));
  const isOver = active.length === 0 && (record.origin === "securityhub" || findings.length > 0);
  return isOver ? { state: "over" } : { state: "active", findings: active };
}

/** Asks Security Hub about episodes, 20 finding ids a call, paced; what a failed call was about is `unknown`. */
export async function* currentStates(
  client: SecurityHubClient,
  records: readonly EpisodeRecord[],
): AsyncGenerator<{ readonly record: EpisodeRecord; readonly current: Current }> {
  const found = new Map<string, Finding[]>();
  const failed = new Map<string, string>();
  for await (const answer of askByIds(client, [...new Set(records.flatMap(idsOf))])) {
    if ("failure" in answer) {
      for (const id of answer.ids) {
        failed.set(id, answer.failure);
      }
    } else {
      for (const finding of answer.findings.flatMap(readable)) {
        found.set(finding.id, [...(found.get(finding.id) ?? []), finding]);
      }
    }
  }
  for (const record of records) {
    const failure = idsOf(record)
      .map((id) => failed.get(id))
      .find((reason) => reason !== undefined);
    yield failure === undefined
      ? {
          record,
          current: stateOf(
            record,
            idsOf(record).flatMap((id) => found.get(id) ?? []),
          ),
        }
      : { record, current: { state: "unknown", failure } };
  }
}

/** A finding of GetFindings, read as its event would be. What cannot be read is not ours. */
function readable(finding: AwsSecurityFinding): Finding[] {
  const event = {
    id: "",
    time: finding.UpdatedAt,
    source: "aws.securityhub",
    "detail-type": "Security Hub Findings - Imported",
    detail: { findings: [finding] },
  };
  try {
    return [fromAsff(readEnvelope(event))];
  } catch (error) {
    if (error instanceof NotAFinding) {
      return [];
    }
    throw error;
  }
}
