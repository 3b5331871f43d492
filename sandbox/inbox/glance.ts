import type { DeliveryEntry } from "../replay/report";
import { slackGlance } from "./slack-glance";
import { isObject, objects, text, type Values } from "./values";

/** What a message says, as plain text. */
export interface Glance {
  /** What stands at its top. */
  readonly headline: string;
  readonly lines: readonly string[];
  /** What can be pressed. */
  readonly buttons: readonly string[];
}

/** What a delivered message says, whatever carried it. */
export function glanceOf({ kind, payload }: Pick<DeliveryEntry, "kind" | "payload">): Glance {
  switch (kind) {
    case "email":
      return { headline: text(payload.subject), lines: text(payload.text).split("\n"), buttons: [] };
    case "slack":
      return slackGlance(payload);
    case "teams":
      return teamsGlance(payload);
    case "sns":
      return snsGlance(payload);
    case "webhook":
      return { headline: text(isObject(payload.body) ? payload.body.type : ""), lines: [text(payload.raw)], buttons: [] };
  }
}

/** The text for phones says most in least; the others get the default one. */
function snsGlance({ Subject, Message, MessageStructure }: Values): Glance {
  const byProtocol: unknown = MessageStructure === "json" ? JSON.parse(text(Message)) : { default: Message };
  const { sms, default: usual } = isObject(byProtocol) ? byProtocol : {};
  return {
    headline: text(Subject) || (text(usual).split("\n")[0] ?? ""),
    lines: [...(text(sms) === "" ? [] : [`SMS: ${text(sms)}`]), ...text(usual).split("\n")],
    buttons: [],
  };
}

/** The texts of an Adaptive Card in the order of reading: https://adaptivecards.io/explorer */
function teamsGlance({ attachments }: Values): Glance {
  const cards = objects(attachments).flatMap(({ content }) => (isObject(content) ? [content] : []));
  const [headline = "", ...lines] = cards.flatMap((card) => objects(card.body).flatMap(linesOf)).filter((line) => line !== "");
  const actions = cards.flatMap((card) => [
    ...objects(card.actions),
    ...objects(card.body).flatMap(({ actions: inner }) => objects(inner)),
  ]);
  return { headline, lines, buttons: actions.map(({ title }) => text(title)) };
}

function linesOf(element: Values): string[] {
  if (element.type === "FactSet") {
    return objects(element.facts).map(({ title, value }) => `${text(title)}: ${text(value)}`);
  }
  const inner = ["items", "columns", "inlines", "rows", "cells", "body"].flatMap((field) => objects(element[field]));
  return inner.length > 0 ? inner.flatMap(linesOf) : text(element.text).split("\n");
}
