import { wrap } from "../mail/lines";
import { SAMPLE_NOTE } from "../message/content";
import type { StormContent } from "../message/storm";

const section = (heading: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ["", heading, ...lines]);

const more = (count: number): string[] => (count > 0 ? [`  and ${count.toLocaleString("en-US")} more`] : []);

/** The plain text about many findings. As in a mail, only our own headings stand at the margin. */
export function stormText(content: StormContent, runbook: string | undefined): string {
  const heading = `${content.sample ? "[SAMPLE] " : ""}${content.severity} storm`;
  return [
    heading,
    "=".repeat(heading.length),
    ...wrap(content.title),
    ...wrap(content.source),
    ...section("WHY YOU GET THIS", wrap(`${content.sample ? `Sample. ${SAMPLE_NOTE} ` : ""}${content.sentence}`)),
    ...section("WHAT HAPPENED", [...wrap(content.about), ...wrap(content.severities), ...wrap(content.between)]),
    ...section("ACCOUNTS", [
      ...content.accounts.flatMap(({ name, id, count }) => wrap(`${name} (${id}): ${count.toLocaleString("en-US")}`)),
      ...more(content.moreAccounts),
    ]),
    ...section("FINDINGS", [
      ...content.findings.flatMap(({ severity, account, region, resource }) => wrap(`${severity} ${account} ${region} ${resource}`)),
      ...more(content.moreFindings),
    ]),
    ...section("ALL FINDINGS", content.list === undefined ? [] : [`  ${content.list}`]),
    ...section("WHAT TO DO", runbook === undefined ? [] : [`  ${runbook}`]),
    "",
    ...wrap(`Episode ${content.episode}`),
    ...wrap("Sent by tocsin."),
    "",
  ].join("\n");
}
