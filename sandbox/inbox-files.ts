import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { glanceOf } from "./inbox/glance";
import { slackPage } from "./inbox/slack-page";
import type { DeliveryEntry } from "./replay/report";
import { UsageError } from "./usage-error";

/** Makes the folder that messages are to be saved in. @throws UsageError if that cannot be done */
export function makeInbox(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new UsageError(`cannot make the folder ${folder}: ${(error as Error).message}`);
  }
}

/** Saves all messages, named by their order and headline: mails and Slack's as pages to look at, all others as what was sent. Answers how many. */
export function saveMessages(folder: string, deliveries: readonly DeliveryEntry[]): number {
  for (const [index, delivery] of deliveries.entries()) {
    const { ending, content } = fileOf(delivery);
    const headline = glanceOf(delivery)
      .headline.replaceAll(/[^A-Za-z0-9]+/g, "-")
      .replaceAll(/^-|-$/g, "")
      .slice(0, 60);
    const name = [String(index + 1).padStart(2, "0"), ...(delivery.kind === "email" ? [] : [delivery.kind]), headline].filter(Boolean);
    writeFileSync(join(folder, `${name.join("-")}.${ending}`), content);
  }
  return deliveries.length;
}

function fileOf(delivery: DeliveryEntry): { readonly ending: string; readonly content: string } {
  const { kind, payload } = delivery;
  switch (kind) {
    case "email":
      return { ending: "html", content: String(payload.html) };
    case "slack":
      return { ending: "html", content: slackPage(delivery) };
    default:
      return { ending: "json", content: `${JSON.stringify(payload, undefined, 2)}\n` };
  }
}
