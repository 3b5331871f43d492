import { clip } from "../message/clean";
import type { MessageContent } from "../message/content";
import { html, Markup } from "./html";
import { body } from "./html-part";
import { factRow } from "./parts";
import { OUTLOOK_STYLE_SHEET, STYLE_SHEET, STYLES } from "./style";

/** Gmail cuts a mail off at about 102 KB and hides the rest; the transfer encoding is not counted, the markup of the provider may be. */
export const LARGEST_HTML = 88_000;

/** Invisible filler, so that mail programs do not show the first words of the body behind the preheader. */
const FILLER = new Markup("&#847;&zwnj;&nbsp;".repeat(60));

/** What the list of mails shows behind the subject. */
function preheader({ why, account, region, resources, description }: MessageContent): string {
  const name = account.name === undefined ? account.id : `${account.name} (${account.id})`;
  const where = [name, region, resources[0]?.name].filter(Boolean).join(", ");
  return clip([`${why.word}: ${where}.`, description].filter(Boolean).join(" "), 180);
}

/**
 * A whole page.
 * @param glimpse what the list of mails shows behind the subject.
 */
export const page = (subject: string, glimpse: string, content: Markup): string =>
  html`<!DOCTYPE html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<meta name="x-apple-disable-message-reformatting">
<title>${subject}</title>
<style>${new Markup(STYLE_SHEET)}</style>
<style>${new Markup(OUTLOOK_STYLE_SHEET)}</style>
</head>
<body class="page" style="${STYLES.body}">
<div style="${STYLES.preheader}">${glimpse}${FILLER}</div>
<div role="article" aria-label="${subject}" lang="en" dir="ltr">${content}
</div>
</body>
</html>
`.source;

/** As many rows, from the first on, as there is room for, in bytes. */
export function fittingRows(rows: readonly Markup[], room: number): readonly Markup[] {
  let left = room;
  const end = rows.findIndex((row) => {
    left -= Buffer.byteLength(row.source);
    return left < 0;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

/** The HTML part. Everything but the facts is bounded well below the limit; the facts get the room that is left, and a note says so when it was not enough. */
export function htmlPart(content: MessageContent, subject: string): string {
  const glimpse = preheader(content);
  const rows = content.facts.map(factRow);
  const fitting = fittingRows(rows, LARGEST_HTML - Buffer.byteLength(page(subject, glimpse, body(content, [], true))));
  return page(subject, glimpse, body(content, fitting, content.cut || fitting.length < rows.length));
}
