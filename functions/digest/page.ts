import { LARGEST_HTML, page } from "../mail/page";
import type { DigestContent, Listed } from "./content";
import { digestBody } from "./html-part";

/** Longest lists that are tried, one after the other. Without any, everything is bounded well below the limit. */
const ROWS = [12, 8, 5, 2, 0];

/** The HTML part: whole if it fits, else with shorter lists, each of which says how many are missing, and a note. */
export function digestPage(content: DigestContent, subject: string): string {
  const whole = (shown: DigestContent, isCut: boolean): string => page(subject, content.span, digestBody(shown, isCut));
  let source = whole(content, false);
  for (const rows of ROWS) {
    if (Buffer.byteLength(source) <= LARGEST_HTML) {
      break;
    }
    source = whole(shortened(content, rows), true);
  }
  return source;
}

const shortened = (content: DigestContent, rows: number): DigestContent => ({
  ...content,
  accounts: shorter(content.accounts, rows),
  lists: content.lists.map(({ heading, list }) => ({ heading, list: shorter(list, rows) })),
  mutes: shorter(content.mutes, rows),
});

const shorter = <T>({ rows, more }: Listed<T>, most: number): Listed<T> => ({
  rows: rows.slice(0, most),
  more: more + Math.max(0, rows.length - most),
});
