import type { RichTextText } from "@slack/types";
import type { Alert, StormSummary } from "../alert";
import { clip } from "../message/clean";
import { type Link, SAMPLE_NOTE } from "../message/content";
import { type StormContent, stormContent } from "../message/storm";
import type { Room } from "./fit";
import { look, type SlackMessage, slackMessage } from "./message";
import { header, labelled, lines, links, paragraph, smallPrint, soft, strong } from "./objects";

/** Accounts and findings that are shown; the list behind the button has all of them. */
const ACCOUNTS_SHOWN = 10;
const FINDINGS_SHOWN = 12;

const number = (count: number): string => count.toLocaleString("en-US");

/** `**1,204**  payments · 333333333333`, a line an account. */
function accountLines({ accounts, accountCount, count }: StormContent, room: Room): RichTextText[][] {
  const shown = accounts.slice(0, Math.min(ACCOUNTS_SHOWN, room.rows));
  const left = count - shown.reduce((sum, account) => sum + account.count, 0);
  const more = accountCount - shown.length;
  return [
    ...shown.map(({ name, id, count: findings }) =>
      labelled(number(findings), name === id ? id : `${clip(name, room.name)} · ${clip(id, room.name)}`),
    ),
    left > 0 && more > 0 ? labelled(number(left), `in ${number(more)} more account${more === 1 ? "" : "s"}`) : [],
  ];
}

function findingLines({ findings, count }: StormContent, room: Room): string {
  const shown = findings.slice(0, room.rows);
  const left = count - shown.length;
  return [
    "The gravest of them:",
    ...shown.map(({ severity, account, region, resource }) =>
      [severity, clip(account, room.name), clip(region, room.name), clip(resource, room.value)].filter((part) => part !== "").join(" · "),
    ),
    ...(left > 0 ? [`and ${number(left)} more in the list`] : []),
  ].join("\n");
}

/** Many findings of one kind as one message: how many, how grave, where, and the way to all of them. */
export function stormMessage(alert: Alert, storm: StormSummary, runbook: Link | undefined, room: Room): SlackMessage {
  const content = stormContent({ alert, storm }, FINDINGS_SHOWN);
  const { color, sign } = look(content.severity, content.sample);
  const heading = `${content.sample ? "[SAMPLE] " : ""}${content.severity} · ${content.title}`;
  const list = content.list === undefined ? undefined : { href: content.list, host: new URL(content.list).host };
  return slackMessage(
    `${heading}: ${content.about}`,
    [
      header(`${sign} ${heading}`),
      lines(
        strong(clip(content.about, room.title)),
        content.sample ? soft(SAMPLE_NOTE) : [],
        labelled("Severities", content.severities),
        labelled("Seen", content.between),
        labelled("Why you get this", content.sentence),
        strong("Findings by account"),
        ...accountLines(content, room),
      ),
      ...links({ list, runbook }),
    ],
    color,
    [paragraph(findingLines(content, room)), smallPrint(`${clip(content.source, room.id)} · episode ${clip(content.episode, room.name)}`)],
  );
}
