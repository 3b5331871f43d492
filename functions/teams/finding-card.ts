import type { Alert } from "../alert";
import { clip } from "../message/clean";
import { CUT_NOTE, type Labelled, type MessageContent } from "../message/content";
import { banner } from "./banner";
import { type Element, factSet, heading, line, opens, paragraphs, run, words } from "./elements";
import type { Room } from "./room";

/** What stands in a card, and its buttons. */
export interface Card {
  readonly body: readonly Element[];
  readonly actions: readonly Element[];
}

function resources({ resources: all, moreResources }: MessageContent, room: Room): Labelled[] {
  const shown = all.slice(0, room.resources);
  const more = moreResources + all.length - shown.length;
  return [
    ...shown.flatMap(({ name, type, id }) => [
      { label: "Resource", value: type === "" ? clip(name, room.id) : `${clip(name, room.id)} (${clip(type, room.id)})` },
      ...(id === name ? [] : [{ label: "Id", value: clip(id, room.id) }]),
    ]),
    ...(more > 0 ? [{ label: "", value: `and ${more} more` }] : []),
  ];
}

/** `payments (333333333333, Production › Payments)`. */
function accountInWords({ account: { name, id, path } }: MessageContent, room: Room): string {
  const rest = [...(name === undefined ? [] : [id]), ...(path === "" ? [] : [clip(path, room.id)])].join(", ");
  return `${clip(name ?? id, room.id)}${rest === "" ? "" : ` (${rest})`}`;
}

const place = (content: MessageContent, room: Room): Labelled[] =>
  [
    { label: "Account", value: accountInWords(content, room) },
    { label: "Region", value: content.region },
    ...resources(content, room),
  ].filter(({ value }) => value !== "");

const limited = (facts: readonly Labelled[], room: Room): Labelled[] =>
  facts.slice(0, room.facts).map(({ label, value }) => ({ label, value: clip(value, room.value) }));

const section = (title: string, elements: readonly Element[]): Element[] => (elements.length === 0 ? [] : [heading(title), ...elements]);

/** What happened and what to do about it: of no interest once it is over. */
const details = (content: MessageContent, room: Room): Element[] => [
  ...section("What happened", [...paragraphs(clip(content.description, room.text)), ...factSet(limited(content.facts, room))]),
  ...section("What to do", paragraphs(clip(content.remediation.text, room.text))),
  ...(content.cut || room.cut ? [words(CUT_NOTE, { isSubtle: true, size: "Small" })] : []),
];

/** The card about one finding. */
export function findingCard(content: MessageContent, { reason }: Alert, room: Room): Card {
  const { severity, sample, why, title, source, timeline } = content;
  const resolved = reason === "resolved";
  return {
    body: [
      ...banner({ severity, sample, word: why.word, resolved }),
      line([run(`${sample ? "[SAMPLE] " : ""}${title}`, { size: "Large", weight: "Bolder" })]),
      line([run(source, { isSubtle: true })], { spacing: "None" }),
      line([run(`${why.word}. `, { weight: "Bolder" }), run(why.sentence)], { spacing: "Medium" }),
      ...factSet([...place(content, room), ...timeline]),
      ...(resolved ? [] : details(content, room)),
      line([run(`Finding ${clip(content.findingId, room.id)}`, { size: "Small", isSubtle: true })], { separator: true, spacing: "Medium" }),
      line([run(`Episode ${content.episode}`, { size: "Small", isSubtle: true })], { spacing: "None" }),
    ],
    actions: [...opens("Open in the AWS console", content.console?.href), ...(resolved ? [] : opens("Runbook", content.runbook?.href))],
  };
}
