import { createHash } from "node:crypto";
import { text } from "./read";

/** Longest strings of a finding, in UTF-16 units (see `Finding`). */
export const LONGEST = { title: 256, description: 1024, fact: 512, id: 1024, tag: 256, name: 256 } as const;
/** Longest lists of a finding. */
export const MOST = { resources: 20, facts: 20, tags: 20 } as const;

// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point, all but tab and newline
const CONTROLS_OF_PARAGRAPHS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]+/g;

/** At most `longest` units, marked with "…" where cut, never between the halves of a surrogate pair. */
export function cut(value: string, longest: number): string {
  if (value.length <= longest) return value;
  const end = longest - 1;
  const last = value.charCodeAt(end - 1);
  return `${value.slice(0, last >= 0xd800 && last <= 0xdbff ? end - 1 : end)}…`;
}

/** What the cleaning has to look at: a finding may be 240 KB, of which a few hundred characters are kept. */
const head = (value: string, longest: number): string => (value.length > 4 * longest ? value.slice(0, 4 * longest) : value);

/** Text on a single line, without control characters (a CR or LF in a subject would forge mail headers); "" if there is none. */
export function line(value: unknown, longest: number): string {
  const found = text(value);
  if (found === undefined) return "";
  return cut(head(found, longest).toWellFormed().replace(CONTROLS, " ").replace(/ {2,}/g, " ").trim(), longest);
}

/** Text that may have several lines, without other control characters; "" if there is none. */
export function paragraph(value: unknown, longest: number): string {
  const found = text(value);
  if (found === undefined) return "";
  const lines = head(found, longest)
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029/g, "\n");
  return cut(lines.replace(CONTROLS_OF_PARAGRAPHS, "").trim(), longest);
}

/** An identifier, kept as it is but for control characters. One that is too long ends in a digest of the whole, so that two never become one. */
export function identifier(value: unknown): string | undefined {
  const found = text(value)?.toWellFormed().replace(CONTROLS, "").trim();
  if (found === undefined || found === "") return undefined;
  if (found.length <= LONGEST.id) return found;
  const digest = createHash("sha256").update(found).digest("hex").slice(0, 16);
  return `${cut(found, LONGEST.id - digest.length)}${digest}`;
}

/** An https address, or `undefined` for anything else (other schemes, credentials in it, not an address). */
export function httpsUrl(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > LONGEST.id || !/^https:\/\//i.test(value.trim())) return undefined;
  try {
    const { protocol, username, password, href } = new URL(value.trim());
    return protocol === "https:" && username === "" && password === "" && href.length <= LONGEST.id ? href : undefined;
  } catch {
    return undefined;
  }
}
