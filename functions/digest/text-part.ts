import { headed, RULE, section, wrap } from "../mail/lines";
import { counted } from "../message/words";
import type { DigestContent, Listed } from "./content";
import { figuresOf, remarkOn, sentenceOf, severitiesInWords } from "./summary";

const list = <T>(heading: string, { rows, more }: Listed<T>, noun: string, lines: (row: T) => readonly string[]): string[] =>
  section(heading.toUpperCase(), [...rows.flatMap(lines), ...(more > 0 ? wrap(`and ${counted(more, `more ${noun}`)}`) : [])]);

/** Columns of the longest bar. */
const BAR = 40;

/** The plain-text part: the same content as the HTML part. Links are not wrapped, a broken one helps nobody. */
export function digestText(content: DigestContent): string {
  const { period, route, span, severities, accounts, lists, mutes } = content;
  const remark = remarkOn(content);
  const most = Math.max(1, ...severities.map(({ count }) => count));
  const [added, ...others] = lists.map(({ heading, list: found }) =>
    list(heading, found, "finding", ({ severity, title, account, place, when, href }) => [
      ...wrap(`[${severity}] ${title}`),
      ...wrap(`${account} · ${place} · ${when}`, 4),
      ...(href === undefined ? [] : [`    ${href}`]),
    ]),
  );
  return [
    ...headed(`DIGEST (${period})`),
    ...wrap(sentenceOf(content)),
    ...wrap(route),
    ...wrap(span),
    "",
    ...wrap(
      figuresOf(content)
        .map(({ count, word }) => `${count.toLocaleString("en-US")} ${word}`)
        .join(", "),
    ),
    ...(remark === undefined ? [] : wrap(remark)),
    ...section(
      "OPEN BY SEVERITY",
      severities.map(({ severity, count }) => {
        const bar = "#".repeat(Math.max(1, Math.round((count / most) * BAR)));
        return `  ${severity.padEnd(14)}${bar} ${count.toLocaleString("en-US")}`;
      }),
    ),
    ...(added ?? []),
    ...list("Open by account", accounts, "account", ({ name, id, path, open, severities: own }) => [
      ...wrap(`${open.toLocaleString("en-US")} · ${name}${id === undefined ? "" : ` (${id})`}`),
      ...wrap([path, severitiesInWords(own)].filter(Boolean).join(" · "), 4),
    ]),
    ...others.flat(),
    ...list("Mutes", mutes, "mute", ({ reason, owner, about, until, state }) => [
      ...wrap(`${reason} · ${state} · owner ${owner}`),
      ...wrap(`${about}; ${until}`, 4),
    ]),
    "",
    RULE,
    ...wrap(`Sent by tocsin, ${period}.`),
    "",
  ].join("\n");
}
