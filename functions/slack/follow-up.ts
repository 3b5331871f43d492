import type { RichTextText } from "@slack/types";
import { clip } from "../message/clean";
import type { MessageContent } from "../message/content";
import { decisions } from "./buttons";
import { accountName, place, summary } from "./finding";
import type { Room } from "./fit";
import { look, RESOLVED, type SlackMessage, slackMessage } from "./message";
import { labelled, lines, links, normal, onOneLine, type Part, strong, strongSentence } from "./objects";

/** What may have changed since the channel was last told; when it was first seen stands in the thread's first message. */
const changes = ({ timeline }: MessageContent): RichTextText[] =>
  onOneLine(timeline.filter(({ label }) => label !== "First seen" && label !== "When"));

/** Why, or what became of it. */
const sentence = ({ why, outcome }: MessageContent): Part[] => (outcome === "" ? normal(why.sentence) : strongSentence(outcome));

/** A reply in the thread of the episode's first message: why, and what changed; not the whole again. */
export function replyMessage(content: MessageContent, room: Room): SlackMessage {
  const { severity, sample, why } = content;
  const { color, sign } = look(severity, sample);
  return slackMessage(
    summary(content, why.word),
    [
      lines(
        [
          ...strong(`${sign} ${sample ? "[SAMPLE] " : ""}${severity} · ${why.word} · ${accountName(content)}: `),
          ...normal(clip(content.title, room.title)),
        ],
        sentence(content),
        changes(content),
      ),
    ],
    color,
    links({ console: content.console }),
  );
}

/** That it is over. In a thread the message above says of what; without threads the message has to say so itself. */
export function resolvedMessage(content: MessageContent, inThread: boolean, room: Room): SlackMessage {
  const { severity, sample, why } = content;
  return slackMessage(
    summary(content, why.word),
    [
      lines(
        [
          ...strong(`${RESOLVED.sign} ${sample ? "[SAMPLE] " : ""}Resolved · ${accountName(content)}: `),
          ...normal(clip(content.title, room.title)),
        ],
        sentence(content),
        ...(inThread ? [] : [labelled("Severity", severity), ...place(content, room)]),
      ),
      // In a thread the first message has them.
      ...(inThread ? [] : decisions(content.actions)),
    ],
    RESOLVED.color,
    inThread ? [] : links({ console: content.console }),
  );
}
