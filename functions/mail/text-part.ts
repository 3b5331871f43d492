import { CUT_NOTE, type MessageContent, SAMPLE_NOTE } from "../message/content";
import { headed, labelled, RULE, section, wrap } from "./lines";

function place({ account, region }: MessageContent): string[] {
  return [
    ...labelled("Account", account.name === undefined ? account.id : `${account.name} (${account.id})`),
    ...(account.path === "" ? [] : labelled("", account.path)),
    ...(region === "" ? [] : labelled("Region", region)),
  ];
}

/** Ids stand on lines of their own, as far left as can be: they are there to be copied. */
function resources({ resources: shown, moreResources }: MessageContent): string[] {
  const lines = shown.flatMap(({ name, type, id }) => [
    ...wrap(type === "" ? name : `${name} (${type})`),
    ...(id === name ? [] : wrap(id, 4)),
  ]);
  return moreResources > 0 ? [...lines, `  and ${moreResources} more`] : lines;
}

/** The plain-text part: the same content as the HTML part. Links are not wrapped, a broken one helps nobody. */
export function textPart(content: MessageContent): string {
  const { description, facts, remediation, runbook, timeline } = content;
  return [
    ...headed(`${content.sample ? "SAMPLE - " : ""}${content.severity}`),
    ...wrap(content.title),
    ...wrap(content.source),
    ...section("WHY YOU GET THIS", wrap(`${content.sample ? `Sample. ${SAMPLE_NOTE} ` : ""}${content.why.word}. ${content.why.sentence}`)),
    ...section("WHERE AND WHEN", [...place(content), ...timeline.flatMap(({ label, value }) => labelled(label, value))]),
    ...section(content.resources.length + content.moreResources > 1 ? "RESOURCES" : "RESOURCE", resources(content)),
    ...section("WHAT HAPPENED", [
      ...(description === "" ? [] : wrap(description)),
      ...(description === "" || facts.length === 0 ? [] : [""]),
      ...facts.flatMap(({ label, value }) => labelled(label, value)),
      ...(content.cut ? wrap(CUT_NOTE) : []),
    ]),
    ...section("WHAT TO DO", [
      ...(remediation.text === "" ? [] : wrap(remediation.text)),
      ...(runbook === undefined ? [] : [`  ${runbook.href}`]),
    ]),
    ...section("OPEN IN THE AWS CONSOLE", content.console === undefined ? [] : [`  ${content.console.href}`]),
    "",
    RULE,
    ...wrap(`Finding ${content.findingId}`),
    ...wrap(`Episode ${content.episode}`),
    ...wrap("Sent by tocsin."),
    "",
  ].join("\n");
}
