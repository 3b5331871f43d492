import { SEVERITIES } from "../finding";
import { clip } from "../message/clean";
import { counted } from "../message/words";
import type { DigestContent } from "./content";
import type { Severities } from "./tally";

/** What is said when there is nothing to say. */
const NOTHING = "Nothing is open, and nothing happened";

/** What stands where the mail would have become too long. */
export const CUT_NOTE = "Cut here, or mail programs would hide the rest: the numbers above are complete, the lists are not.";

/** The digest in a sentence. */
export function sentenceOf({ open, added, resolved }: DigestContent): string {
  if (open > 0) {
    return counted(open, "open finding");
  }
  return added + resolved === 0 ? NOTHING : "Nothing is open any more";
}

/** The numbers that people look at first. */
export const figuresOf = ({ open, added, resolved, muted }: DigestContent): readonly { count: number; word: string }[] => [
  { count: open, word: "open" },
  { count: added, word: "new" },
  { count: resolved, word: "resolved" },
  { count: muted, word: "muted" },
];

/** What the numbers do not say by themselves, if there is anything. */
export function remarkOn(content: DigestContent): string | undefined {
  const { untold } = content;
  if (sentenceOf(content) === NOTHING) {
    return "This mail comes all the same: a digest that stays out would look like a fault.";
  }
  return untold > 0
    ? `Not told yet: ${counted(untold, "open finding")} that ${untold === 1 ? "waits or is" : "wait or are"} muted.`
    : undefined;
}

/** `2 critical, 1 high`. */
export const severitiesInWords = (severities: Severities): string =>
  SEVERITIES.toReversed()
    .flatMap((severity) => {
      const count = severities[severity];
      return count === undefined ? [] : [`${count.toLocaleString("en-US")} ${severity.toLowerCase()}`];
    })
    .join(", ");

/** Longest subject: what mail programs show without folding it away. */
const LONGEST_SUBJECT = 150;

/** @example `tocsin digest: 12 open (3 critical), 4 new, 2 resolved · all findings` */
export function digestSubject({ open, critical, added, resolved, route }: DigestContent): string {
  const number = (count: number): string => count.toLocaleString("en-US");
  const grave = critical > 0 ? ` (${number(critical)} critical)` : "";
  const what =
    open + added + resolved === 0 ? "nothing open" : `${number(open)} open${grave}, ${number(added)} new, ${number(resolved)} resolved`;
  const head = `tocsin digest: ${what} · `;
  return head + clip(route, LONGEST_SUBJECT - head.length);
}
