import { SAMPLE_NOTE } from "../message/content";
import { headed, labelled, RULE, section, wrap } from "./lines";
import type { StormMail } from "./storm-part";

/** Findings that the plain-text part names. */
const SHOWN = 100;

/** The plain-text part of the mail about a storm: the same content as the HTML part. */
export function stormText({
  storm,
  advice,
}: {
  readonly storm: StormMail["storm"];
  readonly advice: Pick<StormMail["advice"], "runbook">;
}): string {
  const { severity, sample, title, source, sentence, about, severities, between, accounts, moreAccounts, count, list, episode } = storm;
  const findings = storm.findings.slice(0, SHOWN);
  const left = count - findings.length;
  return [
    ...headed(`${sample ? "SAMPLE - " : ""}${severity} - STORM`),
    ...wrap(title),
    ...wrap(source),
    ...section("WHY YOU GET THIS", wrap(`${sample ? `Sample. ${SAMPLE_NOTE} ` : ""}${sentence}`)),
    ...section("WHAT AND WHEN", [...labelled("What", about), ...labelled("Severities", severities), ...labelled("Between", between)]),
    ...section("THE FULL LIST", list === undefined ? [] : [`  ${list}`]),
    ...section("WHAT TO DO", advice.runbook === undefined ? [] : [`  ${advice.runbook.href}`]),
    ...section("FINDINGS BY ACCOUNT", [
      ...accounts.flatMap((place) =>
        labelled(place.count.toLocaleString("en-US"), place.name === place.id ? place.id : `${place.name} (${place.id})`),
      ),
      ...(moreAccounts > 0 ? wrap(`and ${moreAccounts.toLocaleString("en-US")} more accounts`) : []),
    ]),
    ...section("FINDINGS", [
      ...findings.flatMap((finding) => [
        ...wrap(finding.resource),
        ...wrap(`${finding.severity} · ${finding.account} · ${finding.region}`, 4),
      ]),
      ...(left > 0 ? ["", ...wrap(`and ${left.toLocaleString("en-US")} more findings in the full list`)] : []),
    ]),
    "",
    RULE,
    ...wrap(episode),
    ...wrap("Sent by tocsin."),
    "",
  ].join("\n");
}
