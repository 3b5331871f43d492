import { line } from "../normalize/bounds";
import { readableDate } from "../normalize/dates";
import type { Silent } from "./silence";

/** Members that a message names; the function's log names all. SNS takes 256 KB, people take less. */
const MOST = 200;

/** What the people who look after tocsin are told of silent members. Plain text; names of accounts are other people's, hence cut to a line. */
export function silenceMessage(silent: readonly Silent[]): { readonly subject: string; readonly text: string } {
  const count = `${silent.length} silent ${silent.length === 1 ? "member" : "members"}`;
  const named = silent.slice(0, MOST).map(({ accountId, name, region, since }) => {
    const account = name === undefined ? accountId : `${line(name, 100)} (${accountId})`;
    return `- ${account}, ${region}: ${since === undefined ? "never heard of" : `silent since ${readableDate(since)}`}`;
  });
  return {
    subject: `tocsin: ${count}`,
    text: [
      "These accounts and Regions send no events to tocsin, so what happens there is not seen:",
      "",
      ...named,
      ...(silent.length > MOST ? [`- and ${silent.length - MOST} more, named in the log of tocsin-heartbeat`] : []),
      "",
      "Why, says `npm run coverage`. Most often: the stack instance of the StackSet failed, or somebody disabled or deleted a rule or role of tocsin there.",
    ].join("\n"),
  };
}
