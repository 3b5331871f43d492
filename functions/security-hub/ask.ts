import { type AwsSecurityFinding, GetFindingsCommand, type SecurityHubClient } from "@aws-sdk/client-securityhub";
import { messageOf } from "../log";

/** Values that a filter of GetFindings takes for one attribute. */
export const IDS_AT_ONCE = 20;

/** Milliseconds between two calls: GetFindings allows three a second for the whole account. */
const PACE = 400;

/** What Security Hub said about one batch of finding ids. */
export type Answer =
  | { readonly ids: readonly string[]; readonly findings: readonly AwsSecurityFinding[] }
  | { readonly ids: readonly string[]; readonly failure: string };

/** Sleeps for some milliseconds. */
export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Asks Security Hub for findings by id: 20 ids a call, all pages, paced. A batch that fails is answered as failed; the others go on. */
export async function* askByIds(client: SecurityHubClient, ids: readonly string[]): AsyncGenerator<Answer> {
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const batch = ids.slice(start, start + IDS_AT_ONCE);
    try {
      yield { ids: batch, findings: await allPages(client, batch) };
    } catch (error) {
      yield { ids: batch, failure: messageOf(error) };
    }
  }
}

async function allPages(client: SecurityHubClient, ids: readonly string[]): Promise<AwsSecurityFinding[]> {
  const findings: AwsSecurityFinding[] = [];
  let next: string | undefined;
  do {
    const page = await client.send(
      new GetFindingsCommand({ Filters: { Id: ids.map((Value) => ({ Value, Comparison: "EQUALS" })) }, MaxResults: 100, NextToken: next }),
    );
    findings.push(...(page.Findings ?? []));
    next = page.NextToken;
    await pause(PACE);
  } while (next !== undefined);
  return findings;
}
