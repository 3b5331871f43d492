import { type MessageContent, type MessageInput, messageContent } from "../message/content";
import { findingMessage } from "./finding";
import { withinLimits } from "./fit";
import { replyMessage, resolvedMessage } from "./follow-up";
import type { SlackMessage } from "./message";
import { stormMessage } from "./storm";

/** What there is to say to Slack, and where. */
export interface SlackInput extends MessageInput {
  /** Whether it is said in the thread of the episode's first message. */
  readonly inThread: boolean;
  /** Whether it is said by an app that hears of presses: only its messages have buttons that decide. */
  readonly pressable?: boolean;
}

/** The message of an alert, within Slack's limits. Pure: the same input makes the same message. */
export function renderSlack({ inThread, pressable = false, ...input }: SlackInput): SlackMessage {
  const { alert } = input;
  const { storm, reason } = alert;
  const content = contentOf(input, pressable);
  return withinLimits((room) => {
    if (storm !== undefined) {
      return stormMessage(alert, storm, content.runbook, room);
    }
    if (reason === "resolved") {
      return resolvedMessage(content, inThread, room);
    }
    return inThread ? replyMessage(content, room) : findingMessage(content, room);
  });
}

/** The first message of an episode as it has to read now: in full, with what became of it on top. Only apps can rewrite theirs. */
export function renderFirst(input: MessageInput): SlackMessage {
  const content = contentOf(input, true);
  return withinLimits((room) => findingMessage(content, room));
}

function contentOf(input: MessageInput, pressable: boolean): MessageContent {
  const content = messageContent(input);
  return pressable ? content : { ...content, actions: [] };
}
