import type { Severity } from "../finding";
import { SAMPLE_NOTE } from "../message/content";
import { type Element, words } from "./elements";

/** How grave it is, at a glance: a sign, the banner's style and the colour of its words. The word always stands there, too. */
interface Looks {
  readonly sign: string;
  readonly style: "attention" | "warning" | "accent" | "emphasis" | "good";
  readonly color: "Attention" | "Warning" | "Accent" | "Default" | "Good";
}

const LOOKS: Readonly<Record<Severity, Looks>> = {
  CRITICAL: { sign: "🔴", style: "attention", color: "Attention" },
  HIGH: { sign: "🟠", style: "attention", color: "Attention" },
  MEDIUM: { sign: "🟡", style: "warning", color: "Warning" },
  LOW: { sign: "🔵", style: "accent", color: "Accent" },
  INFORMATIONAL: { sign: "⚪", style: "emphasis", color: "Default" },
};
/** A sample must not frighten anybody, whatever its severity. */
const SAMPLE: Looks = { sign: "🟣", style: "emphasis", color: "Default" };
const RESOLVED: Looks = { sign: "✅", style: "good", color: "Good" };

export interface Banner {
  readonly severity: Severity;
  readonly sample: boolean;
  /** Why this is sent, in a word. */
  readonly word: string;
  /** Whether the problem is over. */
  readonly resolved?: boolean;
}

const column = (width: "stretch" | "auto", text: Element): Element => ({ type: "Column", width, items: [text] });

/** The coloured band at the top of a card, and below it what a sample is. */
export function banner({ severity, sample, word, resolved = false }: Banner): Element[] {
  const { sign, style, color } = sample ? SAMPLE : resolved ? RESOLVED : LOOKS[severity];
  const left = `${sign} ${sample ? "[SAMPLE] " : ""}${severity}`;
  return [
    {
      type: "Container",
      style,
      bleed: true,
      items: [
        {
          type: "ColumnSet",
          columns: [
            column("stretch", words(left, { weight: "Bolder", size: "Medium", color })),
            column("auto", words(word, { weight: "Bolder", color, horizontalAlignment: "Right" })),
          ],
        },
      ],
    },
    ...(sample ? [words(SAMPLE_NOTE, { weight: "Bolder" })] : []),
  ];
}
