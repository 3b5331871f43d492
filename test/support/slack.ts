import { z } from "zod";
import type { SlackMessage } from "../../functions/slack/message";
import { slackMessageSchema } from "./slack-limits";

/** A button, as a person sees it. */
export interface ShownButton {
  readonly label: string;
  readonly url: string;
}

/** Everything that a person can read in a message, line by line, and press. */
export function shown({ blocks, attachments }: Pick<SlackMessage, "blocks" | "attachments">) {
  const lines: string[] = [];
  const buttons: ShownButton[] = [];
  const all = [...blocks, ...attachments.flatMap((attachment) => attachment.blocks)];
  for (const block of all) {
    if (block.type === "actions") {
      for (const element of block.elements) {
        if (element.type === "button") buttons.push({ label: element.text.text, url: element.url ?? "" });
      }
    } else if (block.type === "rich_text") {
      for (const part of block.elements) {
        lines.push(
          ...part.elements
            .map((one) => ("text" in one ? one.text : one.type === "user" ? `@${one.user_id}` : ""))
            .join("")
            .split("\n"),
        );
      }
    } else if (block.type === "section" || block.type === "header") {
      lines.push(...(block.text?.text ?? "").split("\n"));
    } else if (block.type === "context") {
      lines.push(...block.elements.map((element) => ("text" in element ? element.text : "")));
    }
  }
  return { lines, buttons, colors: attachments.map(({ color }) => color) };
}

/** Why Slack would refuse a message; nothing if it would not. */
export function faultsOf(message: unknown): string {
  const checked = slackMessageSchema.safeParse(message);
  return checked.success ? "" : z.prettifyError(checked.error);
}
