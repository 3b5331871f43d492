import type { RichTextText } from "@slack/types";
import { clip } from "../message/clean";
import { CUT_NOTE, type Labelled, type MessageContent, SAMPLE_NOTE } from "../message/content";
import { decisions } from "./buttons";
import type { Room } from "./fit";
import { look, RESOLVED, type SlackMessage, slackMessage } from "./message";
import { code, header, labelled, lines, links, onOneLine, paragraph, smallPrint, soft, strong, strongSentence } from "./objects";

/** Longest name of an account in a heading: what a phone shows without folding. */
const LONGEST_NAME = 60;

/** What people call the account, else its number. */
export const accountName = ({ account }: MessageContent): string => clip(account.name ?? account.id, LONGEST_NAME);

const sampleMark = ({ sample }: MessageContent): string => (sample ? "[SAMPLE] " : "");

const joined = (parts: readonly (string | undefined)[], limit: number): string =>
  parts
    .filter((part) => part !== undefined && part !== "")
    .map((part) => clip(part ?? "", limit))
    .join(" · ");

function resourceLines({ resources, moreResources }: MessageContent, room: Room): RichTextText[][] {
  const all = resources.flatMap(({ name, type, id }) => [
    labelled("Resource", joined([name, type], room.name)),
    id === name ? [] : code(clip(id, room.id)),
  ]);
  return moreResources > 0 ? [...all, soft(`and ${moreResources} more`)] : all;
}

/** Where: account, Region and resources. */
export const place = (content: MessageContent, room: Room): RichTextText[][] => [
  onOneLine([
    { label: "Account", value: joined([content.account.name, content.account.id, content.account.path], room.name) },
    { label: "Region", value: clip(content.region, room.name) },
  ]),
  ...resourceLines(content, room),
];

/** What happened, as far as the resources do not say it already, and when. */
function happened({ facts, timeline, resources }: MessageContent, room: Room): RichTextText[][] {
  const isSaid = ({ value }: Labelled): boolean => resources.some(({ id, name }) => name === value || id.split(/[/:]/).at(-1) === value);
  const told = facts.filter((fact) => !isSaid(fact)).slice(0, room.rows);
  return [...told.map(({ label, value }) => labelled(clip(label, room.name), clip(value, room.value))), onOneLine(timeline)];
}

/** What the whole message says in a line. */
export function summary(content: MessageContent, word: string): string {
  const reason = word === "New" ? "" : `${word} · `;
  return `${sampleMark(content)}${content.severity} · ${reason}${accountName(content)}: ${content.title}`;
}

/** A finding in full. On top how bad, what, where and who, and what to press; beside the bar what there is to read. */
export function findingMessage(content: MessageContent, room: Room): SlackMessage {
  const { severity, sample, why, description, remediation } = content;
  const { color, sign } = why.word === "Resolved" ? RESOLVED : look(severity, sample);
  const reason = why.word === "New" ? [] : [why.word];
  return slackMessage(
    summary(content, why.word),
    [
      header(`${sign} ${[`${sampleMark(content)}${severity}`, ...reason, accountName(content)].join(" · ")}`),
      lines(
        strongSentence(content.outcome),
        strong(`${sampleMark(content)}${clip(content.title, room.title)}`),
        sample ? soft(SAMPLE_NOTE) : [],
        ...place(content, room),
        ...happened(content, room),
        content.outcome === "" ? labelled("Why you get this", `${why.word}. ${why.sentence}`) : [],
      ),
      ...decisions(content.actions),
      ...links(content, content.actions.length === 0),
    ],
    color,
    [
      ...(description === "" ? [] : [paragraph(clip(description, room.description))]),
      ...(remediation.text === "" ? [] : [paragraph(`What to do: ${clip(remediation.text, room.description)}`)]),
      ...(room.cut || content.cut ? [paragraph(CUT_NOTE)] : []),
      smallPrint(
        `${clip(content.source, room.id)} · finding ${clip(content.findingId, room.id)} · episode ${clip(content.episode, room.name)}`,
      ),
    ],
  );
}
